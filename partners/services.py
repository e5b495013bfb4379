"""What changes partners, resellers and end users. Each function expects the caller's transaction."""

from partners.models import EndUser, Reseller


def move_reseller(reseller, partner):
    """Move a reseller with its end users to another partner (ORG-1); PBXs, DIDs and devices belong to end users and follow."""
    EndUser.objects.filter(reseller=reseller, partner=reseller.partner_id).update(partner=partner)
    Reseller.objects.filter(pk=reseller.pk).update(partner=partner)
