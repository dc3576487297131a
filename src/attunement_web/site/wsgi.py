"""What the web server calls."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "attunement_web.site.settings")

from django.conf import settings  # they are named first
from django.core.wsgi import get_wsgi_application

from attunement_web.site import running

if settings.DATA:
    running.serve_from(settings.DATA)
application = get_wsgi_application()
