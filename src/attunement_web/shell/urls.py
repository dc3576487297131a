"""Addresses of the shell."""

from django.urls import path

from attunement_web.shell import views

app_name = "shell"

urlpatterns = [
    path("look/", views.look, name="look"),
    path("gallery/", views.gallery, name="gallery"),
]
