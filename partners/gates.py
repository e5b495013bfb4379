"""Access to pages: contacts enter the portal, staff enter the desk. For everyone else a page does not exist."""

from functools import wraps
from http import HTTPStatus
from urllib.parse import urlsplit, urlunsplit

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 8000  # the length of a URI that servers support at least (RFC 9110, 4.1)


def sign_in(request):
    """Redirect to sign-in and from there back to the page; after a form submitted too late, back to the page that contained it.

    A request for a page fragment gets 401, so that the sign-in page does not appear in its place.
    """
    if request.htmx:
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
    back = request.get_full_path() if request.method in ("GET", "HEAD") else _page_of_the_form(request)
    answer = redirect_to_login(back)
    return answer if len(answer.url) < LONGEST else redirect_to_login(urlsplit(back).path)


def _page_of_the_form(request):
    """Return the path of the page that submitted the form, or the home page."""
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return resolve_url("home")
    parts = urlsplit(came_from)
    return urlunsplit(("", "", parts.path, parts.query, ""))


def sign_in_required(view):
    """Admit every signed-in user; row-level access is up to the queryset."""

    @wraps(view)
    def gated(request, *args, **kwargs):
        return view(request, *args, **kwargs) if request.user.is_authenticated else sign_in(request)

    return gated


def contact_required(view):
    """Admit partners' contacts. Anonymous users are asked to sign in, staff are redirected to the desk."""

    @sign_in_required
    @wraps(view)
    def gated(request, *args, **kwargs):
        return redirect("home") if request.user.is_care else view(request, *args, **kwargs)

    return gated


def care_required(view):
    """Admit staff. Anonymous users are asked to sign in; for contacts the page does not exist."""

    @sign_in_required
    @wraps(view)
    def gated(request, *args, **kwargs):
        if not request.user.is_care:
            raise Http404
        return view(request, *args, **kwargs)

    return gated


def admin_required(view):
    """Admit administrators. For the rest of the care team the page does not exist."""

    @care_required
    @wraps(view)
    def gated(request, *args, **kwargs):
        if not request.user.is_staff:
            raise Http404
        return view(request, *args, **kwargs)

    return gated
