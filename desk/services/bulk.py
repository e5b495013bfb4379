"""The same to many tickets: gathered in one statement, done by a worker in slices, undone the same way (docs/decisions/0116).

A slice is one transaction: tickets, timeline and what each was like before. Killed anywhere, the next one goes on from there.
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
from desk.services import acting, canned, traits
from desk.services.notices import notify
from desk.services.vocabulary import VOCABULARY
from engine.sets import write_all
from tickets.models import Ticket
from tickets.models.ticket import NEVER
from tickets.services import clocks, tags
from tickets.services.delivery import tell_queue
from tickets.services.lifecycle import NotNow, because

SLICE = 200
LATELY = timedelta(hours=1)  # who has had something said meanwhile, and does not know whether that has arrived, asks for it again
State = BulkJob.State
MOVING = (State.GATHERING, State.RUNNING, State.UNDOING)
# What a slice reads of its tickets; their answers and verdicts are long.
COLUMNS = ("number", "status", "waiting_for", "outcome", "reason", "priority", "assignee_id", "tags", "created_at", "type_code", "topic")
COLUMNS += ("snoozed_until", *clocks.COLUMNS, "partner__region")


def newest_there_is():
    """The number of the newest ticket; None where there is none."""
    return Ticket.objects.order_by("-pk").values_list("pk", flat=True).first()


def tickets_of(*, user, at, query="", numbers=(), newest=None):
    """The tickets that were ticked, or that the queue shows this person under this query, up to the `newest` number where one is given.

    Raises ValidationError for no query of it.
    """
    tickets = Ticket.objects.visible_to(user)
    if numbers:
        return tickets.filter(pk__in=numbers)
    asked, found = narrowed(QueryDict(query), user=user, now=at)
    if not asked.is_valid():
        raise ValidationError(_("This view of the queue cannot be read: open it again and choose there."))
    return found if newest is None else found.filter(pk__lte=newest)


def foreseen(tickets, actions, *, actor):
    """How many tickets there are, how many of them it would leave alone, how many will not have it, or have nothing for what it says."""
    known = [(VOCABULARY[asked["do"]], asked["value"]) for asked in actions]
    refused, lacking, idle = NEVER, NEVER, Q(number__gt=0)
    for action, value in known:
        refused |= action.refused(value)
        lacking |= canned.lacking(action.text(value))
        idle &= action.idle(value, actor)
    counts = {"refused": refused, "lacking": lacking & ~refused, "idle": idle & ~refused & ~lacking}
    return tickets.order_by().aggregate(total=Count("pk"), **{name: Count("pk", filter=which) for name, which in counts.items()})


def told_lately(actions, *, by, at):
    """Q: the tickets to which this person has had just this done lately, or promised. None of them where nothing is said: what is so
    already stays as it is, but what is said again is read twice (docs/decisions/0377)."""
    if not acting.says_something(actions):
        return NEVER
    jobs = BulkJob.objects.filter(by=by, actions=actions, created_at__gt=at - LATELY).exclude(state__in=(State.UNDOING, State.UNDONE))
    return Q(Exists(BulkChange.objects.filter(ticket=OuterRef("pk"), error="", job__in=jobs)))


def start(*, actions, title, by, at, query="", numbers=(), newest=None, key=None, is_again=False):
    """Promise the change; the worker makes it. The same key again gives the job that is there. Raises ValidationError.

    Whom the same was told lately is left out, unless it is meant to be told `is_again`.
    """
    tickets = tickets_of(user=by, at=at, query=query, numbers=numbers, newest=newest)
    if not is_again:
        tickets = tickets.exclude(told_lately(actions, by=by, at=at))
    with transaction.atomic():
        values = {"actions": actions, "title": title[:200], "by": by, "query": query, "newest": newest, "created_at": at, "moved_at": at}
        job, is_new = BulkJob.objects.get_or_create(key=key, defaults=values) if key else (BulkJob.objects.create(**values), True)
        if not is_new:
            return job
        if numbers or acting.says_something(actions):  # else the worker does: a view may hold most of a million tickets
            _gather(job, tickets)
        transaction.on_commit(lambda: tell_queue("desk.tasks.bulk", job.pk))
    return job


def undo(job, *, by, at):
    """Promise to put back what nobody has changed since. Raises NotNow, PermissionError."""
    if job.by_id != by.pk and not by.may_override:
        raise PermissionError(_("Only whoever did this, or a team lead, can undo it."))
    if not acting.can_be_undone(job.actions):
        raise NotNow(_("What has been written cannot be taken back."))
    moved = BulkJob.objects.filter(pk=job.pk, state=State.DONE).update(state=State.UNDOING, moved_at=at, finished_at=None)
    if not moved:
        raise NotNow(_("This is not done yet, or undone already."))
    transaction.on_commit(lambda: tell_queue("desk.tasks.bulk", job.pk))


def work(pk, *, at):
    """The next piece of a job. Gives whether there is more to do now; safe to call at any time, from anywhere, twice."""
    job = BulkJob.objects.select_related("by").filter(pk=pk).first()
    if job is None or job.state not in MOVING:
        return False
    if job.state == State.GATHERING:
        with transaction.atomic():
            if BulkJob.objects.select_for_update(no_key=True).get(pk=pk).state == State.GATHERING:
                _gather(job, tickets_of(user=job.by, at=at, query=job.query, newest=job.newest))
        return True
    with transaction.atomic(), because(job=job.pk):
        changes = list(_to_do(job).select_for_update(no_key=True, skip_locked=True).order_by("pk")[:SLICE])
        if changes:
            return _slice(job, changes, at)
    return _finish(job, at)


def standing_still(*, before):
    """The jobs that have not got on since then."""
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
    """One slice, whose changes are locked; tickets that somebody else holds wait for a later one. Nobody is waited for."""
    rows = Ticket.objects.filter(pk__in=[change.ticket_id for change in changes]).select_related("partner").only(*COLUMNS)
    tickets = {ticket.pk: ticket for ticket in rows.order_by("pk").select_for_update(no_key=True, skip_locked=True, of=("self",))}
    held = [change for change in changes if change.ticket_id in tickets]
    if not held:
        return False
    (_undo_slice if job.state == State.UNDOING else _do_slice)(job, held, tickets, at)
    column = "undone_at" if job.state == State.UNDOING else "done_at"
    for change in held:
        setattr(change, column, at)
    write_all(held, ["before", "after", "error", column])
    failed = 0 if job.state == State.UNDOING else sum(bool(change.error) for change in held)
    counted = {} if job.state == State.UNDOING else {"done": F("done") + len(held) - failed, "failed": F("failed") + failed}
    BulkJob.objects.filter(pk=job.pk).update(moved_at=at, **counted)
    return True


def _do_slice(job, changes, tickets, at):
    known = [(VOCABULARY[asked["do"]], asked["value"]) for asked in job.actions]
    if not all(action.makes for action, _value in known):
        for change in changes:
            _one(change, lambda c: acting.perform(c.ticket_id, job.actions, actor=job.by, at=at, asked_at=job.created_at, job=job.pk))
        return
    for change in changes:
        change.before, change.after = {}, {}
    for action, value in known:
        _make(job, changes, tickets, action.key(value, job.by), action.makes(value, job.by), at)


def _make(job, changes, tickets, key, wanted, at):
    """Make all tickets of the slice so at once, and keep what each was like."""
    old = {pk: traits.read(ticket, key) for pk, ticket in tickets.items()}
    changed, problem = set(), _("A ticket has at most %(most)s tags.") % {"most": tags.MOST}
    try:
        with transaction.atomic():
            changed = {t.pk for t in traits.put_many(tickets.values(), key, wanted, actor=job.by, at=at)}
    except Exception as error:
        problem = _said(error, job)
    for change in changes:
        if change.ticket_id in changed:
            change.before.setdefault(key, old[change.ticket_id])
            change.after[key] = wanted
        elif old[change.ticket_id] != wanted:
            change.error = problem


def _undo_slice(job, changes, tickets, at):
    """Put back in groups that were alike, where every trait can be set for many; one by one otherwise."""
    left = {change.pk: [] for change in changes}
    keys = {key for change in changes for key in change.before or ()}
    if all(map(traits.sets_many, keys)):
        for key in keys:
            _put_back(job, [c for c in changes if key in (c.before or ())], tickets, key, left, at)
    else:
        for change in changes:
            if change.before:
                left[change.pk] = acting.undo(change.ticket_id, change.before, change.after, actor=job.by, at=at, job=job.pk)
    for change in changes:
        if left[change.pk]:
            change.error = (_("Left as it is now: %(what)s") % {"what": ", ".join(map(traits.label, left[change.pk]))})[:300]


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
            _said(error, job)
            for change in alike:
                left[change.pk].append(key)


def _one(change, do):
    """One ticket by itself; what goes wrong with it is kept with it and stops none of the others."""
    try:
        with transaction.atomic():
            change.before, change.after = do(change)
    except Exception as error:
        change.error = _said(error, change.job)


def _said(error, job):
    return acting.why_not(error, f"A change of bulk job {job.pk}")[:300]


def _finish(job, at):
    """Nothing is left that nobody works at: done, once, and whoever asked for it is told."""
    end = State.UNDONE if job.state == State.UNDOING else State.DONE
    with transaction.atomic():
        if _to_do(job).exists():
            return False
        if BulkJob.objects.filter(pk=job.pk, state=job.state).update(state=end, finished_at=at, moved_at=at) and job.total > 1:
            kind = Notice.Kind.UNDONE if end == State.UNDONE else Notice.Kind.JOB
            notify(job.by, kind, f"job:{job.pk}:{end}", text=job.title, at=at)
    return False
