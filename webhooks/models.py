"""Addresses of partners' own systems that are told what happens on their requests, and what was told."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.access import owned
from partners.models import Partner
from tickets.models import Event, ReaderOfEvents

LONGEST_URL = 500


class Webhook(models.Model):
    """One address of a partner. Events up to `seen_event` are none of its business: they were there before it was switched on.

    `next_at` is when it may be called next, also while a worker is at it; `failures` are those since it last answered well,
    `failing_since` the first of them. Off from `off_at` on, `why_off` says why when we did that. Its secret is made from `generation`
    (webhooks/signing.py) and is kept nowhere; the one before holds for a day after `renewed_at`. Of `kinds` of events it is told, of
    all for none: also of those that come to be later.
    """

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="webhooks")
    url = models.CharField(_("address"), max_length=LONGEST_URL)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    seen_event = models.BigIntegerField()
    kinds = ArrayField(models.CharField(max_length=20), default=list, db_default=[], blank=True)
    generation = models.PositiveSmallIntegerField(default=1)
    renewed_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    off_at = models.DateTimeField(null=True, blank=True)
    why_off = models.CharField(max_length=300, blank=True)

    objects = owned("partner")

    class Meta:
        ordering = ["pk"]
        verbose_name, verbose_name_plural = _("webhook"), _("webhooks")
        constraints = [models.UniqueConstraint(fields=["partner", "url"], name="an_address_of_a_partner_is_told_once")]

    def __str__(self):
        return self.url

    def wants(self, kind):
        """Whether it is to be told of events of a kind."""
        return not self.kinds or kind in self.kinds


class WebhookCall(models.Model):
    """One event that a webhook is told of, or without an event a trial; `answer` is what came back last, sent once `sent_at` is there."""

    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="calls")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    made_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = owned("webhook__partner")

    class Meta:
        ordering = ["-pk"]
        verbose_name, verbose_name_plural = _("call of a webhook"), _("calls of webhooks")
        constraints = [models.UniqueConstraint(fields=["webhook", "event"], name="a_webhook_is_told_of_an_event_once")]
        indexes = [
            models.Index(fields=["webhook", "id"], condition=Q(sent_at__isnull=True), name="call_to_make"),
            models.Index(fields=["webhook", "-id"], name="call_of_webhook"),
            models.Index(fields=["made_at"], name="call_to_forget"),
        ]

    def __str__(self):
        return f"{self.event_id or 'trial'} to {self.webhook_id}"


class EventReader(ReaderOfEvents):
    """How far events have been read for webhooks: one row."""

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="there_is_one_reader_for_webhooks")]
