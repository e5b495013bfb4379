"""The confirmations card: the address each party was asked at, and whether it has changed (ORG-4)."""

from django.utils.translation import gettext as _

from partners.models import CompanyEvent
from policies.wording import day_in_full
from tickets.models import Confirmation
from tickets.pages import rows
from tickets.types import kind_of

Kind, Party = CompanyEvent.Kind, Confirmation.Party
SHOWN = 5  # latest changes to the reseller being moved


def read(ticket, asked, verdict, *, now):
    """Return the parties with `address` and `address_note`, and recent changes to the reseller or end user being moved."""
    moved = asked.get(kind_of(ticket).moved)
    present = {Party.SUBJECT: moved and (moved.email, moved.email_since)}
    parties = rows.parties(ticket, now=now, for_staff=True, overtaken=not moved)
    for row, confirmation in zip(parties, ticket.confirmations.all(), strict=True):
        partner = confirmation.partner
        now_at = present.get(confirmation.party) or (partner and (partner.billing_email, partner.billing_email_since))
        notes = [_note(confirmation, *now_at) if now_at else "", _whose(confirmation, moved, ticket)]
        row |= {"address": confirmation.email or _("no address"), "address_note": "; ".join(filter(None, notes))}
    looked_into = moved and any(finding.rule == "ORG-4" for finding in verdict.findings)
    return {"parties": parties, "moved_events": _changes(ticket, moved) if looked_into else []}


def _note(confirmation, present, since):
    """Return a note on the address: since when it applies, or the current one if it has changed since."""
    day = since and day_in_full(since.date())
    if confirmation.email == present:
        return _("since %(day)s") % {"day": day} if day else ""
    if confirmation.party != Party.SUBJECT:  # partners are asked at both their contacts' and their billing address
        return _("billing e-mail since %(day)s") % {"day": day} if day else ""
    told = _("now %(address)s, since %(day)s") if day else _("now %(address)s")
    return told % {"address": present or _("no address"), "day": day}


def _whose(confirmation, moved, ticket):
    """Return a warning if the moved party was asked at another party's address, because that party could then answer."""
    address = confirmation.email.lower()
    if confirmation.party != Party.SUBJECT or not address:
        return ""
    for other in ticket.confirmations.all():
        signs_in = moved and moved.email.lower() == address and moved.signs_in_for == other.partner_id
        if other != confirmation and (signs_in or other.email.lower() == address):
            return _("also an address of %(company)s") % {"company": other.name}
    return ""


def _changes(ticket, moved):
    """Return the partner's latest changes to the one being moved: address, name, end users placed with it."""
    events = CompanyEvent.objects.filter(
        partner=ticket.partner, kind__in=(Kind.RESELLER_ADDED, Kind.RESELLER_CHANGED, Kind.END_USER_PLACED)
    )
    theirs = events.filter(about=moved.code) | events.filter(about=str(moved)) | events.filter(detail__endswith=f" → {moved.name}")
    return theirs.select_related("actor")[:SHOWN]
