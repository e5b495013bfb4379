"""The agreement of a third party by e-mailed link, or by a signed letter that an agent attaches (ORG-1)."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.access import owned
from partners.models import Partner
from partners.users import digest_of
from tickets.models.ticket import Ticket
from tickets.models.timeline import Attachment


class Confirmation(models.Model):
    """One party's decision about a ticket. Only the SHA-256 of the link's token is stored; a decision never changes."""

    class Party(models.TextChoices):
        SUBJECT = "subject", _("Reseller or end user")
        CURRENT_PARTNER = "current_partner", _("Current partner")
        NEW_PARTNER = "new_partner", _("New partner")

    class Decision(models.TextChoices):
        AGREED = "agreed", _("Agreed")
        DECLINED = "declined", _("Declined")

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="confirmations")
    party = models.CharField(_("party"), max_length=20, choices=Party.choices)
    name = models.CharField(_("company"), max_length=200)
    email = models.EmailField(_("e-mail"), blank=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    digest = models.CharField(max_length=64, unique=True, null=True, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    letter = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    objects = owned("ticket__partner")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "party"], name="a_party_confirms_a_ticket_once"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True) | (~Q(decision="") & Q(decided_at__isnull=False)),
                name="a_decision_has_its_time",
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], condition=Q(decision=""), name="confirmation_undecided")]

    def __str__(self):
        return f"{self.party} on {self.ticket_id}"

    def renew_link(self, *, expires_at, sent_at=None):
        """Give the link a new token, so that the previous link stops working. Return the token, which is stored nowhere else.

        One UPDATE only: if a transaction changes a row twice, PostgreSQL checks its foreign key to the ticket and would wait for its lock.
        """
        token = secrets.token_urlsafe(32)
        self.digest, self.expires_at, self.sent_at = digest_of(token), expires_at, sent_at
        self.save(update_fields=["digest", "expires_at", "sent_at"])
        return token
