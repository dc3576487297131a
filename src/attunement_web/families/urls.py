"""Addresses of families."""

from django.urls import path

from attunement_web.families import views

app_name = "families"

urlpatterns = [
    path("", views.home, name="home"),
    path("start/", views.start, name="start"),
    path("child/<uuid:child_id>/about/", views.child, name="child"),
    path("child/<uuid:child_id>/another/", views.another, name="another"),
]
