"""The user's own sessions, which can be ended individually. Other users' sessions are never accessible here."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partners import sessions as services
from partners import sign_in_log
from partners.gates import sign_in_required
from partners.users import digest_of

SHOWN = 50
OTHERS = "others"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
def sessions(request):
    """List the sessions, the current one first. A POST ends the one named by `end`, or all others."""
    found = [_row(request, one) for one in services.active(request.user, now=timezone.now())[:SHOWN]]
    if request.method == "POST":
        if message := _end(request, found):
            sign_in_log.log_event("signed out elsewhere", request, request.user)
            messages.success(request, message)
        else:
            messages.info(request, _("That session has already ended."))
        return redirect("sessions")
    found.sort(key=lambda row: not row["is_this"])
    context = {"sessions": found, "shown": SHOWN, "others": OTHERS, "idle_hours": settings.SESSION_IDLE_HOURS}
    return render(request, "account/sessions.html", context)


def _row(request, session):
    is_this = session.session_key == request.session.session_key
    return {"session": session, "is_this": is_this, "name": digest_of(session.session_key)[:16]}  # the key itself would give access


def _end(request, rows):
    """End the session named in the request, or all others, and return a message; falsy if there was nothing left to end."""
    name = request.POST.get("end")
    if name == OTHERS:
        return services.end(request.user, but=request.session.session_key) and _("You are signed out everywhere else.")
    one = next((row["session"] for row in rows if row["name"] == name and not row["is_this"]), None)
    return one and one.delete()[0] and _("Signed out: %(browser)s.") % {"browser": one.browser}
