"""What changes partners, resellers and end users. Each function expects the caller's transaction."""

from partners.models import EndUser, Reseller


def move_reseller(reseller, partner):
    """Move a reseller with its end users to another partner (ORG-1); PBXs, DIDs and devices belong to end users and follow."""
    EndUser.objects.filter(reseller=reseller, partner=reseller.partner_id).update(partner=partner)
    Reseller.objects.filter(pk=reseller.pk).update(partner=partner)


def move_end_user(end_user, partner):
    """Move an end user to another partner (ORG-1). Its reseller stays behind; PBXs, DIDs and devices belong to it and follow."""
    EndUser.objects.filter(pk=end_user.pk).update(partner=partner, reseller=None)


def change_company(partner, changes):
    """Change the partner's own record: {field: new value}. Returns {field: (old, new)} of what is really different."""
    changed = {name: (getattr(partner, name), value) for name, value in changes.items() if getattr(partner, name) != value}
    for name, (_old, value) in changed.items():
        setattr(partner, name, value)
    if changed:
        partner.save(update_fields=list(changed))
    return changed
