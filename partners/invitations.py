"""Invitations to a partner's team (ORG-2). A contact is made when the mailed link is used, so inviting tells nothing about an address."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.access import OwnedQuerySet
from partners.letters import account_letter
from partners.users import User, digest_of

OPEN = Q(accepted_at=None, withdrawn_at=None)


class InvitationQuerySet(OwnedQuerySet):
    def open(self):
        """Those that were neither accepted nor taken back; they may have expired."""
        return self.filter(OPEN)

    def behind(self, secret, *, now):
        """The open invitation whose link holds this secret and is still good, as a queryset."""
        return self.open().filter(digest=digest_of(secret), expires_at__gt=now)


class Invitation(models.Model):
    """An address that a partner invited, with the name and label the contact will have. Only a digest of the link's secret is kept."""

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
        """Give the invitation a new secret, so that an earlier link stops working; saves it and returns the secret, kept nowhere else."""
        secret = secrets.token_urlsafe(32)
        self.digest, self.invited_by, self.sent_at, self.expires_at = digest_of(secret), by, at, expires_at
        self.save()
        return secret

    def mail(self, secret):
        """The mail to the invited. Who has an account already is told so, and that one address is one account; only they read it."""
        kind = "team_known" if User.objects.filter(email=self.email).exists() else "team_invitation"
        context = {"invitation": self, "site": settings.SITE_URL, "link": settings.SITE_URL + reverse("invitation", args=[secret])}
        return account_letter(kind, self.email, context, button=_("Accept the invitation"))
