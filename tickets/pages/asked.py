"""What was asked for already: open requests of the same type about the same things, so that nobody asks twice without knowing."""

from django.contrib.postgres.search import SearchQuery
from django.urls import reverse

from partners.typed import text_of
from tickets.models import Ticket
from tickets.models.ticket import RUNNING

MOST = 3
NAMES = 20  # of what was chosen, at most so many are looked for


def again(user, kind, partner, chosen):
    """[{number, url, title, at}]: the partner's open requests of this type about any of these things, the newest first.

    `chosen` is {field: [name]} of what was ticked in the form, like numbers and serials. One query, none as long as nothing is ticked.
    """
    names = [name for names in chosen.values() for name in map(text_of, names) if name][:NAMES]
    if not names:
        return []
    words = SearchQuery(names[0], config="english", search_type="phrase")
    for name in names[1:]:
        words |= SearchQuery(name, config="english", search_type="phrase")
    tickets = Ticket.objects.visible_to(user).filter(RUNNING, search=words, type_code=kind.code, partner=partner)
    found = tickets.only("number", "subject", "created_at", "answers").order_by("-number")[: MOST * 3]
    return [_row(ticket, user) for ticket in found if _is_about(ticket, names, chosen)][:MOST]


def _is_about(ticket, names, chosen):
    """Whether it asks for one of them; that it mentions one is not enough."""
    asked = {field: ticket.answers.get(field) for field in chosen}
    return any(name == value or (isinstance(value, list) and name in value) for value in asked.values() for name in names)


def _row(ticket, user):
    place = "desk:ticket" if user.is_care else "portal:request"
    url = reverse(place, args=[ticket.pk])
    return {"number": ticket.pk, "url": url, "title": ticket.subject, "at": ticket.created_at}
