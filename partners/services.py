"""Services that change partners, resellers and end users. Each function expects to run in the caller's transaction."""

from itertools import count

from django.utils.translation import ngettext

from engine.outages import Overtaken
from partners import rules
from partners.audit_log import CompanyEvent, record
from partners.models import EndUser, Partner, Reseller

Kind = CompanyEvent.Kind


def move_reseller(reseller, partner):
    """Move a reseller and its end users to another partner (ORG-1). PBXs, DIDs and devices belong to end users and follow."""
    EndUser.objects.filter(reseller=reseller, partner=reseller.partner_id).update(partner=partner)
    Reseller.objects.filter(pk=reseller.pk).update(partner=partner)


def move_end_user(end_user, partner):
    """Move an end user to another partner (ORG-1). Its reseller stays behind; PBXs, DIDs and devices belong to it and follow."""
    EndUser.objects.filter(pk=end_user.pk).update(partner=partner, reseller=None)


def change_company(partner, changes, *, at):
    """Update the partner's own record with {field: new value}. Return {field: (old, new)} for the values that differ."""
    changed = {name: (getattr(partner, name), value) for name, value in changes.items() if getattr(partner, name) != value}
    for name, (_old, value) in changed.items():
        setattr(partner, name, value)
    if "billing_email" in changed:
        partner.billing_email_since = at
    if changed:
        partner.save(update_fields=[*changed, "billing_email_since"])
    return changed


def add_reseller(partner, *, name, email, actor, at):
    """Create a reseller of the partner. Its code starts with the partner's, so that it reveals nothing about others' codes.

    Raise Overtaken if a colleague has just added one of this name.
    """
    Partner.objects.select_for_update(no_key=True).get(pk=partner.pk)
    if Reseller.objects.of_partner(partner).filter(name__iexact=name).exists():
        raise Overtaken(name)
    first = Reseller.objects.of_partner(partner).count() + 1
    codes = (f"{partner.code}-R{number}" for number in count(first))
    code = next(code for code in codes if not Reseller.objects.filter(code=code).exists())
    reseller = Reseller.objects.create(code=code, partner=partner, name=name, email=email, email_since=at)
    record(partner, Kind.RESELLER_ADDED, reseller, actor=actor, at=at)
    return reseller


def change_reseller(reseller, *, name, email, actor, at):
    """Change a reseller's name and address and return the previous address. The code stays, because requests and reports use it."""
    before, now = (reseller.name, reseller.email), (name, email)
    if before != now:
        reseller.name, reseller.email = now
        reseller.email_since = reseller.email_since if before[1] == email else at
        reseller.save(update_fields=["name", "email", "email_since"])
        detail = " → ".join(", ".join(filter(None, both)) for both in (before, now))
        record(reseller.partner, Kind.RESELLER_CHANGED, reseller.code, actor=actor, at=at, detail=detail)
    return before[1]


def delete_reseller(reseller, *, typed, transfers, actor, at):
    """Delete a reseller permanently (ORG-3). Its end users stay with the partner, without a reseller; return their number.

    `transfers` are the numbers of open requests that name it. Raise NotPossible.
    """
    rules.require([*rules.no_transfer_runs(reseller, transfers), *rules.name_was_typed(reseller, typed)])
    kept = reseller.end_users.update(reseller=None)
    record(reseller.partner, Kind.RESELLER_DELETED, reseller, actor=actor, at=at, detail=_kept(kept))
    reseller.delete()
    return kept


def place_end_user(end_user, reseller, *, transfers, actor, at):
    """Move an end user to another reseller of the same partner, or to none. `transfers`: {reseller code: open requests}."""
    old = end_user.reseller
    rules.require([*rules.stays_with_partner(end_user, reseller), *rules.reseller_changes(end_user, reseller)])
    rules.require([finding for place in (old, reseller) if place for finding in rules.no_transfer_runs(place, transfers.get(place.code))])
    end_user.reseller = reseller
    end_user.save(update_fields=["reseller"])
    if reseller:
        reseller.joined_at = at
        reseller.save(update_fields=["joined_at"])
    detail = f"{old.name if old else '–'} → {reseller.name if reseller else '–'}"
    record(end_user.partner, Kind.END_USER_PLACED, end_user, actor=actor, at=at, detail=detail)


def _kept(number):
    return ngettext("%(number)s end user kept", "%(number)s end users kept", number) % {"number": number}
