"""The address of Today."""

from django.urls import path

from attunement_web.today import views

app_name = "today"

urlpatterns = [path("child/<uuid:child_id>/", views.today, name="today")]
