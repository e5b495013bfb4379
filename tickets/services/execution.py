"""Executing a ticket: requested by an agent, done by a worker exactly once; then the steps that follow."""

import logging
import secrets

from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected, LockNotAvailable

from engine.outages import is_read_only
from tickets.fees import as_stored
from tickets.models import Event, Ticket
from tickets.models.ticket import RUNNING
from tickets.services import outbox
from tickets.services.lifecycle import NotNow, claim, lock, move, open_if_new, record
from tickets.services.progress import settle
from tickets.types import kind_of

log = logging.getLogger(__name__)
ATTEMPTS = 5
PATIENCE = "200ms"  # lock timeout; the database checks for deadlocks after one second and could then abort an import instead
E = Ticket.Execution


class NotExecutable(Exception):
    """The request, judged again, is not possible (any more): its `verdict`, and the `reasons` in words.

    Assets that no longer belong to the partner appear only in the `reasons`, not in the verdict.
    """

    def __init__(self, form, verdict):
        self.verdict, self.reasons = verdict, _reasons(form, verdict)
        super().__init__("; ".join(self.reasons))


def _reasons(form, verdict):
    return [str(f.message) for f in verdict.blocking] + [str(e) for errors in form.errors.values() for e in errors]


def judge_again(ticket, *, at, locked=False, book=None, put_back=None, asked=None):
    """Judge a ticket by current data and the policy values of its own day, or of `book`. Return (form, answers, verdict).

    With `locked`, the assets' rows are locked; `put_back(ticket, answers)` may change the loaded objects before they are judged. A
    form that is no longer valid (an asset has moved away) has no answers. `asked` ({field: value}) is judged instead of the ticket's
    answers, at the current price: the caller compares it with the accepted price.
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
    return form, answers, with_overrides(ticket, verdict)


def with_overrides(ticket, verdict):
    """Return the verdict with the findings marked that were overridden on this ticket."""
    return verdict.overridden({o.rule: f"{o.by}: {o.reason}" for o in ticket.overrides.all()})


def request_execution(number, *, actor, at):
    """Request execution for an agent; the worker carries it out. Raise NotNow or NotExecutable."""
    with transaction.atomic():
        ticket = lock(number)
        if not kind_of(ticket).executes:
            raise NotNow(_("There is nothing to execute here. Solve the ticket by writing an answer."))
        if not ticket.may_execute:
            raise NotNow(
                _("This ticket is already %(state)s.")
                % {"state": ticket.get_execution_display() if ticket.execution else ticket.get_status_display().lower()}
            )
        form, _answers, verdict = judge_again(ticket, at=at)
        if form.errors or verdict.blocking:
            raise NotExecutable(form, verdict)
        open_if_new(ticket, at=at)
        ticket.execution, ticket.execution_attempts = E.REQUESTED, 0
        ticket.execution_requested_at, ticket.execution_requested_by = at, actor
        ticket.assignee_id = ticket.assignee_id or actor.pk
        ticket.updated_at = at
        ticket.save()
        record(ticket, Event.Kind.EXECUTION_REQUESTED, actor=actor, at=at, internal=True)
        transaction.on_commit(lambda: outbox.send_task("tickets.tasks.execute", number))
    return ticket


def execute(number, *, at):
    """Execute a ticket whose execution was requested: change, timeline and money in one transaction. Safe to repeat at any time.

    It does not wait for locks on the ticket or its assets (held by an import, say), because workers are few; that case, and a read-only
    database, do not count as attempts. Return whether the ticket still has to be executed.
    """
    if _begin(number, at=at):
        try:
            _carry_out(number, at)
        except OperationalError as error:
            if not isinstance(error.__cause__, (LockNotAvailable, DeadlockDetected)) and not is_read_only(error):
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
        ticket.execution_verdict = as_stored(verdict, ticket.charges.all()).as_json()
        if form.errors or verdict.blocking:
            _refuse(ticket, form, verdict, at)
            return
        book = ticket.policy_book()
        follows = kind_of(ticket).apply(ticket, answers, book=book, today=at.date())
        ticket.execution, ticket.executed_at = E.DONE, at
        settle(ticket, follows, Event.Kind.APPLIED, actor=ticket.execution_requested_by, at=at)
        if kind_of(ticket).moved:
            hand_back(Ticket.objects.of_partner(ticket.partner), at=at)
        outbox.post_charges(number, at=at)
        outbox.notify_after_commit()


def hand_back(tickets, *, at):
    """Return tickets to the care team that wait for parties about an asset that now belongs to another partner (ORG-1).

    `tickets` is a queryset. Nobody can agree to them any more (see views.confirm). Call it in the transaction that moved the asset.
    Return whether there were any.
    """
    waiting = tickets.filter(RUNNING, waiting_for=Ticket.WaitingFor.PARTIES).order_by("pk")
    found = False
    for number in waiting.values_list("pk", flat=True):
        other = lock(number)
        if other.waiting_for == Ticket.WaitingFor.PARTIES and judge_again(other, at=at)[0].errors:
            move(other, Ticket.Status.OPEN, at=at)
            text = _("This request concerns something that now belongs to another partner. The care team acts next.")
            record(other, Event.Kind.CONFIRMATION, at=at, body=text, overtaken=True)
            found = True
    return found


def _refuse(ticket, form, verdict, at):
    """Do not execute a request that has become impossible since it was submitted; show the reasons to the agent."""
    ticket.execution = E.REFUSED
    ticket.updated_at = at
    ticket.save()
    record(ticket, Event.Kind.REFUSED, actor=None, at=at, body="\n".join(_reasons(form, verdict)), internal=True)


def _begin(number, *, at):
    """Count the attempt beforehand in a separate transaction, so that one that kills its worker counts as well."""
    with transaction.atomic():
        ticket = claim(number)
        if ticket is None or ticket.execution != E.REQUESTED or not kind_of(ticket).executes:
            return False
        if ticket.execution_attempts >= ATTEMPTS:
            _give_up(ticket, None, at)
            return False
        ticket.execution_attempts += 1
        ticket.save(update_fields=["execution_attempts"])
    return True


def note_failure(number, error, *, at):
    """Log a failed attempt; after the last one, return the ticket to the agents. Database connection errors propagate."""
    with transaction.atomic():
        ticket = claim(number)
        if ticket and ticket.execution == E.REQUESTED and ticket.execution_attempts >= ATTEMPTS:
            _give_up(ticket, error, at)
            return
    log.warning("Execution of ticket %s failed; it will be retried.", number, exc_info=error)


def _give_up(ticket, error, at):
    """Return the ticket to the agents with a reference to the log; without an error, the last attempt killed its worker."""
    reference = secrets.token_hex(4)
    log.error("Execution of ticket %s failed %s times, reference %s.", ticket.pk, ATTEMPTS, reference, exc_info=error)
    ticket.execution, ticket.updated_at = E.FAILED, at
    ticket.save(update_fields=["execution", "updated_at"])
    text = _("The execution failed for a technical reason (reference %(reference)s). You can try again.")
    record(ticket, Event.Kind.FAILED, at=at, body=text % {"reference": reference}, internal=True)


def open_steps(ticket, *, user):
    """Return the steps this user can take on the ticket now: agents' steps for staff, partners' steps for both."""
    return [step for step in _steps(ticket) if step.actor == "partner" or user.is_care]


def open_step(ticket, code, *, user):
    """Return the step with this code that this user can take on the ticket now. Raise NotNow if there is none."""
    for step in open_steps(ticket, user=user):
        if step.code == code:
            return step
    raise NotNow(_("This step has already been taken or is not open yet."))


def is_for_the_care_team(ticket, code):
    """Return whether the step is open and not for the partner to take."""
    return any(step.code == code and step.actor != "partner" for step in _steps(ticket))


def _steps(ticket):
    if ticket.may_execute:
        return kind_of(ticket).preparations(ticket)
    return [] if ticket.is_over or ticket.execution != E.DONE else kind_of(ticket).steps(ticket)


def take_step(number, code, form, *, actor, at):
    """Take a step with its valid form. Raise NotNow if it is not (or no longer) open, ValidationError from the step."""
    with transaction.atomic():
        ticket = lock(number)
        step = open_step(ticket, code, user=actor)
        follows = step.run(ticket, form.cleaned_data, today=at.date())
        settle(ticket, follows, Event.Kind.STEP, actor=actor, at=at, step=code)
        outbox.notify_after_commit()
    return ticket
