"""Incoming e-mails and their outcomes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models import User
from tickets.models import Event, Ticket


class InboundMail(models.Model):
    """An incoming e-mail, identified by the digest of its bytes; without an outcome it is still to be processed.

    Its text is on the ticket. This row records why an e-mail was not added to one, for anybody looking for it.
    """

    class Outcome(models.TextChoices):
        TAKEN = "taken", _("Added to the ticket")
        REFUSED = "refused", _("Returned with the reason")
        UNKNOWN = "unknown", _("Not a reply from a known user")
        AUTOMATIC = "automatic", _("Automatic message")
        RETURNED = "returned", _("Delivery failure report")
        TWICE = "twice", _("Duplicate")
        TOO_MANY = "too_many", _("Too many within an hour")
        UNREADABLE = "unreadable", _("Could not be read")

    digest = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField(_("received"), db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    message_id = models.CharField("Message-ID", max_length=250, blank=True)
    sender = models.CharField(_("sender"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        verbose_name = _("incoming e-mail")
        verbose_name_plural = _("incoming e-mails")
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["user", "received_at"], name="inbound_mail_of_reader"),
            models.Index(fields=["sender"], name="inbound_mail_by_sender", opclasses=["varchar_pattern_ops"]),
        ]

    def __str__(self):
        return f"{self.sender}: {self.subject}"
