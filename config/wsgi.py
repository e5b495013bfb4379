"""The WSGI entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings

from config.bodies import WholeBodies
from config.database import OF_PAGES, limit

limit(settings.DATABASES["default"], OF_PAGES | {"statement_timeout": round(settings.LISTING_SECONDS * 1000)})
application = WholeBodies(get_wsgi_application())
