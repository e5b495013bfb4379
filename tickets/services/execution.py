"""A ticket is carried out: asked for by an agent, done by a worker, exactly once; then the steps that follow."""

import logging
import secrets

from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected, LockNotAvailable

from engine.absent import takes_no_changes
from tickets.fees import as_kept
from tickets.models import Event, Ticket
from tickets.models.ticket import RUNNING
from tickets.services import delivery
from tickets.services.lifecycle import NotNow, claim, lock, move, now_open, record
from tickets.services.progress import settle
from tickets.types import kind_of

log = logging.getLogger(__name__)
ATTEMPTS = 5
PATIENCE = "200ms"  # for a lock; the database looks for deadlocks after a second, and would end an import as well as an execution
E = Ticket.Execution


class NotExecutable(Exception):
    """Judged again, the request is not possible (any more): its `verdict`, and the `reasons` for people.

    What is no longer the partner's is in no verdict, only in the `reasons`.
    """

    def __init__(self, form, verdict):
        super().__init__("not executable")
        self.verdict, self.reasons = verdict, _reasons(form, verdict)


def _reasons(form, verdict):
    return [str(f.message) for f in verdict.blocking] + [str(e) for errors in form.errors.values() for e in errors]


def judge_again(ticket, *, at, locked=False, book=None, put_back=None, asked=None):
    """Judge a ticket as things stand now, by the values of its own day, or of `book`. Returns (form, answers, verdict).

    With `locked` the assets' rows are locked; `put_back(ticket, answers)` may change what was read of them before it is judged. A form
    that is no longer valid (an asset moved away) gives no answers. `asked` is judged in place of what the ticket asks ({field: value}),
    at what it costs: whoever asks that compares it with what was accepted.
    """
    form = kind_of(ticket).form(dict(ticket.answers if asked is None else asked), partner=ticket.partner, lock=locked)
    form.is_valid()
    consents = {c.party: c.decision for c in ticket.confirmations.all()}
    quoted = {charge.fee: charge.amount for charge in ticket.charges.all()} if asked is None else None
    agreed = kind_of(ticket).agreed(ticket)
    answers = form.answers(consents=consents or None, attachments=ticket.attachments.count(), quoted=quoted, agreed=agreed, at=at)
    if put_back:
        put_back(ticket, answers)
    verdict = kind_of(ticket).judge(answers, book=book or ticket.policy_book(), today=at.date())
    return form, answers, set_aside(ticket, verdict)


def set_aside(ticket, verdict):
    """The verdict with the findings that people have set aside on this ticket."""
    return verdict.overridden({o.rule: f"{o.by}: {o.reason}" for o in ticket.overrides.all()})


def request_execution(number, *, actor, at):
    """An agent asks for execution. Raises NotNow or NotExecutable. The worker does it; this only promises it."""
    with transaction.atomic():
        ticket = lock(number)
        if not kind_of(ticket).executes:
            raise NotNow(_("There is nothing to execute here: write the answer and solve the ticket with it."))
        if not ticket.may_execute:
            raise NotNow(
                _("This ticket is %(state)s already.")
                % {"state": ticket.get_execution_display() if ticket.execution else ticket.get_status_display().lower()}
            )
        form, _answers, verdict = judge_again(ticket, at=at)
        if form.errors or verdict.blocking:
            raise NotExecutable(form, verdict)
        now_open(ticket, at=at)
        ticket.execution, ticket.execution_attempts = E.REQUESTED, 0
        ticket.execution_requested_at, ticket.execution_requested_by = at, actor
        ticket.assignee = ticket.assignee or actor
        ticket.updated_at = at
        ticket.save()
        record(ticket, Event.Kind.EXECUTION_REQUESTED, actor=actor, at=at, internal=True)
        transaction.on_commit(lambda: delivery.tell_queue("tickets.tasks.execute", number))
    return ticket


def execute(number, *, at):
    """Carry out a ticket that was asked for: change, timeline and money in one transaction. Safe to call at any time again.

    Who holds the ticket or what it is about, like an import, is not waited for, for workers have few places; that, and a database that
    takes no changes, counts as no attempt. Gives whether it is still to be carried out.
    """
    if _begin(number, at=at):
        try:
            _carry_out(number, at)
        except OperationalError as error:
            if not isinstance(error.__cause__, (LockNotAvailable, DeadlockDetected)) and not takes_no_changes(error):
                raise
            Ticket.objects.filter(pk=number, execution=E.REQUESTED).update(execution_attempts=F("execution_attempts") - 1)
    return Ticket.objects.filter(pk=number, execution=E.REQUESTED).exists()


