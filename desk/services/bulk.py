"""Bulk changes: the same actions for many tickets, performed by a worker and undone the same way (docs/decisions/0116).

`start` (or `undo`) saves a BulkJob and queues it; the worker calls `work` until it returns False. A job first gathers its tickets, one
BulkChange each, in one statement, then handles them in slices of SLICE. A slice is one transaction for the tickets, their timelines
and their previous states (`before`), so a job that is killed anywhere continues with the next slice. Actions that can set a trait of
many tickets at once (`Action.makes`) take a few statements a slice; other actions are performed ticket by ticket.
"""

import json
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from desk.filters import narrowed
from desk.models import BulkChange, BulkJob, Notice
from desk.services import action_runner, canned, traits
from desk.services.action_types import ACTION_TYPES
from desk.services.notices import notify
from engine.bulk_update import update_rows
from tickets.models import Ticket
from tickets.models.ticket import NEVER
from tickets.services import clocks, tags
from tickets.services.lifecycle import NotNow, with_cause
from tickets.services.outbox import send_task

SLICE = 200
LATELY = timedelta(hours=1)  # within which an agent unsure whether a message went out is likely to send it again
State = BulkJob.State
MOVING = (State.GATHERING, State.RUNNING, State.UNDOING)
# The fields a slice reads of its tickets; their answers and verdicts are long.
COLUMNS = ("number", "status", "waiting_for", "outcome", "reason", "priority", "assignee_id", "tags", "created_at", "type_code", "topic")
COLUMNS += ("snoozed_until", *clocks.COLUMNS, "partner__region")


def newest_number():
    """Return the number of the newest ticket, or None if there is none."""
    return Ticket.objects.order_by("-pk").values_list("pk", flat=True).first()


def tickets_of(*, user, at, query="", numbers=(), newest=None):
    """Return the selected tickets, or those of the queue under this query as this person sees it, up to the number `newest` if given.

    Raise ValidationError for an invalid query.
    """
    tickets = Ticket.objects.visible_to(user)
    if numbers:
        return tickets.filter(pk__in=numbers)
    asked, found = narrowed(QueryDict(query), user=user, now=at)
    if not asked.is_valid():
        raise ValidationError(_("This view of the queue is no longer valid. Open the queue again and select the tickets there."))
    return found if newest is None else found.filter(pk__lte=newest)


def preview(tickets, actions, *, actor):
    """Preview the actions. Return the number of tickets as {total, idle, refused, lacking}.

    `idle` tickets would not change, `refused` ones do not permit an action, `lacking` ones have no value for a variable of its text.
    """
    known = [(ACTION_TYPES[asked["do"]], asked["value"]) for asked in actions]
    refused, lacking, idle = NEVER, NEVER, Q(number__gt=0)
    for action, value in known:
        refused |= action.refused(value)
        lacking |= canned.incomplete_for(action.text(value))
        idle &= action.idle(value, actor)
    counts = {"refused": refused, "lacking": lacking & ~refused, "idle": idle & ~refused & ~lacking}
    return tickets.order_by().aggregate(total=Count("pk"), **{name: Count("pk", filter=which) for name, which in counts.items()})


def done_recently(actions, *, by, at):
    """Return a Q for the tickets that this person has recently sent, or is about to send, the same messages; NEVER without messages:
    repeating any other change has no effect, but a repeated message is read twice (docs/decisions/0377)."""
    if not action_runner.writes_messages(actions):
        return NEVER
    jobs = BulkJob.objects.filter(by=by, actions=actions, created_at__gt=at - LATELY).exclude(state__in=(State.UNDOING, State.UNDONE))
    return Q(Exists(BulkChange.objects.filter(ticket=OuterRef("pk"), error="", job__in=jobs)))


