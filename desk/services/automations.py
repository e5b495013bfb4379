"""Automations: triggered by events or by time, once for each cause, then run ticket by ticket (docs/decisions/0117).

Finding a cause writes an AutomationRun that is still to be done; each run is a transaction of its own. The events of an automation
name it, trigger no other automation, and do not count as the "last change" from which time automations count.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import CharField, Exists, F, Func, OuterRef, Value
from django.db.models.functions import Concat

from desk.models import Automation, AutomationRun, EventReader
from desk.services import action_runner, triggers
from engine.partial_saves import save_except
from tickets.models import Event, Ticket
from tickets.models.ticket import RUNNING
from tickets.services import event_reader
from tickets.services.lifecycle import claim

PER_RUN = 200
SWITCHED = ("is_active", "seen_event")


def save(automation, *, by, at):
    """Save an automation, a new one switched off. Whether it is on is not saved: a colleague may have just switched it."""
    automation.changed_by, automation.changed_at = by, at
    save_except(automation, *SWITCHED)


def switch(automation, is_on, *, by, at):
    """Switch an automation on or off. One that is switched on reacts only to what happens from now on."""
    automation.changed_by, automation.changed_at = by, at
    if is_on and not automation.is_active:
        automation.seen_event = event_reader.last_event()
    automation.is_active = is_on
    automation.save(update_fields=[*SWITCHED, "changed_by", "changed_at"])


def matches(automation, *, at):
    """Return the tickets that meet its conditions now: those a time automation is due for, or those it would apply to after an event."""
    tickets = Ticket.objects.filter(triggers.matching(automation.conditions))
    if automation.when != triggers.TIME:
        return tickets.filter(RUNNING)
    _label, moment, having = triggers.TIMES[automation.since]
    return tickets.filter(having).annotate(moment=moment).filter(moment__lte=at - timedelta(hours=automation.hours))


def find_due(*, at):
    """Record the tickets that active time automations are due for and have not handled, a limited number at a time. Return how many."""
    found = 0
    for automation in Automation.objects.filter(is_active=True, when=triggers.TIME):
        stamp = Func(F("moment"), Value("YYYYMMDDHH24MISSUS"), function="to_char", output_field=CharField())
        tickets = matches(automation, at=at).annotate(cause=Concat(Value(f"{automation.since}:"), stamp))
        known = AutomationRun.objects.filter(automation=automation, ticket=OuterRef("pk"), key=OuterRef("cause"))
        # Wrapped in an expression, which no index covers, so that PostgreSQL follows `matches` instead of scanning all ticket numbers.
        due = tickets.filter(~Exists(known)).order_by(F("pk") + 0).values_list("pk", "cause")[:PER_RUN]
        found += _write(automation, due, at)
    return found


def read_events(*, at):
    """Read the next events, each once, and record the runs that event automations owe. Return whether there may be more."""
    with transaction.atomic():
        reader = event_reader.lock_reader(EventReader)
        if reader is None:  # another worker is reading
            return False
        automations = list(Automation.objects.filter(is_active=True).exclude(when=triggers.TIME))
        if not automations or not reader.seen:
            event_reader.skip_to_end(reader)
            return False
        numbers, is_more = event_reader.read_batch(reader, at=at)
        for automation in automations:
            _find(automation, numbers, at)
    return is_more


def to_do():
    """Return the keys of the runs that are still to be done."""
    return list(AutomationRun.objects.filter(done_at=None).order_by("pk").values_list("pk", flat=True)[:PER_RUN])


@transaction.atomic
def run(pk, *, at):
    """Carry out a run, once, unless the ticket no longer meets the conditions. A ticket that is locked waits for the next time."""
    found = AutomationRun.objects.select_for_update(skip_locked=True, of=("self",)).select_related("automation")
    todo = found.filter(pk=pk, done_at=None).first()
    ticket = todo and claim(todo.ticket_id)
    if not ticket:
        return
    automation = todo.automation
    if not automation.is_active or not Ticket.objects.filter(triggers.matching(automation.conditions), pk=ticket.pk).exists():
        todo.delete()
        return
    todo.did, todo.error = _do(automation, ticket, at)
    todo.done_at = at
    todo.save(update_fields=["did", "error", "done_at"])


def _do(automation, ticket, at):
    """Return (what was done, as lines for people; the error, or "")."""
    try:
        with transaction.atomic():
            action_runner.perform(ticket.pk, automation.actions, actor=None, at=at, automation=automation.pk, by=automation.title)
            # Leave updated_at alone, from which time automations count: they would trigger each other for ever.
            Ticket.objects.filter(pk=ticket.pk).update(updated_at=ticket.updated_at)
        return action_runner.describe(automation.actions, user=None), ""
    except Exception as error:
        return [], action_runner.failure_reason(error, f"Automation {automation.pk} on ticket {ticket.pk}")[:500]


def _find(automation, numbers, at):
    """Return the causes for this automation among these events."""
    _label, which = triggers.EVENTS[automation.when]
    seen = Event.objects.filter(which, pk__in=numbers, pk__gt=automation.seen_event).exclude(data__has_key="automation")
    events = dict(seen.values_list("pk", "ticket_id"))
    fitting = set(Ticket.objects.filter(triggers.matching(automation.conditions), pk__in=events.values()).values_list("pk", flat=True))
    _write(automation, [(ticket, f"event:{pk}") for pk, ticket in events.items() if ticket in fitting], at)


def _write(automation, causes, at):
    runs = [AutomationRun(automation=automation, ticket_id=ticket, key=key, at=at) for ticket, key in causes]
    AutomationRun.objects.bulk_create(runs, ignore_conflicts=True)
    return len(runs)
