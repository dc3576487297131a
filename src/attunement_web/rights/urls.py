"""Addresses of a copy, of erasing, and of what waits to be erased."""

from django.urls import path

from attunement_web.rights import views

app_name = "rights"

urlpatterns = [
    path("child/<uuid:child_id>/copy/", views.copy, name="copy"),
    path("child/<uuid:child_id>/erase/", views.erase, name="erase"),
    path("erasing/", views.waiting, name="waiting"),
    path("erasing/<uuid:erasure_id>/undo/", views.undo, name="undo"),
]
