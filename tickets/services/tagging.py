"""Tags: short words in small letters that agents put on tickets."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tickets.models import Event
from tickets.services.lifecycle import NotNow, lock, record

LONGEST, MOST = 40, 20


def tidy(text):
    """The tag that is meant: small letters, one word for each blank. Raises ValidationError."""
    tag = "-".join(text.replace("\x00", " ").replace(",", " ").lower().split())
    if not tag or len(tag) > LONGEST:
        raise ValidationError(_("A tag has 1 to %(most)s characters.") % {"most": LONGEST})
    return tag


@transaction.atomic
def put_on(number, tag, *, actor, at):
    """Put a tag on the ticket. Raises NotNow when it has a great many already."""
    ticket = lock(number)
    if tag in ticket.tags:
        return ticket
    if len(ticket.tags) >= MOST:
        raise NotNow(_("A ticket has at most %(most)s tags.") % {"most": MOST})
    return _save(ticket, [*ticket.tags, tag], actor=actor, at=at, added=tag)


@transaction.atomic
def take_off(number, tag, *, actor, at):
    """Take a tag off the ticket."""
    ticket = lock(number)
    if tag not in ticket.tags:
        return ticket
    return _save(ticket, [kept for kept in ticket.tags if kept != tag], actor=actor, at=at, removed=tag)


def _save(ticket, tags, *, actor, at, **data):
    ticket.tags = tags
    ticket.save(update_fields=["tags"])
    record(ticket, Event.Kind.STATUS, actor=actor, at=at, internal=True, field="tags", **data)
    return ticket
