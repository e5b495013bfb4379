"""Who may enter which pages: contacts the portal, staff the desk. To everybody else a page does not exist."""

from functools import wraps
from http import HTTPStatus
from urllib.parse import urlsplit, urlunsplit

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 8000  # what servers read of an address at least (RFC 9110, 4.1)


def sign_in(request):
    """To the sign-in, and from there back to the page: after a form that was sent too late to the page it stood on.

    A part of a page that is asked for gets 401: the sign-in page is not to stand in its place.
    """
    if request.htmx:
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
    back = request.get_full_path() if request.method in ("GET", "HEAD") else _page_of_the_form(request)
    answer = redirect_to_login(back)
    return answer if len(answer.url) < LONGEST else redirect_to_login(urlsplit(back).path)


def _page_of_the_form(request):
    """The path of the page that sent the form, or the first page."""
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return resolve_url("home")
    parts = urlsplit(came_from)
    return urlunsplit(("", "", parts.path, parts.query, ""))


def sign_in_required(view):
    """For everybody who has signed in; what each may see is the queryset's business."""

    @wraps(view)
    def gated(request, *args, **kwargs):
        return view(request, *args, **kwargs) if request.user.is_authenticated else sign_in(request)

    return gated


def contact_required(view):
    """For partners' contacts. The anonymous are asked to sign in, staff are sent to their desk."""

    @sign_in_required
    @wraps(view)
    def gated(request, *args, **kwargs):
        return redirect("home") if request.user.is_care else view(request, *args, **kwargs)

    return gated


def care_required(view):
    """For staff. The anonymous are asked to sign in; for a contact there is nothing here."""

    @sign_in_required
    @wraps(view)
    def gated(request, *args, **kwargs):
        if not request.user.is_care:
            raise Http404
        return view(request, *args, **kwargs)

    return gated


def admin_required(view):
    """For administrators. To the rest of the care team the page does not exist either."""

    @care_required
    @wraps(view)
    def gated(request, *args, **kwargs):
        if not request.user.is_staff:
            raise Http404
        return view(request, *args, **kwargs)

    return gated
