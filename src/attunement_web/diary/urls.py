"""Addresses of the diary: a note, its steps, the timeline, the picture."""

from django.urls import path

from attunement_web.diary import views

app_name = "diary"

_ONE = "child/<uuid:child_id>/moments/<uuid:moment_id>/"

urlpatterns = [
    path("child/<uuid:child_id>/note/", views.note, name="note"),
    path("child/<uuid:child_id>/moments/", views.moments, name="moments"),
    path("child/<uuid:child_id>/moments/taken-away/", views.taken_away, name="taken_away"),
    path("child/<uuid:child_id>/picture/", views.picture, name="picture"),
    path(_ONE, views.moment, name="moment"),
    path(f"{_ONE}answer/", views.answer, name="answer"),
    path(f"{_ONE}ending/", views.ending, name="ending"),
    path(f"{_ONE}mending/", views.mending, name="mending"),
    path(f"{_ONE}kept/", views.kept, name="kept"),
    path(f"{_ONE}versions/<uuid:version_id>/", views.version, name="version"),
    path(f"{_ONE}day/", views.day, name="day"),
    path(f"{_ONE}child/", views.whose, name="whose"),
    path(f"{_ONE}removal/", views.removal, name="removal"),
    path(f"{_ONE}return/", views.back_again, name="return"),
]
