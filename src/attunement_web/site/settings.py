"""The site's settings: one file, read from the environment, loud on a wrong value.

ATTUNEMENT_DATA           folder of this household: db.sqlite3, secret-key, static/, uploads/ (empty but while a file
                          is read). Unset: nothing is written, the database lives in memory (tests, makemigrations)
DATABASE_URL              postgresql://person:password@host/name instead of db.sqlite3 in the folder
ATTUNEMENT_ALLOWED_HOSTS  names this site answers to, separated by commas (default: this machine only)
ATTUNEMENT_HTTPS          1 when something before it speaks HTTPS: secure cookies, HSTS, and its word on who calls;
                          `serve --certificate` sets it to own: the same, and no other's word is taken
ATTUNEMENT_TIME_ZONE      for example Europe/Madrid (default: this machine's own); each family has its own as well
ATTUNEMENT_SECRET_KEY     instead of the secret-key file
ATTUNEMENT_LEDGER_KEY     instead of the ledger-key file, which seals the ledger; it has to stay the same for ever
ATTUNEMENT_BACKUPS        folder for the backups of each night (default: backups in ATTUNEMENT_DATA)
ATTUNEMENT_DEBUG          1 while developing; refused together with HTTPS
"""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from attunement_web.site import database, environment, native

native.use_newer_sqlite()

DATA = environment.folder("DATA")
DEBUG = environment.switch("DEBUG")
HTTPS_OWN = environment.text("HTTPS") == environment.OWN
HTTPS = HTTPS_OWN or environment.switch("HTTPS")
BEHIND_PROXY = HTTPS and not HTTPS_OWN  # who stands before us says who calls, and how; anybody could where nobody does
if DEBUG and HTTPS:
    raise ImproperlyConfigured("ATTUNEMENT_DEBUG shows too much to be used together with ATTUNEMENT_HTTPS")
SECRET_KEY = environment.secret_key(DATA)
LEDGER_KEY = environment.ledger_key(DATA)  # never renewed: it seals what was written
ALLOWED_HOSTS = environment.several("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")

INSTALLED_APPS = [
    "attunement_web.shell",
    "attunement_web.ledger",
    "attunement_web.accounts",
    "attunement_web.families",
    "attunement_web.diary",
    "attunement_web.milestones",
    "attunement_web.learning",
    "attunement_web.coding",
    "attunement_web.sync",
    "attunement_web.today",
    "attunement_web.caseload",
    "attunement_web.offline",
    "attunement_web.api",
    "attunement_web.rights",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",  # allauth.mfa stands on it; none of its pages is reachable
    "allauth.mfa",
]
MIDDLEWARE = [
    "attunement_web.api.middleware.straight",  # programs are answered here; all below is for pages
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads at random, and the CSRF token is masked: no BREACH
    "attunement_web.shell.middleware.private_pages",
    "attunement_web.shell.middleware.no_foreign_writes",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "attunement_web.accounts.middleware.somebody_acts",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",  # a view is open to strangers only when it says so
    "allauth.account.middleware.AccountMiddleware",
    "attunement_web.site.policies.DeclaredOnly",
    "attunement_web.accounts.middleware.SignedInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "attunement_web.families.middleware.ChildSeenMiddleware",
]
ROOT_URLCONF = "attunement_web.site.urls"
WSGI_APPLICATION = "attunement_web.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "attunement_web.families.middleware.children_at_hand",
            ],
        },
    },
]
FORM_RENDERER = "attunement_web.shell.forms.Renderer"

DATABASES = {"default": database.chosen(DATA)}
BACKUPS = environment.place("BACKUPS", DATA / "backups" if DATA else None)

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ["email", "name"]}},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "families:home"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
USE_TZ = True
TIME_ZONE = environment.time_zone("TIME_ZONE")

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static" if DATA else None
_HASHED = "attunement_web.site.storage.HashedStorage"
_PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # no upload is ever stored
    "staticfiles": {"BACKEND": _HASHED if DATA and not DEBUG else _PLAIN},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DATA is None or DEBUG

LARGEST_UPLOAD = 64 * 2**20  # bytes; a day of dense coding takes 20 MB
UPLOADS = environment.private_folder(DATA, "uploads")  # only while a file is read
FILE_UPLOAD_TEMP_DIR = UPLOADS
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "attunement_web.site.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FILES = 1

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
MFA_ADAPTER = "attunement_web.accounts.bridge.Adapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # finger, face or PIN: a passkey is then two proofs in one
MFA_TOTP_TOLERANCE = 1  # half a minute either way: phones' clocks differ a little
MFA_TOTP_ISSUER = "Attunement"
SESSION_ENGINE = "attunement_web.accounts.models.devices"
_HOST = "__Host-" if HTTPS else ""  # browsers then take them over HTTPS only, and from this very name
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_HOST}sessionid", f"{_HOST}csrftoken"
LANGUAGE_COOKIE_NAME, LOOK_COOKIE_NAME = f"{_HOST}django_language", f"{_HOST}look"
SESSION_COOKIE_AGE = 90 * 24 * 3600  # a phone by the crib stays signed in
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked on this machine, beside whatever speaks HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "attunement_web.shell.views.stale_form"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # words stay on our side, not in a cookie
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "attunement_web.site.logs.OneLine"}, "open": {}},
    "handlers": {"stderr": {"class": "attunement_web.site.logs.Stderr", "formatter": "open" if DEBUG else "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "attunement": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "django.security.csrf": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
    },
}
