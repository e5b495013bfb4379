"""Tags of tickets: put on, taken off, and which ones are in use."""

from collections import Counter

from django.db import transaction
from django.utils.translation import gettext as _

from tickets.models import Ticket
from tickets.models.ticket import RUNNING
from tickets.services.lifecycle import NotNow, lock, record_change

MOST, LONGEST = 20, 40  # tags of a ticket; characters of a tag
LOOKED_AT, SHOWN = 2000, 30  # running tickets looked at for suggestions, and how many of these are shown


def plain(tag):
    """A tag as it is kept: small letters, single spaces."""
    return " ".join(tag.replace(",", " ").lower().split())


@transaction.atomic
def change(number, *, actor, at, add=(), remove=()):
    """Put tags on a ticket and take others off. What is there already, or is not there, changes nothing.

    Raises NotNow over MOST, and for a tag that is longer than LONGEST: nothing of it is kept.
    """
    ticket = lock(number)
    wanted = [tag for tag in ticket.tags if tag not in remove]
    wanted += [tag for tag in dict.fromkeys(map(plain, add)) if tag and tag not in wanted]
    if wanted == ticket.tags:
        return ticket
    if long := next((tag for tag in wanted if len(tag) > LONGEST), ""):
        raise NotNow(
            _("A tag has %(most)s characters at most; this one has %(n)s: %(tag)s") % {"most": LONGEST, "n": len(long), "tag": long}
        )
    if len(wanted) > MOST:
        raise NotNow(_("A ticket has %(most)s tags at most.") % {"most": MOST})
    before, ticket.tags, ticket.updated_at = ", ".join(ticket.tags), wanted, at
    ticket.save(update_fields=["tags", "updated_at"])
    record_change(ticket, "tags", before, ", ".join(wanted), actor=actor, at=at)
    return ticket


def used(user):
    """The tags in use on the newest running tickets, the commonest first. Bounded: no list is read to its end."""
    newest = Ticket.objects.visible_to(user).filter(RUNNING).order_by("-updated_at", "-number").values_list("tags", flat=True)[:LOOKED_AT]
    return [tag for tag, _count in Counter(tag for tags in newest for tag in tags).most_common(SHOWN)]
