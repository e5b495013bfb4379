"""What was asked for already: open requests of the same type about the same things, so that nobody asks twice without knowing."""

from django.urls import reverse

from tickets.models import Ticket
from tickets.models.ticket import RUNNING
from tickets.services.finding import naming
from web.typed import text_of

MOST = 3
NAMES = 20  # of what was chosen, at most so many are looked for


def again(user, kind, partner, chosen):
    """[{number, url, title, at}]: the partner's open requests of this type about any of these things, the newest first.

    `chosen` is {field: [name]} of what was ticked in the form, like numbers and serials. One query, none as long as nothing is ticked.
    """
    names = [name for names in chosen.values() for name in map(text_of, names) if name][:NAMES]
    if not names:
        return []
    tickets = Ticket.objects.visible_to(user).filter(RUNNING, search=naming(names), type_code=kind.code, partner=partner)
    found = tickets.only("number", "subject", "created_at", "answers").order_by("-number")[: MOST * 3]
    return [_row(ticket, user) for ticket in found if _is_about(ticket, names, chosen)][:MOST]


def _is_about(ticket, names, chosen):
    """Whether it asks for one of them; that it mentions one is not enough."""
    answers = (ticket.answers.get(field) for field in chosen)
    asked = [name for answer in answers for name in (answer if isinstance(answer, list) else [answer])]
    return any(name in asked for name in names)


def _row(ticket, user):
    place = "desk:ticket" if user.is_care else "portal:request"
    url = reverse(place, args=[ticket.pk])
    return {"number": ticket.pk, "url": url, "title": ticket.subject, "at": ticket.created_at}
