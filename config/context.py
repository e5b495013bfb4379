"""What every page may read besides its own context."""

from django.conf import settings
from django.utils import timezone

from desk.pages import rail
from estate.demo import logins
from partners import code_policy, company
from policies.models import PolicyValue


def careline(request):
    """Whether this is the demo (it links to the mailbox page and shows its logins), the nonce for scripts (CSP), where somebody who is
    signed in works (area: "desk" or "portal") and the page around that (shell), the pages of one's company, the desk's rail, how Customer
    Care is reached by who cannot sign in, for how many minutes a code is good, and after how many hours an unused session ends.

    What asks the database does so only where a template shows it.
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
        "code_minutes": code_policy.minutes,
        "session_idle_hours": settings.SESSION_IDLE_HOURS,
    }


def demo_logins():
    """The demo's accounts for the sign-in page: a list of name, role, email, password. Asked by that page only."""
    if not settings.DEMO:
        return []
    return [{"name": login.name, "role": login.what, "email": login.email, "password": logins.PASSWORD} for login in logins.existing()]
