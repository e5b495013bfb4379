"""Invitations to a partner's team (ORG-2). The contact is created when the link is used, so inviting reveals nothing about an address."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.access import OwnedQuerySet
from partners.email_parts import account_email
from partners.users import User, digest_of

OPEN = Q(accepted_at=None, withdrawn_at=None)


class InvitationQuerySet(OwnedQuerySet):
    def open(self):
        """Return invitations that were neither accepted nor withdrawn; they may have expired."""
        return self.filter(OPEN)

    def behind(self, secret, *, now):
        """Return, as a queryset, the open and unexpired invitation whose link contains this secret."""
        return self.open().filter(digest=digest_of(secret), expires_at__gt=now)


class Invitation(models.Model):
    """An address invited by a partner, with the contact's future name and label. Only a digest of the link's secret is stored."""

    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(_("e-mail"), max_length=254)
    full_name = models.CharField(_("full name"), max_length=200)
    label = models.CharField(_("label"), max_length=20, choices=User.Label.choices, blank=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    digest = models.CharField(max_length=64, unique=True, editable=False)
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["full_name", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invited_email_is_in_small_letters"),
            models.UniqueConstraint(fields=["partner", "email"], condition=OPEN, name="an_address_is_invited_once_at_a_time"),
        ]

    def __str__(self):
        return f"{self.full_name} ({self.email})"

    def renew(self, *, by, at, expires_at):
        """Set a new secret, which invalidates earlier links, save the invitation and return the secret, which is stored nowhere else."""
        secret = secrets.token_urlsafe(32)
        self.digest, self.invited_by, self.sent_at, self.expires_at = digest_of(secret), by, at, expires_at
        self.save()
        return secret

    def mail(self, secret):
        """Return the e-mail to the invited person. If they already have an account, it says so, to them alone: one address, one account."""
        kind = "team_known" if User.objects.filter(email=self.email).exists() else "team_invitation"
        context = {"invitation": self, "site": settings.SITE_URL, "link": settings.SITE_URL + reverse("invitation", args=[secret])}
        return account_email(kind, self.email, context, button=_("Accept invitation"))
