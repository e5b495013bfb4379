"""Automations as pages show them: their rules in words, current matches and past runs."""

from datetime import timedelta

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import ngettext

from desk.models import Automation, AutomationRun
from desk.pages import jobs
from desk.pages.rail import bounded
from desk.services import action_runner, triggers
from desk.services import automations as service
from tickets.models.ticket import long_columns

MANY = 1000
LATELY = timedelta(days=30)


def lines(*, at):
    """Return the rows of the list with runs within LATELY (runs are kept forever) and the time of the last run."""
    done = AutomationRun.objects.filter(done_at__isnull=False)
    last = done.filter(automation=OuterRef("pk")).order_by("-at", "-pk").values("done_at")[:1]
    found = list(Automation.objects.annotate(last=Subquery(last)))
    lately = done.filter(automation__in=[one.pk for one in found], at__gte=at - LATELY).order_by().values("automation")
    counted = lately.annotate(ran=Count("pk"), failed=Count("pk", filter=~Q(error=""))).values_list("automation", "ran", "failed")
    numbers = {pk: {"ran": ran, "failed": failed} for pk, ran, failed in counted}
    return [shown(one) | {"last": one.last} | numbers.get(one.pk, {"ran": 0, "failed": 0}) for one in found]


def shown(automation, *, is_whole=False):
    """Return one automation in words; long texts are cut unless `is_whole`."""
    return {
        "title": automation.title,
        "url": reverse("desk:automation", args=[automation.pk]),
        "switch_url": reverse("desk:automation_switch", args=[automation.pk]),
        "is_active": automation.is_active,
        "when": _when(automation),
        "conditions": [_inside(text) for text in triggers.in_words(automation.conditions)],
        "actions": [_inside(text) for text in action_runner.describe(automation.actions, user=None, is_whole=is_whole)],
    }


def matched(automation, *, at):
    """Return the tickets it matches now: their count (up to MANY) and a sample."""
    found = service.matches(automation, at=at)
    count = found.order_by().values("pk")[:MANY].count()
    return {"count": bounded(count, MANY), "tickets": jobs.sample(found), "is_time": automation.when == triggers.TIME}


def runs(pk):
    """Return the completed runs of an automation."""
    found = AutomationRun.objects.filter(automation=pk, done_at__isnull=False)
    return found.select_related("ticket").defer(*long_columns("ticket__"))


def log(found):
    """Return the rows of the log."""
    return [
        {
            "at": run.done_at,
            "number": run.ticket_id,
            "url": reverse("desk:ticket", args=[run.ticket_id]),
            "subject": run.ticket.subject,
            "did": run.did,
            "error": run.error,
        }
        for run in found
    ]


def _inside(text):
    """Return the text with a lower-case first letter, for use within a sentence."""
    return text[:1].lower() + text[1:]


def _when(automation):
    if automation.when != triggers.TIME:
        return str(triggers.EVENTS[automation.when][0])
    what = triggers.TIMES[automation.since][0]
    days, hours = divmod(automation.hours, 24)
    if hours or not days:
        return ngettext("%(n)s hour has passed since %(what)s", "%(n)s hours have passed since %(what)s", automation.hours) % {
            "n": automation.hours,
            "what": what,
        }
    return ngettext("%(n)s day has passed since %(what)s", "%(n)s days have passed since %(what)s", days) % {"n": days, "what": what}
