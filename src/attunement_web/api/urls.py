"""Addresses of the keys' page; those for programs are in `views.v1`."""

from django.urls import path

from attunement_web.api.views import tokens

app_name = "api"

urlpatterns = [
    path("child/<uuid:child_id>/programs/", tokens.tokens, name="tokens"),
    path("child/<uuid:child_id>/programs/<uuid:token_id>/end/", tokens.end, name="end"),
]
