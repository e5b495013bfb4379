"""Error pages for people and error responses for programs (RFC 9457), chosen by the path (/api/)."""

import logging
import secrets
import sys
from http import HTTPStatus
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from config.access_log import redact_secrets
from engine.outages import is_busy, is_read_only, is_unavailable
from engine.single_line import single_line

AWAY = 10  # seconds after which a retry makes sense

logger = logging.getLogger("careline.errors")


def bad_request(request, exception=None):
    """400: the request is malformed."""
    text = _("Check the address, or go to the start page.")
    return _answer(request, 400, _("Invalid request"), text, _("The request is invalid."))


def forbidden(request, exception=None):
    """403: the user lacks permission."""
    text = _("Your account does not have access to this page.")
    return _answer(request, 403, _("Not allowed"), text, _("You do not have permission to do this."))


def csrf_failure(request, reason=""):
    """403: a form's token is missing or expired; nothing was done, and the page says how to continue."""
    text = _(
        "For your security, nothing was sent. Go back: your input is still there. "
        "Copy longer texts, then reload the page and send the form again."
    )
    detail = _("The form has expired or came from another site. Nothing was done. Reload the page.")
    return _answer(request, 403, _("This page has expired"), text, detail)


def not_found(request, exception=None):
    """404: there is no such page, or not for this person."""
    text = _("This page does not exist, or you have no access to it. Check the address, or go to the start page.")
    return _answer(request, 404, _("Page not found"), text, _("Not found."))


def not_allowed(request):
    """405: an address that only accepts forms."""
    text = _("There is no page at this address, and nothing was changed. Go back to the previous page.")
    return _answer(request, 405, _("No page here"), text, _("This address only accepts form submissions."))


def too_many(request):
    """429: too many attempts."""
    text, detail = _("Wait a few minutes and try again."), _("Too many attempts. Wait a few minutes and try again.")
    return _answer(request, 429, _("Too many attempts"), text, detail)


def server_error(request):
    """500: log the error under a reference that the page shows, which leads support to the traceback.

    If the database is unavailable or busy, it is a 503 with the same page, since a retry makes sense.
    """
    reference = secrets.token_hex(4).upper()
    asked = f"{request.method} {redact_secrets(quote(request.path))}"
    error, title = sys.exc_info()[1], _("Something went wrong on our side")
    if error and (is_unavailable(error) or is_busy(error)):
        # One line without traceback: the place is irrelevant, and every request during an outage fails.
        what, detail = _passing(error)
        logger.error("Error %s: %s: %s: %s", reference, asked, what, single_line(error))
        answer = _answer(request, 503, title, f"{detail} {_('No partial changes were saved.')}", detail, reference=reference)
        answer["Retry-After"] = str(AWAY)
        return answer
    logger.error("Error %s: %s", reference, asked, exc_info=True)
    text = _("The error has been recorded, and no partial changes were saved. Try again in a moment.")
    return _answer(request, 500, title, text, _("Something went wrong on our side."), reference=reference)


def _passing(error):
    """Return a description of a passing error for the log, and one for people."""
    if is_busy(error):
        return "the database was busy", _("This took too long and was stopped, as the system is busy. Try again in a moment.")
    if is_read_only(error):
        return "the database is read-only or full", _("We cannot save anything at the moment. Try again in a few minutes.")
    return "the database is unavailable", _("Our database is not available at the moment. Try again in a moment.")


def _answer(request, status, title, text, detail, **extra):
    """Return a problem with this detail for programs, a page with title and text for people."""
    if request.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **extra}
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    # Rendered without the request: its context needs session and user, and so the database, which may be down.
    context = {"title": title, "text": text, "status": status, "demo": settings.DEMO, "csp_nonce": getattr(request, "csp_nonce", "")}
    try:
        return HttpResponse(render_to_string("error.html", context | extra | {"sent": request.method == "POST"}), status=status)
    except Exception:
        logger.exception("The error page could not be rendered")
        text = " ".join([detail, *(f"{name}: {value}" for name, value in extra.items())])
        return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
