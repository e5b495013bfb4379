"""Mentions in internal notes, "@" and the full name of a care team member: the person is notified."""

from desk.models import Notice
from desk.services.notices import notice, notify_all
from partners.models import User
from web.user_input import parse_text

SHOWN = 8


def people(query=""):
    """Return the active staff whose names contain the text, for the list that `@@` opens."""
    staff = User.objects.care()
    words = parse_text(query)
    return list((staff.filter(full_name__icontains=words) if words else staff).order_by("full_name")[:SHOWN])


def mentioned(text):
    """Return the staff mentioned in a text: only active ones, whatever the browser sent."""
    if "@" not in text:
        return []
    staff = User.objects.care().exclude(full_name="")
    return [user for user in staff if f"@{user.full_name}" in text]


def notify_mentioned(event):
    """Notify everybody mentioned in this note except its author, once per note. Return the number of new notices."""
    about = {"ticket": event.ticket, "event": event, "text": event.body, "at": event.at}
    return notify_all(
        notice(user, Notice.Kind.MENTION, f"mention:{event.pk}", **about) for user in mentioned(event.body) if user.pk != event.actor_id
    )
