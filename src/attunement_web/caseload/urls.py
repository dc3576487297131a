"""Addresses of the caseload; a child is `shared_id` here, so that nothing takes her for one of the reader's own."""

from django.urls import path

from attunement_web.caseload import views

app_name = "caseload"

_ONE = "caseload/<uuid:shared_id>/"

urlpatterns = [
    path("caseload/", views.children, name="children"),
    path(_ONE, views.child, name="child"),
    path(f"{_ONE}moments/", views.moments, name="moments"),
    path(f"{_ONE}picture/", views.picture, name="picture"),
    path(f"{_ONE}milestones/", views.milestones, name="milestones"),
    path(f"{_ONE}recordings/", views.recordings, name="recordings"),
    path(f"{_ONE}reports/", views.reports, name="reports"),
    path(f"{_ONE}reports/<uuid:recording_id>/", views.report, name="report"),
]
