"""One's own name, address and password; passkeys and codes; and the devices on which one is signed in."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from attunement_web.accounts import actions, bridge, queries
from attunement_web.accounts.access import ask_again, came_by_link, is_fresh, is_sure_enough, own_ways_guarded
from attunement_web.accounts.forms import AppForm, MeForm, NewPasskeyForm
from attunement_web.accounts.models.devices import device_of
from attunement_web.shell.views import tell

SECRET = "app_secret"  # in the session, until the app has shown its first code


@sensitive_post_parameters("password", "current")
def me(request: HttpRequest) -> HttpResponse:
    machine = actions.machine_of(request)
    form = MeForm(request.POST or None, person=request.user, machine=machine, forgot=came_by_link(request))
    if form.is_valid():
        if not (form.leaves_ways_in or form.is_proof or is_fresh(request)):
            return ask_again(request)
        if form.finds_it_free():
            return _changed(request, form)
    page = {"form": form, "link_is_enough": not settings.HTTPS_OWN}
    return render(request, "accounts/me.html", page, status=422 if form.is_bound else 200)


def _changed(request: HttpRequest, form: MeForm) -> HttpResponse:
    was_in = is_sure_enough(request.user, request.session)
    if form.is_proof:
        actions.prove(request=request, person=request.user, way="password", strong=False)
    person = actions.change_person(person=request.user, by=request.user, **form.wanted)
    update_session_auth_hash(request, person)
    tell(request, _("Kept."))
    return redirect("accounts:me" if was_in else "families:home")


@own_ways_guarded
def ways(request: HttpRequest) -> HttpResponse:
    """Passkeys, app and recovery codes; POST adds the passkey that the browser just made."""
    form = NewPasskeyForm(request.POST or None)
    if form.is_valid():
        if actions.add_passkey(person=request.user, by=request.user, **form.cleaned_data):
            return _added(request, _("Kept. From now on this passkey lets you in."))
        form.add_error(None, _("That did not work. Nothing was changed; please try again."))
    page = {"form": form, **queries.ways_in(request.user)}
    return render(request, "accounts/ways.html", page, status=422 if form.is_bound else 200)


@own_ways_guarded
def passkey_wanted(request: HttpRequest) -> HttpResponse:
    """What the browser needs to make a passkey."""
    return JsonResponse(bridge.passkey_wanted(request.user))


@sensitive_post_parameters("code")
@own_ways_guarded
def app(request: HttpRequest) -> HttpResponse:
    """An authenticator app: show the secret once, keep it when the app answers with the right code."""
    if bridge.APP in queries.kinds_of(request.user):
        return redirect("accounts:ways")
    secret = request.session.setdefault(SECRET, bridge.new_secret())
    form = AppForm(request.POST or None)
    if form.is_valid():
        if actions.add_app(person=request.user, secret=secret, code=form.cleaned_data["code"], by=request.user):
            del request.session[SECRET]
            return _added(request, _("Kept. From now on we ask for a code of this app after your password."))
        form.add_error("code", _("This code does not fit. Each one lasts half a minute; please try the next."))
    picture = mark_safe(bridge.picture_of(secret, request.user))
    page = {"form": form, "secret": secret, "picture": picture}
    return render(request, "accounts/app.html", page, status=422 if form.is_bound else 200)


@require_POST
@own_ways_guarded
def removal(request: HttpRequest, factor_id: int) -> HttpResponse:
    if actions.remove_factor(person=request.user, factor_id=factor_id, by=request.user):
        tell(request, _("Removed. It lets nobody in any more."))
    else:
        tell(request, _("This one stays: add another way first, and then remove this one."))
    return redirect("accounts:ways")


@own_ways_guarded
def codes(request: HttpRequest) -> HttpResponse:
    """The recovery codes that still work; POST makes new ones."""
    if not queries.kinds_of(request.user):
        return redirect("accounts:ways")
    if request.method == "POST":
        actions.renew_codes(person=request.user, by=request.user)
        tell(request, _("These are new. The codes from before open nothing any more."))
        return redirect("accounts:codes")
    return render(request, "accounts/codes.html", {"codes": bridge.codes_of(request.user)})


def devices(request: HttpRequest) -> HttpResponse:
    page = {
        "devices": queries.devices_of(request.user), "this": device_of(request.session),
        "keys": queries.keys_of(request.user),
    }  # fmt: skip
    return render(request, "accounts/devices.html", page)


@require_POST
def device_end(request: HttpRequest, device_id: UUID) -> HttpResponse:
    if not actions.end_device(person=request.user, device_id=device_id, by=request.user):
        raise Http404
    if device_id == device_of(request.session):
        request.session.flush()
        return redirect("accounts:sign_in")
    tell(request, _("Signed out there."))
    return redirect("accounts:devices")


@require_POST
def devices_end(request: HttpRequest) -> HttpResponse:
    ended = actions.end_devices(person=request.user, by=request.user, but=device_of(request.session))
    if "ends_keys" in request.POST:
        actions.end_keys(person=request.user, by=request.user)
    tell(request, ngettext("Signed out on one other device.", "Signed out on %(ended)d other devices.", ended)
         % {"ended": ended} if ended else _("You were signed in only here."))  # fmt: skip
    return redirect("accounts:devices")


def _added(request: HttpRequest, words: str) -> HttpResponse:
    """Whoever has just made one holds it in her hand."""
    actions.prove(request=request, person=request.user, way="new", strong=True)
    tell(request, words)
    return redirect("accounts:codes")
