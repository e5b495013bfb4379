"""Bulk jobs as pages show them: progress, failures and undo."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from desk.models import BulkJob
from desk.services import action_runner, bulk, canned
from tickets.models import Ticket
from tickets.models.ticket import long_columns

State = BulkJob.State
SAMPLE, FAILURES = 10, 100
TONES = {State.DONE: "ok", State.UNDONE: ""}


def sample(tickets):
    """Return a few of the tickets, newest first, for desk/_sample.html."""
    few = tickets.select_related("partner").defer(*long_columns()).order_by("-pk")[:SAMPLE]
    return [{**_ticket(ticket), "partner": ticket.partner.name, "status": ticket.status, "outcome": ticket.outcome} for ticket in few]


def example(lines, tickets, agent):
    """Return {number, lines}: the texts filled in for the newest ticket that has every placeholder; None without placeholders."""
    if not any(map(canned.VARIABLE.search, lines)):
        return None
    having = tickets.exclude(canned.incomplete_for(" ".join(lines)))
    first = having.select_related("partner", "requester").order_by("-pk").first()
    filled = first and [canned.fill(line, first, agent=agent) for line in lines]
    return {"number": first.pk, "lines": [new for old, new in zip(lines, filled, strict=True) if new != old]} if filled else None


def row(job, user):
    """Return one job for a list or the header of its page."""
    is_moving = job.state in bulk.MOVING
    through = _through(job)
    return {
        "title": job.title,
        "url": reverse("desk:job", args=[job.pk]),
        "by": str(job.by),
        "at": job.created_at,
        "finished_at": job.finished_at,
        "state": job.get_state_display(),
        "tone": TONES.get(job.state, "info"),
        "total": job.total,
        "done": job.done,
        "failed": job.failed,
        "through": through,
        "is_moving": is_moving,
        "is_undoing": job.state in (State.UNDOING, State.UNDONE),
        "progress_url": reverse("desk:job_progress", args=[job.pk]) if is_moving else "",
        "toast_url": f"{reverse('desk:job_toast')}?job={job.pk}",
        "undo_url": reverse("desk:job_undo", args=[job.pk]) if _may_undo(job, user) else "",
    }


def detail(job, user):
    """Return one job as `row` does, with a summary in words and, once it has finished, the results.

    `changed` counts tickets that it changed or wrote to; `idle` those that needed no change, as in the preview; `put_back` those that an
    undo has restored.
    """
    shown = row(job, user) | {"idle": 0, "changed": job.done, "put_back": None}
    if job.state in TONES:
        well = Q(error="")
        nothing = Q(pk__in=()) if action_runner.writes_messages(job.actions) else well & Q(before={})
        counts = {"idle": Count("pk", filter=nothing), "put_back": Count("pk", filter=well & ~Q(before={}))}
        found = job.changes.order_by().aggregate(**counts)
        shown |= {"idle": found["idle"], "changed": job.done - found["idle"]}
        shown["put_back"] = found["put_back"] if job.state == State.UNDONE else None
    return shown | {"summary": _summary(shown)}


def page_context(job, user):
    """Return the context of a job's page."""
    changed = list(job.changes.order_by("-ticket").values_list("ticket", flat=True)[:SAMPLE])
    failures = job.changes.exclude(error="").select_related("ticket").defer(*long_columns("ticket__"))
    return {
        "job": detail(job, user),
        "actions": action_runner.describe(job.actions, user=job.by, is_whole=True),
        "failures": [{**_ticket(change.ticket), "error": change.error} for change in failures[:FAILURES]],
        "tickets": sample(Ticket.objects.visible_to(user).filter(pk__in=changed)),
        "is_more": job.total > SAMPLE,
        "says_something": action_runner.writes_messages(job.actions),
        "queue_url": f"{reverse('desk:queue')}?{job.query}" if job.query else "",
    }


def _summary(shown):
    """Return the state and results in a few words."""
    put_back, changed = shown["put_back"], shown["changed"]
    n, failed = (changed, shown["failed"]) if put_back is None else (put_back, changed - put_back)
    told = ngettext("%(state)s: %(n)s ticket", "%(state)s: %(n)s tickets", n) % {"state": capfirst(shown["state"]), "n": n}
    if put_back is None and shown["idle"]:
        told += _(", %(n)s unchanged") % {"n": shown["idle"]}
    return told + ((_(", %(n)s failed") if put_back is None else _(", %(n)s not undone")) % {"n": failed} if failed else "")


def _through(job):
    """Return how many tickets the job has processed."""
    if job.state == State.UNDOING:
        return job.total - job.changes.filter(done_at__isnull=False, undone_at=None).count()
    return job.done + job.failed


def _may_undo(job, user):
    mine = job.by_id == user.pk or user.may_override
    return mine and job.state == State.DONE and job.done > 0 and action_runner.can_be_undone(job.actions)


def _ticket(ticket):
    return {"number": ticket.pk, "url": reverse("desk:ticket", args=[ticket.pk]), "subject": ticket.subject}


SKIPPED = {
    "idle": ngettext_lazy("%(n)s ticket needs no change.", "%(n)s tickets need no change.", "n"),
    "refused": ngettext_lazy(
        "%(n)s ticket is skipped because its status or type does not allow this change.",
        "%(n)s tickets are skipped because their status or type does not allow this change.",
        "n",
    ),
    "lacking": ngettext_lazy(
        "%(n)s ticket is skipped because a placeholder in the text has no value for it.",
        "%(n)s tickets are skipped because a placeholder in the text has no value for them.",
        "n",
    ),
}
AGAIN = ngettext_lazy(
    "%(n)s ticket got the same from you within the last hour and gets it again.",
    "%(n)s tickets got the same from you within the last hour and get it again.",
    "n",
)
NOT_AGAIN = ngettext_lazy(
    "%(n)s ticket got the same from you within the last hour and is left out, so that nobody reads it twice.",
    "%(n)s tickets got the same from you within the last hour and are left out, so that nobody reads it twice.",
    "n",
)


def skipped(seen):
    """Return sentences about the tickets that the change would skip."""
    return [words % {"n": seen[why]} for why, words in SKIPPED.items() if seen[why]]


def sent_recently(n, *, is_again):
    """Return sentences about tickets that this agent sent the same thing to recently."""
    return [(AGAIN if is_again else NOT_AGAIN) % {"n": n}] if n else []
