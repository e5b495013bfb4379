"""Where somebody is signed in: the sessions of whoever asks, to be ended one by one. Another person's do not exist here."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partners import door_log
from partners import sessions as services
from partners.gates import sign_in_required
from partners.users import digest_of

SHOWN = 50
OTHERS = "others"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
def sessions(request):
    """The list, with the session that asks first. A POST ends the one that it names as `end`, or all others."""
    found = [_row(request, one) for one in services.running(request.user, now=timezone.now())[:SHOWN]]
    if request.method == "POST":
        if said := _end(request, found):
            door_log.tell("signed out elsewhere", request, request.user)
            messages.success(request, said)
        else:
            messages.info(request, _("You are not signed in there any more."))
        return redirect("sessions")
    found.sort(key=lambda row: not row["is_this"])
    context = {"sessions": found, "shown": SHOWN, "others": OTHERS, "idle_hours": settings.SESSION_IDLE_HOURS}
    return render(request, "account/sessions.html", context)


def _row(request, session):
    is_this = session.session_key == request.session.session_key
    return {"session": session, "is_this": is_this, "name": digest_of(session.session_key)[:16]}  # the key itself would open it


def _end(request, rows):
    """What was ended, for people; "" where there was nothing to end any more."""
    name = request.POST.get("end")
    if name == OTHERS:
        return services.end(request.user, but=request.session.session_key) and _("You are signed out everywhere else.")
    one = next((row["session"] for row in rows if row["name"] == name and not row["is_this"]), None)
    return one and one.delete()[0] and _("Signed out: %(browser)s.") % {"browser": one.browser}
