"""Addresses of the installed app: its manifest, its worker, and the page that needs no network."""

from django.urls import path

from attunement_web.offline import views

app_name = "offline"

urlpatterns = [
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("sw.js", views.worker, name="worker"),
    path("offline/", views.shell, name="shell"),
]
