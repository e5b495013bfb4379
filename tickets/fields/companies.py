"""Fields for companies: resellers and end users of the partner, and other partners."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from partners.models import EndUser, Partner, Reseller, User
from tickets.fields.base import Candidate, OneOf

SIGNS_IN_FOR = Subquery(User.objects.filter(email=Lower(OuterRef("email"))).values("partner")[:1])


class ResellerField(OneOf):
    """A reseller of the partner, by its code."""

    shows = "name"
    nothing = _("You have no resellers yet.")
    unknown = _("%(value)s is not the code of one of your resellers.")

    @classmethod
    def queryset(cls):
        return Reseller.objects.annotate(signs_in_for=SIGNS_IN_FOR)

    def candidate(self, reseller):
        return Candidate(reseller.code, reseller.name, reseller.code, reseller)


class OtherPartnerField(forms.CharField):
    """Another partner, by its code. Partners do not see each other, so this cannot be chosen from a list."""

    def clean(self, value):
        code = super().clean(value)
        if not code:
            return None
        partner = Partner.objects.filter(code__in={code, code.upper()}).first()
        if partner is None:
            raise ValidationError(_("There is no partner with this code. Ask the new partner for its code."), code="unknown")
        return partner

    def as_json(self, partner):
        return partner.code

    def called(self, code, name):
        """Return the partner as shown among the answers once it has been asked; until then, nobody learns whose code it is."""
        return f"{name} ({code})"


class EndUserField(OneOf):
    """An end user of the partner, by its code."""

    shows = "name"
    nothing = _("You have no end users yet.")
    unknown = _("%(value)s is not the code of one of your end users.")

    @classmethod
    def queryset(cls):
        return EndUser.objects.select_related("reseller").annotate(signs_in_for=SIGNS_IN_FOR)

    def candidate(self, end_user):
        return Candidate(end_user.code, end_user.name, end_user.code, end_user)
