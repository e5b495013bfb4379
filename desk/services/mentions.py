"""Who is named in an internal note is told: "@" and the full name of somebody of the care team."""

from desk.models import Notice
from desk.services.notices import notice, notify_all
from partners.models import User
from web.typed import text_of

SHOWN = 8


def people(query=""):
    """The active staff whose name has these letters, for the list that `@@` opens."""
    staff = User.objects.care()
    words = text_of(query)
    return list((staff.filter(full_name__icontains=words) if words else staff).order_by("full_name")[:SHOWN])


def named(text):
    """The staff that a text names. Only who is there, and may sign in, is found: whatever the browser sent."""
    if "@" not in text:
        return []
    staff = User.objects.care().exclude(full_name="")
    return [user for user in staff if f"@{user.full_name}" in text]


def tell(event):
    """A notice to everybody whom this note names, but for its author; the same note tells once. Returns how many are new."""
    about = {"ticket": event.ticket, "event": event, "text": event.body, "at": event.at}
    return notify_all(
        notice(user, Notice.Kind.MENTION, f"mention:{event.pk}", **about) for user in named(event.body) if user.pk != event.actor_id
    )
