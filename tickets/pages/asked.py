"""What was asked for already: open requests of the same type about the same things, so that nobody asks twice without knowing."""

from django.urls import reverse

from tickets.fields import AssetPicker
from tickets.models import Ticket
from tickets.models.ticket import RUNNING
from tickets.services.finding import naming
from web.typed import text_of

MOST = 3
NAMES = 20  # of what was chosen, at most so many are looked for


def again(user, kind, partner, chosen):
    """The partner's open requests of this type about any of these things (Ticket), the newest first, at most MOST.

    `chosen` is {field: [name]} of what was ticked in the form, like numbers and serials. One query, none as long as nothing is ticked.
    """
    names = [name for names in chosen.values() for name in map(text_of, names) if name][:NAMES]
    if not names:
        return []
    tickets = Ticket.objects.visible_to(user).filter(RUNNING, search=naming(names), type_code=kind.code, partner=partner)
    found = tickets.only("number", "subject", "created_at", "answers").order_by("-number")[: MOST * 3]
    return [ticket for ticket in found if _is_about(ticket, names, chosen)][:MOST]


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
