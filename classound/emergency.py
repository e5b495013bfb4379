"""The state of emergency calling of a number (DID-10), derived from its locations. Pure, for pages and the API."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from classound.calling_rules import emergency_is_automatic
from classound.models import EmergencyLocation

Status = EmergencyLocation.Status
# The first of these that any location is in determines the state of the number.
ORDER = (Status.VALID, Status.SENT_BACK, Status.REQUESTED)


class Emergency(NamedTuple):
    """`state` is automatic, active, sent_back, requested, none, or "" for a number out of service; `tone` and `icon` style it."""

    state: str
    title: str
    tone: str = ""
    icon: str = ""


def emergency_of(did, *, book):
    """Return the Emergency state of a DID whose locations have been fetched. Its own location takes precedence over its numbers'."""
    if did.status == did.Status.CANCELLED:
        return Emergency("", "")
    if emergency_is_automatic(did, book=book):
        return Emergency("automatic", _("Automatic"))
    locations = did.emergency_locations.all()
    own = {location.status for location in locations if location.number == did.number}
    found = own or {location.status for location in locations}
    state = next((status for status in ORDER if status in found), None)
    return {
        Status.VALID: Emergency("active", _("Active") if own else _("Active for some"), "ok", "check"),
        Status.SENT_BACK: Emergency("sent_back", _("Address sent back"), "warn", "alert"),
        Status.REQUESTED: Emergency("requested", _("Being validated"), "info", "clock"),
        None: Emergency("none", _("No address")),
    }[state]
