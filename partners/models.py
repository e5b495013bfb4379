"""Partners, their resellers and end users."""

from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from partners.access import OwnedQuerySet, owned
from partners.audit_log import CompanyEvent
from partners.invitations import Invitation
from partners.sessions import Session
from partners.users import ApiToken, User
from web.user_input import name_matches, starts_with, words_of

__all__ = ["ApiToken", "CompanyEvent", "EndUser", "Invitation", "Partner", "Reseller", "Session", "User"]


class PartnerQuerySet(OwnedQuerySet):
    owner = "pk"

    def search(self, text):
        """Return partners whose code starts with the text or whose name matches it, ordered by name; all of them for an empty text."""
        return self.filter(starts_with(text, "code") | name_matches(text, "name")).order_by("name", "code")

    def resolve(self, text):
        """Return the one partner meant by the text: by its code, else the only one starting with it, else the only one whose name
        matches. Raise ValidationError otherwise."""
        found = []
        for wanted in (Q(code__iexact=text), starts_with(text, "code", "name"), name_matches(text, "name")) if text else ():
            found = list(self.filter(wanted)[:2])
            if len(found) == 1:
                return found[0]
        raise ValidationError(_("More than one partner matches.") if found else _("No partner matches."))


class Partner(models.Model):
    """A company that buys from the vendor. It has resellers, end users and an account in its billing currency."""

    class Region(models.TextChoices):
        US = "US", _("United States")
        UK = "UK", _("United Kingdom")
        EU = "EU", _("Europe")
        OTHER = "OTHER", _("Other regions")

    class Currency(models.TextChoices):
        USD = "USD"
        EUR = "EUR"
        GBP = "GBP"

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=200)
    country = models.CharField(_("country"), max_length=2)
    region = models.CharField(_("region"), max_length=5, choices=Region.choices)
    currency = models.CharField(_("currency"), max_length=3, choices=Currency.choices)
    timezone = models.CharField(_("time zone"), max_length=60, default="UTC")
    billing_email = models.EmailField(_("billing e-mail"), blank=True)
    billing_email_since = models.DateTimeField(_("billing e-mail set at"), null=True, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=30, blank=True)
    address = models.TextField(_("address"), max_length=500, blank=True)
    usage_reports = models.BooleanField(_("receives monthly usage reports"), default=True, db_default=True)
    usage_reported_for = models.DateField(_("month of the last usage report"), null=True, blank=True)  # its first day

    objects = PartnerQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        indexes = [GinIndex(words_of("name"), name="partner_by_words_of_name")]
        constraints = [
            models.CheckConstraint(condition=Q(region__in=["US", "UK", "EU", "OTHER"]), name="partner_region_is_known"),
            models.CheckConstraint(condition=Q(currency__in=["USD", "EUR", "GBP"]), name="partner_currency_is_billed"),
        ]

    def __str__(self):
        return f"{self.name} ({self.code})"

    def first_contact(self):
        """Return the User with access who has been its contact for longest, or None."""
        return self.contacts.filter(is_active=True).order_by("pk").first()

    @property
    def query(self):
        """Return the query string that identifies it on the care team's pages: partner=NORD."""
        return urlencode({"partner": self.code})


class Reseller(models.Model):
    """A company that sells to end users on behalf of a partner."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="resellers")
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"), blank=True)
    # ORG-4: when this address was set, and when an end user last joined; null means since the beginning.
    email_since = models.DateTimeField(_("e-mail set at"), null=True, blank=True)
    joined_at = models.DateTimeField(_("last end user joined"), null=True, blank=True)
    # The key of the partner one of whose users signs in with this address; set on the rows that requests are judged by.
    signs_in_for = None

    objects = owned("partner")

    class Meta:
        ordering = ["code"]
        indexes = [
            models.Index(fields=["partner", "name", "id"], name="reseller_of_partner_by_name"),
            GinIndex(words_of("name"), name="reseller_by_words_of_name"),
        ]

    def __str__(self):
        return f"{self.name} ({self.code})"


class EndUser(models.Model):
    """A company that uses PBXs (the customer), served by a partner directly or through one of its resellers."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="end_users")
    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, related_name="end_users", null=True, blank=True)
    name = models.CharField(_("name"), max_length=200)
    country = models.CharField(_("country"), max_length=2, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    email_since = models.DateTimeField(_("e-mail set at"), null=True, blank=True)
    signs_in_for = None

    objects = owned("partner")

    class Meta:
        verbose_name = _("end user")
        ordering = ["code"]
        indexes = [
            models.Index(fields=["partner", "name", "id"], name="end_user_of_partner_by_name"),
            GinIndex(words_of("name"), name="end_user_by_words_of_name"),
        ]

    def __str__(self):
        return f"{self.name} ({self.code})"
