"""Agents and their notices: skills, capacity, absence, preferences, and what each agent is notified of."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tickets.models import Event, Ticket

UNDO = 10  # seconds; the default
UNDO_SECONDS = [(UNDO, _("10 seconds")), (20, _("20 seconds")), (30, _("30 seconds")), (60, _("a minute")), (120, _("two minutes"))]


class Agent(models.Model):
    """Work settings of a staff member: topics, capacity, absence, and preferences for the desk's pages."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="agent")
    takes_tickets = models.BooleanField(_("gets new tickets automatically"), default=False)
    topics = ArrayField(models.CharField(max_length=20), verbose_name=_("topics"), default=list, blank=True)  # empty: every topic
    capacity = models.PositiveSmallIntegerField(_("maximum running tickets"), default=20)
    away_from = models.DateField(_("away from"), null=True, blank=True)
    away_until = models.DateField(_("away until"), null=True, blank=True)
    # Round robin: the agent whose last ticket was assigned longest ago is next.
    given_at = models.DateTimeField(null=True, blank=True)
    columns = ArrayField(models.CharField(max_length=20), default=list, blank=True)  # of the queue; empty: the default ones
    has_shortcuts = models.BooleanField(_("keyboard shortcuts"), default=True)
    undo_seconds = models.PositiveSmallIntegerField(_("a reply can be undone for"), default=UNDO, db_default=UNDO, choices=UNDO_SECONDS)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(away_from__isnull=True) | Q(away_until__isnull=True) | Q(away_until__gte=models.F("away_from")),
                name="an_absence_ends_after_its_beginning",
            ),
            models.CheckConstraint(condition=Q(undo_seconds__in=list(dict(UNDO_SECONDS))), name="a_reply_waits_as_long_as_is_offered"),
        ]

    def __str__(self):
        return str(self.user)

    def is_away(self, day):
        """Return whether this person is away on the day; an absence without an end date is open-ended."""
        if not (self.away_from or self.away_until):
            return False
        return (not self.away_from or self.away_from <= day) and (not self.away_until or day <= self.away_until)


class Notice(models.Model):
    """One notification of a staff member, such as a mention, an assignment, an answer or an approaching deadline."""

    class Kind(models.TextChoices):
        MENTION = "mention", _("mentioned you")
        ASSIGNED = "assigned", _("assigned to you")
        ANSWER = "answer", _("news on a ticket you follow")
        DUE = "due", _("due soon")
        AWAKE = "awake", _("snooze ended")
        JOB = "job", _("done")
        UNDONE = "undone", _("undone")
        UNSENT = "unsent", _("not sent")
        EXPIRED = "expired", _("confirmation link expired")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.CharField(max_length=120)  # identifies the news, so that each person gets it once
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    text = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="the_same_news_is_told_once")]
        indexes = [
            models.Index(fields=["user", "-at", "-id"], name="notice_of_user"),
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="notice_unread"),
        ]

    def __str__(self):
        return f"{self.kind} for {self.user_id}"
