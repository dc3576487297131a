"""Addresses of accounts."""

from django.urls import path

from attunement_web.accounts.views import coming, mine, proving

app_name = "accounts"

urlpatterns = [
    path("enter/<str:token>/", coming.enter, name="enter"),
    path("sign-in/", coming.sign_in, name="sign_in"),
    path("sign-in/code/", coming.second, name="second"),
    path("sign-in/passkey/", coming.passkey, name="passkey"),
    path("sign-out/", coming.sign_out, name="sign_out"),
    path("me/", mine.me, name="me"),
    path("me/again/", proving.again, name="again"),
    path("me/second-proof/", proving.surer, name="surer"),
    path("me/ways-in/", mine.ways, name="ways"),
    path("me/ways-in/passkey/", mine.passkey_wanted, name="passkey_wanted"),
    path("me/ways-in/app/", mine.app, name="app"),
    path("me/ways-in/codes/", mine.codes, name="codes"),
    path("me/ways-in/<int:factor_id>/removal/", mine.removal, name="removal"),
    path("me/devices/", mine.devices, name="devices"),
    path("me/devices/others/end/", mine.devices_end, name="devices_end"),
    path("me/devices/<uuid:device_id>/end/", mine.device_end, name="device_end"),
]
