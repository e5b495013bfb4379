"""Problems that need an administrator: noticed by the worker, shown on pages, e-mailed when they persist and when they have ended.

Only the worker writes. It can report its own absence only afterwards; until then, pages detect it by the missing heartbeat.
"""

import datetime

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from partners.models import User
from tickets.models import Mail, TicketCharge, Trouble
from tickets.services import outbox, task_failures
from tickets.services.attaching import free_bytes
from tickets.services.mailing import PATIENCE

HEARTBEAT = "worker-heartbeat"
OLD = datetime.timedelta(seconds=60)  # age of a heartbeat, or of work that usually takes seconds, from which it counts as a problem
SHOWN = datetime.timedelta(minutes=2)  # a mail server that is briefly unavailable is not worth showing
NEAR = 10_000  # how many keys before the newest waiting e-mail to look for one sent since
NEARLY_FULL = 5  # times the reserved free space: with less, somebody has to free up disk space
STEP = 100 * 2**20  # bytes; rounding, so that the text does not change all the time
KINDS = ("trouble", "trouble_over")  # kinds of the e-mails about it
K = Trouble.Kind


@transaction.atomic
def record_heartbeat(*, at):
    """Show that scheduler, queue and worker are alive; record a silence that persisted, so that its end is reported."""
    last = last_heartbeat()
    if last and at - last >= reporting_delay():
        Trouble.objects.create(kind=K.WORKER, since=last, over_at=at, told_at=at)
    cache.set(HEARTBEAT, at.isoformat(), timeout=None)


def last_heartbeat():
    """Return when worker, queue and scheduler last worked together, or None."""
    last = cache.get(HEARTBEAT)
    return last and datetime.datetime.fromisoformat(last)


def reporting_delay():
    """Return how long a problem persists before administrators are e-mailed about it."""
    return datetime.timedelta(minutes=settings.TROUBLE_MINUTES)


def report(kind, *, since, detail=""):
    """Record a problem that exists since then; while it persists, the latest `detail` is stored."""
    detail = "".join(char for char in str(detail) if char.isprintable())[:300]
    row, is_new = Trouble.objects.get_or_create(kind=kind, over_at=None, defaults={"since": since, "detail": detail})
    if not is_new and row.detail != detail:
        Trouble.objects.filter(pk=row.pk).update(detail=detail)


def resolve(kind, *, at):
    """Record that the problem has ended, if there was one."""
    Trouble.objects.filter(kind=kind, over_at=None).update(over_at=at)


def current_problems(*, at):
    """Return the current problems as Trouble objects, oldest first. Two queries."""
    found, last = list(Trouble.objects.filter(over_at=None, since__lte=at - SHOWN)), last_heartbeat()
    if last is None or abs(at - last) >= OLD:
        found.append(Trouble(kind=K.WORKER, since=last))
    return sorted(found, key=lambda one: one.since or at)


def watch(*, at):
    """Look for problems, and owe the e-mails about those that persist or have ended. Safe to repeat at any time."""
    _watch_tasks(at)  # first: the task that keeps failing may be this one
    for kind, find in ((K.MAILS, _mails), (K.CHARGES, _charges), (K.DISK, _disk)):
        if found := find(at - OLD):
            report(kind, **found)
        else:
            resolve(kind, at=at)
    for row in Trouble.objects.filter(over_at=None, told_at=None, since__lte=at - reporting_delay()):
        _tell(row, "trouble", "told_at", at)
    for row in Trouble.objects.filter(over_at__isnull=False, told_at__isnull=False, end_told_at=None):
        _tell(row, "trouble_over", "end_told_at", at)


def _mails(before):
    """Report waiting e-mails if none was sent since the newest was written; a bad address or a long queue alone is no problem."""
    waiting = Mail.objects.filter(sent_at=None, attempts__lt=PATIENCE, created_at__lt=before).exclude(kind__in=KINDS)
    newest = waiting.order_by("-created_at", "-pk").first()
    if newest is None:
        return None
    last = Mail.objects.filter(pk__gt=newest.pk - NEAR).aggregate(at=Max("sent_at"))["at"]
    if last and last >= newest.created_at:
        return None
    oldest = (waiting.filter(created_at__gt=last) if last else waiting).order_by("created_at", "pk").first()
    return {"since": oldest.created_at, "detail": oldest.error}


def _charges(before):
    oldest = TicketCharge.objects.filter(due_at__lt=before, posted_at=None).order_by("due_at").values_list("due_at", flat=True).first()
    return oldest and {"since": oldest}


def _disk(before):
    """Report low disk space while files are still accepted."""
    free = free_bytes()
    if free >= settings.ATTACHMENT_FREE_BYTES * NEARLY_FULL:
        return None
    return {"since": before + OLD, "detail": _("Less than %(size)s MB left.") % {"size": (free // STEP + 1) * STEP // 2**20}}


def _watch_tasks(at):
    """Report periodic tasks that keep failing. While Redis is unavailable nothing is known, and the problem stays as it was."""
    failing = task_failures.failing()
    if failing:
        report(K.TASKS, since=failing[0].since, detail=", ".join(f"{one.name} ({one.error})" for one in failing))
    elif failing is not None:
        resolve(K.TASKS, at=at)


@transaction.atomic
def _tell(row, kind, column, at):
    """Owe every administrator one e-mail about the problem, and record that they were notified."""
    if not Trouble.objects.filter(pk=row.pk, **{column: None}).update(**{column: at}):
        return  # another worker was faster
    administrators = User.objects.administrators()
    mails = [
        Mail(key=f"{kind}:{row.pk}:{user.pk}", kind=kind, to=user.email, data={"trouble": row.pk, "reader": str(user)}, created_at=at)
        for user in administrators
    ]
    Mail.objects.bulk_create(mails, ignore_conflicts=True)
    outbox.notify_after_commit()
