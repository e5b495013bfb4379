"""Template context available on every page."""

from django.conf import settings
from django.utils import timezone

from desk.pages import rail
from estate.demo import logins
from partners import company, sign_in_settings
from policies.models import PolicyValue


def careline(request):
    """Return: whether this is the demo (with mailbox and logins); the CSP nonce; the area ("desk" or "portal") of a signed-in person and
    the base template (shell) for it; the pages of their company; the desk's rail; how to reach Customer Care without signing in; the
    minutes for which a code is valid; and the hours after which an unused session ends.

    Values that need a database query are lazy.
    """
    return {
        "demo": settings.DEMO,
        "demo_logins": demo_logins,
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "area": lambda: request.user.area,
        "shell": lambda: f"{request.user.area}/base.html",
        "company_pages": company.links,
        "desk_rail": lambda: rail.views(request.user),
        "care_contact": lambda: PolicyValue.objects.book(on=timezone.now().date(), code="sign_in.contact").value("sign_in.contact"),
        "code_minutes": sign_in_settings.minutes,
        "session_idle_hours": settings.SESSION_IDLE_HOURS,
    }


def demo_logins():
    """Return the demo's accounts for the sign-in page: a list of name, role, email, password."""
    if not settings.DEMO:
        return []
    return [{"name": login.name, "role": login.what, "email": login.email, "password": logins.PASSWORD} for login in logins.existing()]
