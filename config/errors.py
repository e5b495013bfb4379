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
from engine.absent import is_away, is_busy, takes_no_changes
from engine.one_line import in_a_line

AWAY = 10  # seconds after which it is worth trying again

logger = logging.getLogger("careline.errors")


def bad_request(request, exception=None):
    """400: the request makes no sense."""
    text = _("Check the address, or start from the beginning.")
    return _answer(request, 400, _("The request could not be read"), text, _("The request could not be read."))


def forbidden(request, exception=None):
    """403: not with these rights."""
    text = _("You are signed in, but this page is not open to your account.")
    return _answer(request, 403, _("Not allowed"), text, _("You may not do this."))


def csrf_failure(request, reason=""):
    """A form whose token is missing or old: nothing was done, the page says how to go on."""
    text = _(
        "For your safety nothing was sent. Go back: what you typed is still there. "
        "Copy longer texts, then reload the page and send it again."
    )
    detail = _("The form was too old or came from elsewhere; nothing was done. Load the page again.")
    return _answer(request, 403, _("The page was open for too long"), text, detail)


def not_found(request, exception=None):
    """404: nothing there, or nothing for this person."""
    text = _("This page does not exist, or you have no access to it. Check the address, or go to the start page.")
    return _answer(request, 404, _("Page not found"), text, _("There is nothing here."))


def not_allowed(request):
    """405: an address that only takes what a form sends."""
    text = _("There is no page at this address, and nothing has changed. Please go back to where you came from.")
    return _answer(request, 405, _("Nothing to read here"), text, _("This address only takes what a form sends."))


def too_many(request):
    """429: too many attempts."""
    text, detail = _("Wait a few minutes and try again."), _("Too many attempts. Wait a few minutes and try again.")
    return _answer(request, 429, _("Too many attempts"), text, detail)


def server_error(request):
    """500: log the error under a reference that the page shows, so that a caller's number leads to the traceback.

    While the database is away, or somebody else holds what is asked for, it is 503 with the same page: it is worth trying again.
    """
    reference = secrets.token_hex(4).upper()
    asked = f"{request.method} {without_secrets(quote(request.path))}"
    error = sys.exc_info()[1]
    if error and (is_away(error) or is_busy(error)):
        # In one line: where it happened says nothing, and every request of an outage comes by here.
        what, for_people = _passing(error)
        logger.error("Error %s: %s: %s: %s", reference, asked, what, in_a_line(error))
        answer = _broken(request, 503, f"{for_people} {_('Nothing was saved halfway.')}", for_people, reference)
        answer["Retry-After"] = str(AWAY)
        return answer
    logger.error("Error %s: %s", reference, asked, exc_info=True)
    text = _("It has been recorded, and nothing was saved halfway. Please try again in a moment.")
    return _broken(request, 500, text, _("Something went wrong on our side."), reference)


def _passing(error):
    """What passes by itself: in words for the log, and for people."""
    if is_busy(error):
        return "the database was busy", _("This took too long and was stopped: something else is at work. Please try again in a moment.")
    if takes_no_changes(error):
        return "the database takes no changes", _("We cannot save anything at the moment. Please try again in some minutes.")
    return "the database is away", _("Our database does not answer at the moment. Please try again.")


def _broken(request, status, text, detail, reference):
    return _answer(request, status, _("Something broke on our side"), text, detail, reference=reference)


def _answer(request, status, title, text, detail, **extra):
    """A problem for programs, with this detail; for people a page with title and text."""
    if request.path.startswith("/api/"):
        problem = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **extra}
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    # Without the request: its context needs session and user, thus the database, which may be what is down.
    context = {"title": title, "text": text, "status": status, "demo": settings.DEMO, "csp_nonce": getattr(request, "csp_nonce", "")}
    try:
        return HttpResponse(render_to_string("error.html", context | extra | {"sent": request.method == "POST"}), status=status)
    except Exception:
        logger.exception("The page of an error cannot be shown")
        text = " ".join([detail, *(f"{name}: {value}" for name, value in extra.items())])
        return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
