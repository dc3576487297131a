"""Addresses of families."""

from django.urls import path

from attunement_web.families.views import belonging, consent, invitation, people

app_name = "families"

_SHARING = "child/<uuid:child_id>/sharing/"
_ONE = f"{_SHARING}<uuid:grant_id>/"
_PEOPLE = "child/<uuid:child_id>/people/"
_INVITED = f"{_PEOPLE}invitations/<uuid:invitation_id>/"
_PART = f"{_PEOPLE}<uuid:membership_id>/"

urlpatterns = [
    path("", belonging.home, name="home"),
    path("start/", belonging.start, name="start"),
    path("child/<uuid:child_id>/about/", belonging.child, name="child"),
    path("child/<uuid:child_id>/place/", belonging.place, name="place"),
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
    path(_PEOPLE, people.people, name="people"),
    path(f"{_PEOPLE}invite/", people.invite, name="invite"),
    path(f"{_PEOPLE}leave/", people.leave, name="leave"),
    path(_INVITED, people.invited, name="invited"),
    path(f"{_INVITED}link/", people.invited_link, name="invited_link"),
    path(f"{_INVITED}confirmation/", people.invited_confirmation, name="invited_confirmation"),
    path(f"{_INVITED}end/", people.invited_end, name="invited_end"),
    path(_PART, people.part, name="part"),
    path(f"{_PART}role/", people.part_role, name="part_role"),
    path(f"{_PART}end/", people.part_end, name="part_end"),
    path("almost/", invitation.almost, name="almost"),
    path("invitation/<str:token>/", invitation.invitation, name="invitation"),
]
