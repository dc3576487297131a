"""What the web server calls."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "attunement_web.site.settings")

from django.core.wsgi import get_wsgi_application  # settings are named first

application = get_wsgi_application()
