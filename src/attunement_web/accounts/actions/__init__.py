"""What changes about people, their ways in and their devices."""

from attunement_web.accounts.actions.devices import begin_device, end_device, end_devices, prove, sign_in
from attunement_web.accounts.actions.factors import (
    add_app,
    add_passkey,
    forget_second_factor,
    remove_factor,
    renew_codes,
    show_code,
)
from attunement_web.accounts.actions.people import (
    LINK_LASTS,
    change_person,
    create_person,
    end_keys,
    end_sign_in_links,
    make_practitioner,
    make_sign_in_link,
    person_of_household,
    use_sign_in_link,
)
from attunement_web.accounts.actions.tries import TooManyTries, Try, machine_of

__all__ = [
    "LINK_LASTS",
    "TooManyTries",
    "Try",
    "add_app",
    "add_passkey",
    "begin_device",
    "change_person",
    "create_person",
    "end_device",
    "end_devices",
    "end_keys",
    "end_sign_in_links",
    "forget_second_factor",
    "machine_of",
    "make_practitioner",
    "make_sign_in_link",
    "person_of_household",
    "prove",
    "remove_factor",
    "renew_codes",
    "show_code",
    "sign_in",
    "use_sign_in_link",
]
