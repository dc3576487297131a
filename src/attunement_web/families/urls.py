"""Addresses of families."""

from django.urls import path

from attunement_web.families.views import belonging

app_name = "families"

urlpatterns = [
    path("", belonging.home, name="home"),
    path("start/", belonging.start, name="start"),
    path("child/<uuid:child_id>/about/", belonging.child, name="child"),
    path("child/<uuid:child_id>/another/", belonging.another, name="another"),
]
