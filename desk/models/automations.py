"""Automations (when something happens or time passes, and conditions are met, do this) and the log of their runs."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tickets.models import ReaderOfEvents, Ticket


class Automation(models.Model):
    """An automation: `when` is a kind of event, or "time" with `hours` since `since`.

    All `conditions` have to be met; then the `actions` are performed in order.
    """

    title = models.CharField(_("title"), max_length=100, unique=True)
    when = models.CharField(_("when"), max_length=20)
    since = models.CharField(_("counted from"), max_length=20, blank=True)
    hours = models.PositiveIntegerField(_("hours"), null=True, blank=True)
    conditions = models.JSONField(_("and"), default=list, blank=True)
    actions = models.JSONField(_("then"), default=list)
    is_active = models.BooleanField(_("active"), default=False)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    # Events up to this one are ignored: they happened before it was switched on.
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
    """One ticket to be handled by an automation, and handled once `done_at` is set; `did` lists what was done.

    `key` is unique per event, or per moment from which the hours are counted, so that each cause is handled once.
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
    """The last event that automations have read: a single row."""

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="there_is_one_reader_of_events")]
