"""The yardstick: a bare Django page, 25 rows from one indexed query, without middleware, session or user."""

import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.template import Context, Engine
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
settings.ROOT_URLCONF, settings.MIDDLEWARE = "bench.bare", []
PAGE = "<table>{% for did in dids %}<tr><td>{{ did.number }}</td><td>{{ did.kind }}</td><td>{{ did.country }}</td></tr>{% endfor %}</table>"
template = Engine(autoescape=True).from_string(PAGE)


def rows(request):
    """The first 25 numbers."""
    from classound.models import Did  # there only once Django is set up

    return HttpResponse(template.render(Context({"dids": Did.objects.order_by("number").only("number", "kind", "country")[:25]})))


urlpatterns = [path("", rows)]
application = WSGIHandler()
