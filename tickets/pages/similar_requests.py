"""Open requests of the same type about the same assets, so that nobody files a duplicate unknowingly."""

from django.urls import reverse

from engine.prepared_queries import Parameter, PreparedQuery
from partners.access import Reader, visible_rows
from tickets.fields import AssetPicker
from tickets.models import Ticket
from tickets.models.ticket import RUNNING
from tickets.services.search_index import phrase_query
from web.user_input import parse_text

MOST = 3
NAMES = 20  # the most chosen names that are searched for
LOOKED = 300  # the most open requests that are searched, so that the check stays quick for a partner with thousands


def find(user, kind, partner, chosen):
    """Return the partner's open requests (Ticket) of this type about any of these assets, newest first, at most MOST.

    `chosen` is {field: [name]} of the ticked assets, such as numbers and serials. One query, none while nothing is ticked.
    """
    names = [name for names in chosen.values() for name in map(parse_text, names) if name][:NAMES]
    if not names:
        return []
    given = {f"name{place}": name for place, name in enumerate(names)}
    found = visible_rows(user, _same, len(names), type_code=kind.code, partner=partner.pk, **given)
    return [ticket for ticket in found if _is_about(ticket, names, chosen)][:MOST]


def _naming(is_care, count):
    """Return the requests of a type that mention any of `count` names, among the partner's most recently changed open ones."""
    names = phrase_query([Parameter(f"name{place}") for place in range(count)])
    lately = Ticket.objects.filter(RUNNING, partner=Parameter("partner")).order_by("-updated_at", "-number").values("pk")[:LOOKED]
    tickets = Ticket.objects.visible_to(Reader(is_care)).filter(pk__in=lately, search=names, type_code=Parameter("type_code"))
    return tickets.only("number", "subject", "created_at", "answers").order_by("-number")[: MOST * 3]


_same = PreparedQuery(_naming)


def for_api(user, kind, form):
    """Return the open requests about the assets of a valid form, for the API: [{number, subject, created_at}]."""
    answers = form.as_json()
    chosen = {name: answers.get(name) or [] for name, field in form.fields.items() if isinstance(field.widget, AssetPicker)}
    chosen = {name: value if isinstance(value, list) else [value] for name, value in chosen.items()}
    rows = find(user, kind, form.partner, chosen)
    return [{"number": ticket.pk, "subject": ticket.subject, "created_at": ticket.created_at} for ticket in rows]


def _is_about(ticket, names, chosen):
    """Return whether the ticket is about one of the names; a mere mention is not enough."""
    answers = (ticket.answers.get(field) for field in chosen)
    asked = [name for answer in answers for name in (answer if isinstance(answer, list) else [answer])]
    return any(name in asked for name in names)


def row(ticket, user):
    """Return a ticket as an item of portal/_similar.html: {number, url, title, at}."""
    place = "desk:ticket" if user.is_care else "portal:request"
    url = reverse(place, args=[ticket.pk])
    return {"number": ticket.pk, "url": url, "title": ticket.subject, "at": ticket.created_at}
