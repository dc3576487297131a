"""Addresses of families."""

from django.urls import path

from attunement_web.families.views import belonging, consent, invitation

app_name = "families"

_SHARING = "child/<uuid:child_id>/sharing/"
_ONE = f"{_SHARING}<uuid:grant_id>/"

urlpatterns = [
    path("", belonging.home, name="home"),
    path("start/", belonging.start, name="start"),
    path("child/<uuid:child_id>/about/", belonging.child, name="child"),
    path("child/<uuid:child_id>/another/", belonging.another, name="another"),
    path("child/<uuid:child_id>/who-looked/", consent.who_looked, name="who_looked"),
    path(_SHARING, consent.sharing, name="sharing"),
    path(f"{_SHARING}give/", consent.give, name="give"),
    path(_ONE, consent.grant, name="grant"),
    path(f"{_ONE}link/", consent.link, name="link"),
    path(f"{_ONE}confirmation/", consent.confirmation, name="confirmation"),
    path(f"{_ONE}pause/", consent.pause, name="pause"),
    path(f"{_ONE}resumption/", consent.resumption, name="resumption"),
    path(f"{_ONE}end/", consent.end, name="end"),
    path("invitation/<str:token>/", invitation.invitation, name="invitation"),
]
