"""Tickets as rows of an export, read from the database in batches (docs/decisions/0140); the partner's columns."""

from array import array

from django.utils.translation import gettext as _

from billing.amounts import sum_by_currency
from classound.numbers import spaced
from partners.models import Partner
from tickets.models import Ticket
from tickets.models.ticket import long_columns
from tickets.pages.rows import charges_that_count
from tickets.types import kind_of

AT_ONCE = 2000


def listed(tickets):
    """Return the numbers of a queryset's tickets, in its order, as of one moment; eight bytes each."""
    return array("q", tickets.values_list("pk", flat=True).iterator(chunk_size=AT_ONCE * 5))


def rows(numbers, row):
    """Yield row(ticket) for each number, in order, read in batches: no cursor stays open, however slow the consumer."""
    found = Ticket.objects.select_related("partner", "requester", "assignee").prefetch_related("charges")
    for place in range(0, len(numbers), AT_ONCE):
        some = list(numbers[place : place + AT_ONCE])
        read = found.defer(*long_columns(but=("answers",))).in_bulk(some)
        yield from (row(read[number]) for number in some if number in read)


def heading():
    """Return the titles of a partner's columns; times are in UTC."""
    return [
        _("Number"),
        _("Subject"),
        _("Type"),
        _("Requester"),
        _("Numbers"),
        _("Status"),
        _("Outcome"),
        _("Reason"),
        _("Submitted (UTC)"),
        _("Updated (UTC)"),
        _("Solved (UTC)"),
        *costs_heading(),
    ]


def of_partner(ticket):
    """Return a ticket's cells for these columns."""
    return (
        ticket.number,
        ticket.subject,
        str(kind_of(ticket).title),
        str(ticket.requester),
        dids(ticket),
        str(ticket.get_status_display()),
        str(ticket.get_outcome_display()) if ticket.outcome else "",
        str(ticket.get_reason_display()) if ticket.reason else "",
        ticket.created_at,
        ticket.updated_at,
        ticket.solved_at,
        *costs(ticket, payer_id=ticket.partner_id),
    )


def dids(ticket):
    """Return the phone numbers that a ticket is about."""
    found = ticket.answers.get("dids") or ticket.answers.get("did") or []
    return ", ".join(spaced(text) for text in ([found] if isinstance(found, str) else found) if isinstance(text, str))


def costs_heading():
    """Return the titles of the `costs` columns: one per currency, so that each can be summed."""
    return [_("Costs (%(currency)s)") % {"currency": currency} for currency in Partner.Currency.values]


def costs(ticket, *, payer_id=None):
    """Return charges less credits, of all payers or of one, as a Decimal for each currency; None for a currency without any."""
    counted = [c for c in charges_that_count(ticket.charges.all(), is_over=ticket.is_over) if payer_id in (None, c.payer_id)]
    sums = sum_by_currency((-c.amount if c.is_credit else c.amount, c.currency) for c in counted)
    return [sums.get(currency) for currency in Partner.Currency.values]
