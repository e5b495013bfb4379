"""What changes DIDs. Each function expects the caller's transaction and locked rows."""

from classound.models import Did, EmergencyLocation, PortingChange, SpecialNumber
from policies.days import after


def cancel_did(did, *, today):
    """End the DID's service today (GEN-2: never later); the FLAT count, which is counted from DIDs in service, follows."""
    did.status, did.cancelled_on = Did.Status.CANCELLED, today
    did.save(update_fields=["status", "cancelled_on"])


def port_out(did, on):
    """DID-4: a number ported away without a request serves outgoing calls only; its renewal and billing stay as they are.

    Returns whether that changed anything: only a number in service can be ported away, and only once.
    """
    if did.status != Did.Status.ACTIVE:
        return False
    did.status, did.ported_out_on = Did.Status.OUTGOING_ONLY, on
    did.save(update_fields=["status", "ported_out_on"])
    return True


def move_dids(dids, pbx):
    """Move DIDs to another PBX (DID-8). They have its term and expiry from then on, since a DID has none of its own (DID-9)."""
    Did.objects.filter(pk__in=[did.pk for did in dids]).update(pbx=pbx)


def send_porting_change(did, requested_date, *, source, today):
    """Ask the carrier for another porting date (DID-5). The source makes it once. Returns the PortingChange."""
    change, _created = PortingChange.objects.get_or_create(
        source=source,
        defaults={"did": did, "previous_date": did.porting_date, "requested_date": requested_date, "sent_on": today},
    )
    return change


def record_carrier_answer(change, *, confirmed_date, today):
    """Keep the carrier's answer: a date (maybe another than asked for) becomes the DID's porting date; None is a refusal.

    Returns whether the DID is still to be ported: one that was cancelled meanwhile keeps its dates as they were.
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
    """The DIDs that are ported so soon that their PBX has to be configured now (DID-6): confirmed, and not today yet."""
    soon = after(today, book.value("porting.configure_days_before"))
    return Did.objects.filter(porting_confirmed=True, status=Did.Status.ORDERED, porting_date__gt=today, porting_date__lte=soon)


def request_location(did, number, address, *, source, today):
    """Take in the address of a number's user for validation (DID-10). The source makes it once. Returns the EmergencyLocation.

    `number` is the DID's own or one inside its range; `address` has the fields EmergencyLocation.ADDRESS.
    """
    location, _created = EmergencyLocation.objects.get_or_create(
        source=source, number=number, defaults={"did": did, "requested_on": today} | _address(address)
    )
    return location


def _address(address):
    return {name: address.get(name, "") for name in EmergencyLocation.ADDRESS}


def validate_location(location, *, today):
    """The address is valid: emergency calling of the number is active, and the address it had before is history."""
    Status = EmergencyLocation.Status
    EmergencyLocation.objects.filter(number=location.number, status=Status.VALID).exclude(pk=location.pk).update(status=Status.REPLACED)
    _decide_location(location, Status.VALID, "", today)


def send_location_back(location, reason, *, today):
    """The address cannot be validated; the partner corrects it."""
    _decide_location(location, EmergencyLocation.Status.SENT_BACK, reason, today)


def leave_location_out(location, *, today, reason=""):
    """The number gets no (new) location by this request after all; where it was the care team that left it out it may say why."""
    _decide_location(location, EmergencyLocation.Status.LEFT_OUT, reason, today)


def _decide_location(location, status, reason, today):
    location.status, location.reason, location.decided_on = status, reason, today
    location.save(update_fields=["status", "reason", "decided_on"])


def correct_location(location, address):
    """The partner has corrected an address that was sent back: it is validated again."""
    for name, value in _address(address).items():
        setattr(location, name, value)
    location.status, location.reason, location.decided_on = EmergencyLocation.Status.REQUESTED, "", None
    location.save()


def request_special_number(pbx, number, purpose, *, source, today):
    """Take a special number in for review (DID-14). The source makes it once. Returns the SpecialNumber."""
    asked, _created = SpecialNumber.objects.get_or_create(
        source=source, number=number, defaults={"pbx": pbx, "purpose": purpose, "asked_on": today}
    )
    return asked


def decide_special_number(asked, decision, reason, *, today):
    """Keep what was decided of one special number."""
    asked.decision, asked.reason, asked.decided_on = decision, reason, today
    asked.save(update_fields=["decision", "reason", "decided_on"])
