"""The WSGI entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings

from config.database import OF_PAGES, limit
from config.loading import loading
from config.request_bodies import CompleteBodies

limit(settings.DATABASES["default"], OF_PAGES | {"statement_timeout": round(settings.LISTING_SECONDS * 1000)})
with loading():
    application = CompleteBodies(get_wsgi_application())
