"""The queue's list as a table to take along: one row a ticket, read from the database a few at a time (docs/decisions/0154)."""

from array import array

from django.utils.translation import gettext as _

from classound.numbers import grouped
from tickets.models import Ticket
from tickets.models.ticket import long_columns
from tickets.pages.rows import charges_that_count
from tickets.types import kind_of

AT_ONCE = 2000


def heading():
    """The titles of the columns; moments are in UTC, minutes of business time."""
    return [
        _("Number"),
        _("Subject"),
        _("Type"),
        _("Topic"),
        _("Partner"),
        _("Partner’s name"),
        _("Requester"),
        _("Owner"),
        _("Numbers"),
        _("Status"),
        _("Outcome"),
        _("Reason"),
        _("Waiting for"),
        _("Priority"),
        _("Tags"),
        _("Filed (UTC)"),
        _("Updated (UTC)"),
        _("Due (UTC)"),
        _("Solved (UTC)"),
        _("Minutes to the first answer"),
        _("Minutes to the solution"),
        _("Times reopened"),
        _("Satisfied"),
        _("What could have been better"),
        _("Costs"),
    ]


def listed(tickets):
    """The numbers of the tickets of a queryset, in its order, as of one moment; eight bytes each."""
    return array("q", tickets.values_list("pk", flat=True).iterator(chunk_size=AT_ONCE * 5))


def rows(numbers):
    """A row for each of these tickets, in this order, read a page at a time: nothing is held open however slowly they are taken."""
    found = Ticket.objects.select_related("partner", "requester", "assignee").prefetch_related("charges")
    for place in range(0, len(numbers), AT_ONCE):
        some = list(numbers[place : place + AT_ONCE])
        read = found.defer(*long_columns(but=("answers",))).in_bulk(some)
        yield from (_row(read[number]) for number in some if number in read)


def _row(t):
    opinions = {None: "", True: _("yes"), False: _("no")}
    return (
        t.number,
        t.subject,
        str(kind_of(t).title),
        t.topic,
        t.partner.code,
        t.partner.name,
        str(t.requester),
        str(t.assignee) if t.assignee else "",
        ", ".join(_phone(number) for number in _numbers(t.answers)),
        str(t.get_status_display()),
        str(t.get_outcome_display()) if t.outcome else "",
        str(t.get_reason_display()) if t.reason else "",
        str(t.get_waiting_for_display()) if t.waiting_for else "",
        str(t.get_priority_display()),
        ", ".join(t.tags),
        t.created_at,
        t.updated_at,
        t.due_at,
        t.solved_at,
        t.first_minutes,
        t.solve_minutes,
        t.reopened,
        opinions[t.is_satisfied],
        t.satisfaction_note,
        _costs(t),
    )


def _numbers(answers):
    found = answers.get("dids") or answers.get("did") or []
    return [text for text in ([found] if isinstance(found, str) else found) if isinstance(text, str)]


def _phone(number):
    """Grouped by spaces alone: a hyphen between digits is a minus to a spreadsheet, and digits in a row a sum without its plus."""
    return grouped(number).replace("-", " ")


def _costs(ticket):
    """The charges and credits, never added across currencies."""
    sums = {}
    for charge in charges_that_count(ticket, ticket.charges.all()):
        sums[charge.currency] = sums.get(charge.currency, 0) + (-charge.amount if charge.is_credit else charge.amount)
    return ", ".join(f"{amount:.2f} {currency}" for currency, amount in sorted(sums.items()))
