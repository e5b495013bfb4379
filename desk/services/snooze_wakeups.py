"""Wake snoozed tickets at their time and notify the owner, or whoever snoozed the ticket if it has none."""

from django.db import transaction

from desk.models import Notice
from desk.services.notices import notice, notify_all
from partners.models import User
from tickets import snoozing
from tickets.models import Event, Ticket
from tickets.models.ticket import long_columns
from tickets.models.timeline import WOKE
from tickets.services import clocks

SLICE = 200


@transaction.atomic
def wake_due(*, at):
    """End the snooze of a slice of the tickets whose time has come, the longest ago first. Return their number.

    Queue views already show them, since they compare with the clock. Timeline entry and notice are written in the transaction that clears
    the time: once, even if this runs twice or is killed. A ticket that is locked waits for the next time.
    """
    due = Ticket.objects.filter(snoozed_until__lte=at).order_by("snoozed_until", "number")
    due = due.select_related("partner", "assignee").defer(*long_columns())
    tickets = list(due.select_for_update(no_key=True, skip_locked=True, of=("self",))[:SLICE])
    if not tickets:
        return 0
    promised, told = clocks.promises(at), _people(tickets)
    notify_all(
        notice(told[ticket.pk], Notice.Kind.AWAKE, f"awake:{ticket.pk}:{ticket.snoozed_until.isoformat()}", **_news(ticket))
        for ticket in tickets
        if ticket.pk in told
    )
    Event.objects.bulk_create(
        Event(
            ticket=ticket,
            kind=Event.Kind.STATUS,
            at=ticket.snoozed_until,
            is_internal=True,
            data={"field": "snoozed_until", "old": snoozing.in_words(promised, ticket.partner.region, ticket.snoozed_until), "new": ""},
        )
        for ticket in tickets
    )
    Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets]).update(snoozed_until=None)
    return len(tickets)


def notify_woken(since, *, at, most):
    """Return the numbers of at most `most` tickets that woke after `since`: by hand, by the sweep, or still to be swept. One query."""
    told = Event.objects.filter(WOKE, at__gt=since, at__lte=at).order_by().values_list("ticket")
    due = Ticket.objects.filter(snoozed_until__gt=since, snoozed_until__lte=at).order_by().values_list("pk")
    return [number for (number,) in told.union(due)[:most]]


def _people(tickets):
    """Return {number: the person to notify}. Takes one more query if an unassigned ticket was snoozed."""
    owners = {ticket.pk: ticket.assignee for ticket in tickets if ticket.assignee and ticket.assignee.is_active}
    rest = [ticket.pk for ticket in tickets if ticket.pk not in owners]
    if not rest:
        return owners
    put_off = Event.objects.filter(ticket__in=rest, kind=Event.Kind.STATUS, data__field="snoozed_until").exclude(data__new="")
    last = dict(put_off.order_by("ticket", "-at", "-pk").distinct("ticket").values_list("ticket", "actor"))
    people = User.objects.care().in_bulk({pk for pk in last.values() if pk})
    return owners | {number: people[pk] for number, pk in last.items() if pk in people}


def _news(ticket):
    return {"ticket": ticket, "at": ticket.snoozed_until}
