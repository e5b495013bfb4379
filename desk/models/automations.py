"""When something happens, or time passes, and a ticket is such and such, then something is done; and the log of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tickets.models import ReaderOfEvents, Ticket


class Automation(models.Model):
    """`when`: a kind of event, or "time" with `hours` since `since`. `conditions` are all met, then `actions` are done in order."""

    title = models.CharField(_("title"), max_length=100, unique=True)
    when = models.CharField(_("when"), max_length=20)
    since = models.CharField(_("counted from"), max_length=20, blank=True)
    hours = models.PositiveIntegerField(_("hours"), null=True, blank=True)
    conditions = models.JSONField(_("and"), default=list, blank=True)
    actions = models.JSONField(_("then"), default=list)
    is_active = models.BooleanField(_("is on"), default=False)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    # Events up to this one are none of its business: they were there before it was switched on.
    seen_event = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(when="time", hours__isnull=False) | (~Q(when="time") & Q(hours__isnull=True)),
                name="an_automation_on_time_says_how_many_hours",
            )
        ]

    def __str__(self):
        return self.title


class AutomationRun(models.Model):
    """One ticket that an automation has to deal with, and from `done_at` on has dealt with; `did` says what was done.

    `key` makes it once per event, or per time the hours began to count.
    """

    automation = models.ForeignKey(Automation, on_delete=models.PROTECT, related_name="runs")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="automation_runs")
    key = models.CharField(max_length=60)
    at = models.DateTimeField()
    did = models.JSONField(default=list)
    error = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["automation", "ticket", "key"], name="an_automation_runs_once_for_a_cause")]
        indexes = [
            models.Index(fields=["automation", "-at", "-id"], name="run_of_automation"),
            models.Index(fields=["id"], condition=Q(done_at__isnull=True), name="run_to_do"),
        ]

    def __str__(self):
        return f"{self.automation_id} on {self.ticket_id}"


class EventReader(ReaderOfEvents):
    """How far events have been read for automations: one row."""

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="there_is_one_reader_of_events")]
