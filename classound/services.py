"""What changes DIDs. Each function expects the caller's transaction and locked rows."""

from classound.models import Did, PortingChange
from policies.days import after


def cancel_did(did, *, today):
    """End the DID's service today (GEN-2: never later); the FLAT count, which is counted from DIDs in service, follows."""
    did.status, did.cancelled_on = Did.Status.CANCELLED, today
    did.save(update_fields=["status", "cancelled_on"])


def send_porting_change(did, requested_date, *, source, today):
    """Ask the carrier for another porting date (DID-5). The source makes it once. Returns the PortingChange."""
    change, _created = PortingChange.objects.get_or_create(
        source=source,
        defaults={"did": did, "previous_date": did.porting_date, "requested_date": requested_date, "sent_on": today},
    )
    return change


def record_carrier_answer(change, *, confirmed_date, today):
    """Keep the carrier's answer: a date (maybe another than asked for) becomes the DID's porting date; None is a refusal."""
    change.outcome = PortingChange.Outcome.CONFIRMED if confirmed_date else PortingChange.Outcome.REFUSED
    change.confirmed_date, change.answered_on = confirmed_date, today
    change.save(update_fields=["outcome", "confirmed_date", "answered_on"])
    if confirmed_date:
        Did.objects.filter(pk=change.did_id).update(porting_date=confirmed_date, porting_confirmed=True)


def portings_ahead(*, book, today):
    """The DIDs that are ported so soon that their PBX has to be configured now (DID-6): confirmed, and not today yet."""
    soon = after(today, book.value("porting.configure_days_before"))
    return Did.objects.filter(porting_confirmed=True, status=Did.Status.ORDERED, porting_date__gt=today, porting_date__lte=soon)
