"""Addresses of the content."""

from django.urls import path

from attunement_web.learning import views

app_name = "learning"

urlpatterns = [
    path("child/<uuid:child_id>/ideas/", views.ideas, name="ideas"),
    path("child/<uuid:child_id>/ask/", views.ask, name="ask"),
    path("learn/", views.learn, name="learn"),
    path("learn/<slug:topic_id>/", views.topic, name="topic"),
    path("help/now/", views.urgent, name="urgent"),
    path("help/unsafe/", views.unsafe, name="unsafe"),
]
