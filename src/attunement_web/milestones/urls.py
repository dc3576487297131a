"""Addresses of the milestones."""

from django.urls import path

from attunement_web.milestones import views

app_name = "milestones"

urlpatterns = [
    path("child/<uuid:child_id>/milestones/", views.listing, name="list"),
    path("child/<uuid:child_id>/milestones/<slug:milestone_id>/", views.one, name="one"),
    path("child/<uuid:child_id>/milestones/<slug:milestone_id>/answer/", views.answer, name="answer"),
    path("child/<uuid:child_id>/milestones/<slug:milestone_id>/removal/", views.removal, name="removal"),
]
