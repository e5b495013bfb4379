"""Webhooks, the addresses of partners' own systems that we call about events, and the calls made."""

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
    """An address of a partner. Events up to `seen_event` are ignored: they happened before it was switched on.

    `next_at` is when it may be called next, also while a worker is calling it; `failures` counts those since the last success and
    `failing_since` dates the first of them. `off_at` is when it was switched off, `why_off` the reason if we did it. The secret is derived
    from `generation` (webhooks/signing.py) and stored nowhere; the previous one is valid for a day after `renewed_at`. `kinds` are the
    kinds of events it is called for; if empty, all of them, including those added later.
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
        """Return whether the webhook is called for events of this kind."""
        return not self.kinds or kind in self.kinds


class WebhookCall(models.Model):
    """A call for an event, or a test call without one; `answer` is the latest result, and `sent_at` is set once it was accepted."""

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
        verbose_name, verbose_name_plural = _("webhook call"), _("webhook calls")
        constraints = [models.UniqueConstraint(fields=["webhook", "event"], name="a_webhook_is_told_of_an_event_once")]
        indexes = [
            models.Index(fields=["webhook", "id"], condition=Q(sent_at__isnull=True), name="call_to_make"),
            models.Index(fields=["webhook", "-id"], name="call_of_webhook"),
            models.Index(fields=["made_at"], name="call_to_forget"),
        ]

    def __str__(self):
        return f"{self.event_id or 'trial'} to {self.webhook_id}"


class EventReader(ReaderOfEvents):
    """The last event that webhooks have read: a single row."""

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="there_is_one_reader_for_webhooks")]
