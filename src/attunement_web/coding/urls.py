"""Addresses of coded recordings."""

from django.urls import path

from attunement_web.coding import views

app_name = "coding"

_ONE = "child/<uuid:child_id>/recordings/<uuid:recording_id>/"

urlpatterns = [
    path("child/<uuid:child_id>/recordings/", views.recordings, name="recordings"),
    path(_ONE, views.recording, name="recording"),
    path(f"{_ONE}numbers/", views.numbers, name="numbers"),
    path(f"{_ONE}keeping/", views.keeping, name="keeping"),
    path(f"{_ONE}removal/", views.removal, name="removal"),
    path(f"{_ONE}return/", views.back_again, name="return"),
]
