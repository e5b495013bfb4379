"""What became of each mail that came in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models import User
from tickets.models import Event, Ticket


class InboundMail(models.Model):
    """A mail that came in, by the digest of its bytes; without an outcome it is still to be dealt with.

    Its words are on the ticket. What is kept here says why others are not, for whoever is asked where a mail has gone.
    """

    class Outcome(models.TextChoices):
        TAKEN = "taken", _("On the ticket")
        REFUSED = "refused", _("Sent back with the reason")
        UNKNOWN = "unknown", _("Not an answer of a reader of ours")
        AUTOMATIC = "automatic", _("Written by a program")
        RETURNED = "returned", _("Says that a mail of ours was not delivered")
        TWICE = "twice", _("Came a second time")
        TOO_MANY = "too_many", _("Too many in an hour")
        UNREADABLE = "unreadable", _("Could not be read")

    digest = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField(_("received"), db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(_("what became of it"), max_length=12, choices=Outcome.choices, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    message_id = models.CharField("Message-ID", max_length=250, blank=True)
    sender = models.CharField(_("sender"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        verbose_name = _("inbound mail")
        verbose_name_plural = _("inbound mails")
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["user", "received_at"], name="inbound_mail_of_reader"),
            models.Index(fields=["sender"], name="inbound_mail_by_sender", opclasses=["varchar_pattern_ops"]),
        ]

    def __str__(self):
        return f"{self.sender}: {self.subject}"