def _carry_out(number, at):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
        ticket = claim(number)
        if ticket is None or ticket.execution != E.REQUESTED:
            return
        form, answers, verdict = judge_again(ticket, at=at, locked=True)
        ticket.execution_verdict = as_kept(verdict, ticket.charges.all()).as_json()
        if form.errors or verdict.blocking:
            _refuse(ticket, form, verdict, at)
            return
        book = ticket.policy_book()
        follows = kind_of(ticket).apply(ticket, answers, book=book, today=at.date())
        ticket.execution, ticket.executed_at = E.DONE, at
        settle(ticket, follows, Event.Kind.APPLIED, actor=ticket.execution_requested_by, at=at)
        if kind_of(ticket).moved:
            hand_back(Ticket.objects.of_partner(ticket.partner), at=at)
        delivery.post_charges(number, at=at)
        delivery.nudge()


def hand_back(tickets, *, at):
    """Of these tickets (a queryset), those that wait for parties about what has gone to another partner go to the care team (ORG-1).

    Nobody can agree to them any more (see views.confirm). In the transaction of what took it away. Gives whether there were any.
    """
    waiting = tickets.filter(RUNNING, waiting_for=Ticket.WaitingFor.PARTIES).order_by("pk")
    found = False
    for number in waiting.values_list("pk", flat=True):
        other = lock(number)
        if other.waiting_for == Ticket.WaitingFor.PARTIES and judge_again(other, at=at)[0].errors:
            move(other, Ticket.Status.OPEN, at=at)
            text = _("What it asks for belongs to another partner by now. The care team acts next.")
            record(other, Event.Kind.CONFIRMATION, at=at, body=text, overtaken=True)
            found = True
    return found


def _refuse(ticket, form, verdict, at):
    """What became impossible since it was asked for is shown to the agent and not executed."""
    ticket.execution = E.REFUSED
    ticket.updated_at = at
    ticket.save()
    record(ticket, Event.Kind.REFUSED, actor=None, at=at, body="\n".join(_reasons(form, verdict)), internal=True)


def _begin(number, *, at):
    """Count an attempt before it is made, in a transaction of its own: one that kills its worker counts as well."""
    with transaction.atomic():
        ticket = claim(number)
        if ticket is None or ticket.execution != E.REQUESTED:
            return False
        if ticket.execution_attempts >= ATTEMPTS:
            _give_up(ticket, None, at)
            return False
        ticket.execution_attempts += 1
        ticket.save(update_fields=["execution_attempts"])
    return True


def note_failure(number, error, *, at):
    """Log a failed attempt; after the last one the ticket goes back to the agents. Raises what an absent database raises."""
    with transaction.atomic():
        ticket = claim(number)
        if ticket and ticket.execution == E.REQUESTED and ticket.execution_attempts >= ATTEMPTS:
            _give_up(ticket, error, at)
            return
    log.warning("Execution of ticket %s failed, it will be tried again.", number, exc_info=error)


def _give_up(ticket, error, at):
    """Back to the agents, with a reference to the log; without an error the attempts ended with their worker."""
    reference = secrets.token_hex(4)
    log.error("Execution of ticket %s failed %s times, reference %s.", ticket.pk, ATTEMPTS, reference, exc_info=error)
    ticket.execution, ticket.updated_at = E.FAILED, at
    ticket.save(update_fields=["execution", "updated_at"])
    text = _("The execution failed for a technical reason (reference %(reference)s). It can be tried again.")
    record(ticket, Event.Kind.FAILED, at=at, body=text % {"reference": reference}, internal=True)


def open_steps(ticket, *, user):
    """The steps that this user can take on the ticket now: agents' steps for staff, partners' steps for both."""
    return [step for step in _steps(ticket) if step.actor == "partner" or user.is_care]


def is_for_the_care_team(ticket, code):
    """Whether the step can be taken now, and not by the partner."""
    return any(step.code == code and step.actor != "partner" for step in _steps(ticket))


def _steps(ticket):
    if ticket.may_execute:
        return kind_of(ticket).preparations(ticket)
    return [] if ticket.is_over or ticket.execution != E.DONE else kind_of(ticket).steps(ticket)


def take_step(number, code, form, *, actor, at):
    """Take a step with its valid form. Raises NotNow when it is not (or no longer) open, ValidationError from the step."""
    with transaction.atomic():
        ticket = lock(number)
        step = next((s for s in open_steps(ticket, user=actor) if s.code == code), None)
        if step is None:
            raise NotNow(_("This step has been taken already, or is not open yet."))
        follows = step.run(ticket, form.cleaned_data, today=at.date())
        settle(ticket, follows, Event.Kind.STEP, actor=actor, at=at, step=code)
        delivery.nudge()
    return ticket
