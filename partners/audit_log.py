"""The immutable history of changes to a company and its access: what was changed, by whom and when."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.access import owned

TEAM = (
    *("invited", "invited_again", "withdrawn", "joined", "changed", "access_ended", "access_given"),
    *("token_made", "token_revoked", "usage_reports"),
    *("webhook_added", "webhook_changed", "webhook_on", "webhook_off", "webhook_renewed", "webhook_deleted"),
)
CUSTOMERS = ("reseller_added", "reseller_changed", "reseller_deleted", "end_user_placed")


class CompanyEvent(models.Model):
    """A change made to a partner's team, tokens, webhooks, resellers or end users. A trigger makes the table append-only."""

    class Kind(models.TextChoices):
        """Each label is a sentence about the object of the change."""

        INVITED = "invited", _("Invited %(about)s")
        INVITED_AGAIN = "invited_again", _("Sent a link to %(about)s")
        WITHDRAWN = "withdrawn", _("Withdrew the invitation of %(about)s")
        JOINED = "joined", _("%(about)s accepted the invitation")
        CHANGED = "changed", _("Changed the details of %(about)s")
        ACCESS_ENDED = "access_ended", _("Ended the access of %(about)s")
        ACCESS_GIVEN = "access_given", _("Restored the access of %(about)s")
        TOKEN_MADE = "token_made", _("Created the API token %(about)s")
        TOKEN_REVOKED = "token_revoked", _("Revoked the API token %(about)s")
        WEBHOOK_ADDED = "webhook_added", _("Added the webhook %(about)s")
        WEBHOOK_CHANGED = "webhook_changed", _("Changed the events of the webhook %(about)s")
        WEBHOOK_ON = "webhook_on", _("Switched on the webhook %(about)s")
        WEBHOOK_OFF = "webhook_off", _("Switched off the webhook %(about)s")
        WEBHOOK_RENEWED = "webhook_renewed", _("Generated a new secret for the webhook %(about)s")
        WEBHOOK_DELETED = "webhook_deleted", _("Deleted the webhook %(about)s")
        USAGE_REPORTS = "usage_reports", _("Switched usage reports %(about)s")
        RESELLER_ADDED = "reseller_added", _("Added the reseller %(about)s")
        RESELLER_CHANGED = "reseller_changed", _("Changed the reseller %(about)s")
        RESELLER_DELETED = "reseller_deleted", _("Deleted the reseller %(about)s")
        END_USER_PLACED = "end_user_placed", _("Moved the end user %(about)s")

    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey("partners.User", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    about = models.CharField(max_length=300)
    detail = models.CharField(max_length=700, blank=True)

    objects = owned("partner")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["partner", "-at", "-id"], name="company_event_of_partner")]

    def __str__(self):
        return self.get_kind_display() % {"about": self.about}


def record(partner, kind, about, *, actor, at, detail=""):
    """Record that `actor` made this change. `about` names its object, `detail` adds more."""
    return CompanyEvent.objects.create(partner=partner, kind=kind, about=str(about)[:300], detail=detail[:700], actor=actor, at=at)
