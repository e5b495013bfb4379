"""Tags of tickets: adding, removing, and listing those in use."""

from collections import Counter

from django.db import transaction
from django.utils.translation import gettext as _

from tickets.models import Ticket
from tickets.models.ticket import RUNNING
from tickets.services.lifecycle import NotNow, lock, record_change

MOST, LONGEST = 20, 40  # tags of a ticket; characters of a tag
LOOKED_AT, SHOWN = 2000, 30  # running tickets read for suggestions, and how many suggestions are shown


def plain(tag):
    """Return a tag as stored: lower case, single spaces, no commas."""
    return " ".join(tag.replace(",", " ").lower().split())


@transaction.atomic
def change(number, *, actor, at, add=(), remove=()):
    """Add tags to a ticket and remove others. Adding existing or removing missing tags changes nothing.

    Raise NotNow for more than MOST tags or a tag longer than LONGEST; then nothing is saved.
    """
    ticket = lock(number)
    wanted = [tag for tag in ticket.tags if tag not in remove]
    wanted += [tag for tag in dict.fromkeys(map(plain, add)) if tag and tag not in wanted]
    if wanted == ticket.tags:
        return ticket
    if long := next((tag for tag in wanted if len(tag) > LONGEST), ""):
        raise NotNow(
            _("A tag can have at most %(most)s characters; this one has %(n)s: %(tag)s") % {"most": LONGEST, "n": len(long), "tag": long}
        )
    if len(wanted) > MOST:
        raise NotNow(_("A ticket can have at most %(most)s tags.") % {"most": MOST})
    before, ticket.tags, ticket.updated_at = ", ".join(ticket.tags), wanted, at
    ticket.save(update_fields=["tags", "updated_at"])
    record_change(ticket, "tags", before, ", ".join(wanted), actor=actor, at=at)
    return ticket


def used(user):
    """Return the tags used on the newest running tickets, most common first. Reads at most LOOKED_AT tickets."""
    newest = Ticket.objects.visible_to(user).filter(RUNNING).order_by("-updated_at", "-number").values_list("tags", flat=True)[:LOOKED_AT]
    return [tag for tag, _count in Counter(tag for tags in newest for tag in tags).most_common(SHOWN)]
