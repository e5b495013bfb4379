"""What was asked for already: open requests of the same type about the same things, so that nobody asks twice without knowing."""

from django.urls import reverse

from engine.prepared import Given, Prepared
from partners.access import Reader, asked_by
from tickets.fields import AssetPicker
from tickets.models import Ticket
from tickets.models.ticket import RUNNING
from tickets.services.finding import naming
from web.typed import text_of

MOST = 3
NAMES = 20  # of what was chosen, at most so many are looked for
LOOKED = 300  # open requests of a partner that are looked at, so that a check is as quick for who has thousands


def again(user, kind, partner, chosen):
    """The partner's open requests of this type about any of these things (Ticket), the newest first, at most MOST.

    `chosen` is {field: [name]} of what was ticked in the form, like numbers and serials. One query, none as long as nothing is ticked.
    """
    names = [name for names in chosen.values() for name in map(text_of, names) if name][:NAMES]
    if not names:
        return []
    given = {f"name{place}": name for place, name in enumerate(names)}
    found = asked_by(user, _same, len(names), type_code=kind.code, partner=partner.pk, **given)
    return [ticket for ticket in found if _is_about(ticket, names, chosen)][:MOST]


def _naming(is_care, count):
    """The requests of a type in which any of so many names stands, among the partner's open ones that changed last."""
    names = naming([Given(f"name{place}") for place in range(count)])
    lately = Ticket.objects.filter(RUNNING, partner=Given("partner")).order_by("-updated_at", "-number").values("pk")[:LOOKED]
    tickets = Ticket.objects.visible_to(Reader(is_care)).filter(pk__in=lately, search=names, type_code=Given("type_code"))
    return tickets.only("number", "subject", "created_at", "answers").order_by("-number")[: MOST * 3]


_same = Prepared(_naming)


def asked_already(user, kind, form):
    """The same about what a valid form names, for programs: [{number, subject, created_at}]."""
    answers = form.as_json()
    chosen = {name: answers.get(name) or [] for name, field in form.fields.items() if isinstance(field.widget, AssetPicker)}
    chosen = {name: value if isinstance(value, list) else [value] for name, value in chosen.items()}
    rows = again(user, kind, form.partner, chosen)
    return [{"number": ticket.pk, "subject": ticket.subject, "created_at": ticket.created_at} for ticket in rows]


def _is_about(ticket, names, chosen):
    """Whether it asks for one of them; that it mentions one is not enough."""
    answers = (ticket.answers.get(field) for field in chosen)
    asked = [name for answer in answers for name in (answer if isinstance(answer, list) else [answer])]
    return any(name in asked for name in names)


def row(ticket, user):
    """One of these for portal/_asked.html: {number, url, title, at}."""
    place = "desk:ticket" if user.is_care else "portal:request"
    url = reverse(place, args=[ticket.pk])
    return {"number": ticket.pk, "url": url, "title": ticket.subject, "at": ticket.created_at}
