"""What people and programs read when something goes wrong; the path decides which of the two (RFC 9457 for /api/)."""

import logging
import secrets
import sys
from http import HTTPStatus
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from config.access_log import without_secrets
from engine.absent import is_away

AWAY = 10  # seconds after which it is worth trying again

logger = logging.getLogger("careline.errors")


def bad_request(request, exception=None):
    """400: the request makes no sense."""
    return _answer(request, 400, "400.html", _("The request could not be read."))


def forbidden(request, exception=None):
    """403: not with these rights."""
    return _answer(request, 403, "403.html", _("You may not do this."))


def csrf_failure(request, reason=""):
    """A form whose token is missing or old: nothing was done, the page says how to go on."""
    return _answer(request, 403, "403_csrf.html", _("The form was too old or came from elsewhere; nothing was done. Load the page again."))


def not_found(request, exception=None):
    """404: nothing there, or nothing for this person."""
    return _answer(request, 404, "404.html", _("There is nothing here."))


def not_allowed(request):
    """405: an address that only takes what a form sends."""
    return _answer(request, 405, "405.html", _("This address only takes what a form sends."))


def too_many(request):
    """429: too many attempts."""
    return _answer(request, 429, "429.html", _("Too many attempts. Wait a few minutes and try again."))


def server_error(request):
    """500: log the error under a reference that the page shows, so that a caller's number leads to the traceback.

    While the database is away it is 503 with the same page: programs then know that it is worth trying again.
    """
    reference = secrets.token_hex(4).upper()
    asked = f"{request.method} {without_secrets(quote(request.path))}"
    error = sys.exc_info()[1]
    if error and is_away(error):  # in one line: where it happened says nothing, and every request of an outage comes by here
        logger.error("Error %s: %s: the database is away: %s", reference, asked, " ".join(str(error).split()))
        answer = _answer(request, 503, "500.html", _("Our database does not answer at the moment. Please try again."), reference=reference)
        answer["Retry-After"] = str(AWAY)
        return answer
    logger.error("Error %s: %s", reference, asked, exc_info=True)
    return _answer(request, 500, "500.html", _("Something went wrong on our side."), reference=reference)


def _answer(request, status, template, detail, **extra):
    if request.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **extra}
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    # Without the request: its context needs session and user, thus the database, which may be what is down.
    context = {"detail": detail, "status": status, "demo": settings.DEMO, "csp_nonce": getattr(request, "csp_nonce", ""), **extra}
    context["sent"] = request.method == "POST"
    try:
        return HttpResponse(render_to_string(template, context), status=status)
    except Exception:
        logger.exception("The page %s cannot be shown", template)
        text = " ".join([detail, *(f"{name}: {value}" for name, value in extra.items())])
        return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
