"""Services that change DIDs. Each function expects the caller's transaction and locked rows."""

from classound.models import Did, EmergencyLocation, PortingChange, SpecialNumber
from policies.days import after


def cancel_did(did, *, today):
    """Cancel the DID as of today (GEN-2: never later). The FLAT count, derived from DIDs in service, follows."""
    did.status, did.cancelled_on = Did.Status.CANCELLED, today
    did.save(update_fields=["status", "cancelled_on"])


def port_out(did, on):
    """DID-4: limit a number ported away without a request to outgoing calls; its renewal and billing continue unchanged.

    Return whether anything changed: only a number in service can be ported away, and only once.
    """
    if did.status != Did.Status.ACTIVE:
        return False
    did.status, did.ported_out_on = Did.Status.OUTGOING_ONLY, on
    did.save(update_fields=["status", "ported_out_on"])
    return True


def move_dids(dids, pbx):
    """Move DIDs to another PBX (DID-8). They take over its term and expiry, since a DID has none of its own (DID-9)."""
    Did.objects.filter(pk__in=[did.pk for did in dids]).update(pbx=pbx)


def send_porting_change(did, requested_date, *, source, today):
    """Ask the carrier for another porting date (DID-5), once per source. Return the PortingChange."""
    change, _created = PortingChange.objects.get_or_create(
        source=source,
        defaults={"did": did, "previous_date": did.porting_date, "requested_date": requested_date, "sent_on": today},
    )
    return change


def record_carrier_answer(change, *, confirmed_date, today):
    """Record the carrier's answer. A date, which may differ from the requested one, becomes the porting date; None is a refusal.

    Return whether the DID is still to be ported; one cancelled in the meantime keeps its dates.
    """
    change.outcome = PortingChange.Outcome.CONFIRMED if confirmed_date else PortingChange.Outcome.REFUSED
    change.confirmed_date, change.answered_on = confirmed_date, today
    change.save(update_fields=["outcome", "confirmed_date", "answered_on"])
    if change.did.status == Did.Status.CANCELLED:
        return False
    if confirmed_date:
        Did.objects.filter(pk=change.did_id).update(porting_date=confirmed_date, porting_confirmed=True)
    return True


def portings_ahead(*, book, today):
    """Return the DIDs whose confirmed porting is after today but so soon that their PBX must be configured now (DID-6)."""
    soon = after(today, book.value("porting.configure_days_before"))
    return Did.objects.filter(porting_confirmed=True, status=Did.Status.ORDERED, porting_date__gt=today, porting_date__lte=soon)


def request_location(did, number, address, *, source, today):
    """Register the address of a number's user for validation (DID-10), once per source. Return the EmergencyLocation.

    `number` is the DID's own or one inside its range; `address` has the fields EmergencyLocation.ADDRESS.
    """
    location, _created = EmergencyLocation.objects.get_or_create(
        source=source, number=number, defaults={"did": did, "requested_on": today} | _address(address)
    )
    return location


def _address(address):
    return {name: address.get(name, "") for name in EmergencyLocation.ADDRESS}


def validate_location(location, *, today):
    """Mark the address as valid, which activates emergency calling for the number and replaces its previous address."""
    Status = EmergencyLocation.Status
    EmergencyLocation.objects.filter(number=location.number, status=Status.VALID).exclude(pk=location.pk).update(status=Status.REPLACED)
    _decide_location(location, Status.VALID, "", today)


def send_location_back(location, reason, *, today):
    """Send an address that cannot be validated back to the partner for correction."""
    _decide_location(location, EmergencyLocation.Status.SENT_BACK, reason, today)


def leave_location_out(location, *, today, reason=""):
    """Leave the number without a (new) location in this request; if the care team decides so, it can give a reason."""
    _decide_location(location, EmergencyLocation.Status.LEFT_OUT, reason, today)


def _decide_location(location, status, reason, today):
    location.status, location.reason, location.decided_on = status, reason, today
    location.save(update_fields=["status", "reason", "decided_on"])


def correct_location(location, address):
    """Resubmit for validation an address that was sent back and has been corrected by the partner."""
    for name, value in _address(address).items():
        setattr(location, name, value)
    location.status, location.reason, location.decided_on = EmergencyLocation.Status.REQUESTED, "", None
    location.save()


def request_special_number(pbx, number, purpose, *, source, today):
    """Register a special number for review (DID-14), once per source. Return the SpecialNumber."""
    asked, _created = SpecialNumber.objects.get_or_create(
        source=source, number=number, defaults={"pbx": pbx, "purpose": purpose, "asked_on": today}
    )
    return asked


def decide_special_number(asked, decision, reason, *, today):
    """Record the decision on one special number."""
    asked.decision, asked.reason, asked.decided_on = decision, reason, today
    asked.save(update_fields=["decision", "reason", "decided_on"])
