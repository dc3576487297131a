"""Forms for coming in, and for one's own ways in, name, address and password."""

from attunement_web.accounts.forms.mine import AppForm, MeForm, NewPasskeyForm
from attunement_web.accounts.forms.proofs import CodeForm, CredentialForm, PasswordForm, SignInForm

__all__ = ["AppForm", "CodeForm", "CredentialForm", "MeForm", "NewPasskeyForm", "PasswordForm", "SignInForm"]