def start(*, actions, title, by, at, query="", numbers=(), newest=None, key=None, is_again=False):
    """Save the bulk change and queue it for the worker. Return the BulkJob, or the existing one of the same `key`. Raise ValidationError.

    Tickets that were sent the same message lately are left out unless `is_again`.
    """
    tickets = tickets_of(user=by, at=at, query=query, numbers=numbers, newest=newest)
    if not is_again:
        tickets = tickets.exclude(done_recently(actions, by=by, at=at))
    with transaction.atomic():
        values = {"actions": actions, "title": title[:200], "by": by, "query": query, "newest": newest, "created_at": at, "moved_at": at}
        job, is_new = BulkJob.objects.get_or_create(key=key, defaults=values) if key else (BulkJob.objects.create(**values), True)
        if not is_new:
            return job
        if numbers or action_runner.writes_messages(actions):  # otherwise the worker does: a view may hold most of a million tickets
            _gather(job, tickets)
        transaction.on_commit(lambda: send_task("desk.tasks.bulk", job.pk))
    return job


def undo(job, *, by, at):
    """Queue the undoing of a job, which restores what nobody has changed since. Raise NotNow, PermissionError."""
    if job.by_id != by.pk and not by.may_override:
        raise PermissionError(_("Only the person who made this change, or a team lead, can undo it."))
    if not action_runner.can_be_undone(job.actions):
        raise NotNow(_("Messages and notes cannot be undone."))
    moved = BulkJob.objects.filter(pk=job.pk, state=State.DONE).update(state=State.UNDOING, moved_at=at, finished_at=None)
    if not moved:
        raise NotNow(_("This change is still running or has already been undone."))
    transaction.on_commit(lambda: send_task("desk.tasks.bulk", job.pk))


def work(pk, *, at):
    """Do the next piece of a job. Return whether there is more to do now. Safe to call at any time, concurrently and repeatedly."""
    job = BulkJob.objects.select_related("by").filter(pk=pk).first()
    if job is None or job.state not in MOVING:
        return False
    if job.state == State.GATHERING:
        with transaction.atomic():
            if BulkJob.objects.select_for_update(no_key=True).get(pk=pk).state == State.GATHERING:
                _gather(job, tickets_of(user=job.by, at=at, query=job.query, newest=job.newest))
        return True
    with transaction.atomic(), with_cause(job=job.pk):
        changes = list(_to_do(job).select_for_update(no_key=True, skip_locked=True).order_by("pk")[:SLICE])
        if changes:
            return _slice(job, changes, at)
    return _finish(job, at)


def stalled(*, before):
    """Return the keys of the unfinished jobs without progress since then."""
    return list(BulkJob.objects.filter(state__in=MOVING, moved_at__lt=before).values_list("pk", flat=True))


def _to_do(job):
    if job.state == State.UNDOING:
        return job.changes.filter(done_at__isnull=False, undone_at=None)
    return job.changes.filter(done_at=None)


def _gather(job, tickets):
    sql, values = tickets.order_by().values("number").query.sql_with_params()
    into = "INSERT INTO desk_bulkchange (job_id, ticket_id, error) SELECT %s, number, '' FROM"
    with connection.cursor() as cursor:
        cursor.execute(f"{into} ({sql}) AS chosen ORDER BY number ON CONFLICT DO NOTHING", (job.pk, *values))
        job.state, job.total = State.RUNNING, cursor.rowcount
    job.save(update_fields=["state", "total"])


def _slice(job, changes, at):
    """Handle one slice, whose changes are locked, without waiting for anybody: tickets locked by others are left to a later slice."""
    rows = Ticket.objects.filter(pk__in=[change.ticket_id for change in changes]).select_related("partner").only(*COLUMNS)
    tickets = {ticket.pk: ticket for ticket in rows.order_by("pk").select_for_update(no_key=True, skip_locked=True, of=("self",))}
    held = [change for change in changes if change.ticket_id in tickets]
    if not held:
        return False
    (_undo_slice if job.state == State.UNDOING else _do_slice)(job, held, tickets, at)
    column = "undone_at" if job.state == State.UNDOING else "done_at"
    for change in held:
        setattr(change, column, at)
    update_rows(held, ["before", "after", "error", column])
    failed = 0 if job.state == State.UNDOING else sum(bool(change.error) for change in held)
    counted = {} if job.state == State.UNDOING else {"done": F("done") + len(held) - failed, "failed": F("failed") + failed}
    BulkJob.objects.filter(pk=job.pk).update(moved_at=at, **counted)
    return True


