"""Who is named in an internal note is told: "@" and the full name of somebody of the care team."""

from desk.models import Notice
from partners.models import User

SHOWN = 8


def people(query=""):
    """The active staff whose name begins with these words, for the list that `@@` opens."""
    staff = User.objects.care()
    words = query.replace("\x00", "").strip()
    return list((staff.filter(full_name__icontains=words) if words else staff).order_by("full_name")[:SHOWN])


def named(text):
    """The staff that a text names. Only who is there, and may sign in, is found: whatever the browser sent."""
    if "@" not in text:
        return []
    staff = User.objects.care().exclude(full_name="")
    return [user for user in staff if f"@{user.full_name}" in text]


def tell(event):
    """A notice to everybody whom this note names, but for its author; the same note tells once. Returns the Notices."""
    notices = [
        Notice(
            user=user,
            kind=Notice.Kind.MENTION,
            key=f"mention:{event.pk}",
            ticket=event.ticket,
            event=event,
            text=event.body[:300],
            at=event.at,
        )
        for user in named(event.body)
        if user.pk != event.actor_id
    ]
    return Notice.objects.bulk_create(notices, ignore_conflicts=True)
