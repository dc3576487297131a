"""What the web server calls."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "attunement_web.site.settings")

from django.conf import settings  # they are named first
from django.core.wsgi import get_wsgi_application

from attunement_web.site import running
from attunement_web.site.logs import App

if settings.DATA:
    running.serve_from(settings.DATA)


def _site() -> App:
    site = get_wsgi_application()
    from attunement_web.api.views.quick import quickly  # its tables need the site to be set up

    return quickly(site)


application = _site()