def _do_slice(job, changes, tickets, at):
    known = [(ACTION_TYPES[asked["do"]], asked["value"]) for asked in job.actions]
    if not all(action.makes for action, _value in known):
        for change in changes:
            _change_one(
                change, lambda c: action_runner.perform(c.ticket_id, job.actions, actor=job.by, at=at, asked_at=job.created_at, job=job.pk)
            )
        return
    for change in changes:
        change.before, change.after = {}, {}
    for action, value in known:
        _set_trait(job, changes, tickets, action.key(value, job.by), action.makes(value, job.by), at)


def _set_trait(job, changes, tickets, key, wanted, at):
    """Set one trait of all tickets of the slice at once, and keep their previous values."""
    old = {pk: traits.read(ticket, key) for pk, ticket in tickets.items()}
    changed, problem = set(), _("A ticket can have at most %(most)s tags.") % {"most": tags.MOST}
    try:
        with transaction.atomic():
            changed = {t.pk for t in traits.put_many(tickets.values(), key, wanted, actor=job.by, at=at)}
    except Exception as error:
        problem = _error_text(error, job)
    for change in changes:
        if change.ticket_id in changed:
            change.before.setdefault(key, old[change.ticket_id])
            change.after[key] = wanted
        elif old[change.ticket_id] != wanted:
            change.error = problem


def _undo_slice(job, changes, tickets, at):
    """Restore the slice in groups with equal previous values if every trait can be set for many tickets at once; otherwise one by one."""
    left = {change.pk: [] for change in changes}
    keys = {key for change in changes for key in change.before or ()}
    if all(map(traits.sets_many, keys)):
        for key in keys:
            _put_back(job, [c for c in changes if key in (c.before or ())], tickets, key, left, at)
    else:
        for change in changes:
            if change.before:
                left[change.pk] = action_runner.undo(change.ticket_id, change.before, change.after, actor=job.by, at=at, job=job.pk)
    for change in changes:
        if left[change.pk]:
            change.error = (_("Left unchanged: %(what)s") % {"what": ", ".join(map(traits.label, left[change.pk]))})[:300]


def _put_back(job, changes, tickets, key, left, at):
    groups = {}
    for change in changes:
        if traits.read(tickets[change.ticket_id], key) == change.after[key]:
            groups.setdefault(json.dumps(change.before[key]), []).append(change)
        else:
            left[change.pk].append(key)
    for value, alike in groups.items():
        try:
            with transaction.atomic():
                traits.put_many([tickets[c.ticket_id] for c in alike], key, json.loads(value), actor=job.by, at=at)
        except Exception as error:
            _error_text(error, job)
            for change in alike:
                left[change.pk].append(key)


def _change_one(change, do):
    """Change one ticket by itself; an error is kept with it and does not stop the others."""
    try:
        with transaction.atomic():
            change.before, change.after = do(change)
    except Exception as error:
        change.error = _error_text(error, change.job)


def _error_text(error, job):
    return action_runner.failure_reason(error, f"A change of bulk job {job.pk}")[:300]


def _finish(job, at):
    """Finish a job, once, if nothing is left to do, not even by another worker, and notify the person who started it."""
    end = State.UNDONE if job.state == State.UNDOING else State.DONE
    with transaction.atomic():
        if _to_do(job).exists():
            return False
        if BulkJob.objects.filter(pk=job.pk, state=job.state).update(state=end, finished_at=at, moved_at=at) and job.total > 1:
            kind = Notice.Kind.UNDONE if end == State.UNDONE else Notice.Kind.JOB
            notify(job.by, kind, f"job:{job.pk}:{end}", text=job.title, at=at)
    return False
