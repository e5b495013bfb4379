"""Rules about emergency calling (DID-10) and calls to special numbers (DID-14). Pure, like rules.py."""

from django.utils.translation import gettext as _

from classound.models import EmergencyLocation, SpecialNumber
from classound.numbers import grouped
from policies.countries import country_name
from policies.verdict import DENY, REQUIRE, WARN, Finding


def emergency_is_automatic(did, *, book):
    """Return whether emergency calling is automatic in the number's country on the day of the request (DID-10)."""
    return did.country in book.value("emergency.automatic_countries")


def location_can_be_validated(did, asked, address, *, book, field):
    """DID-10: the number must be in service and its location not already under validation; automatic ones need no request.

    `asked` is the DID's number or one inside its range, `address` a dict of EmergencyLocation.ADDRESS.
    """
    if did.status == did.Status.CANCELLED:
        return [Finding("DID-10", DENY, _("%(number)s has been cancelled.") % {"number": grouped(did.number)}, field, asked, final=True)]
    if emergency_is_automatic(did, book=book):
        message = _("Emergency calling for %(number)s is active without a request, as for all numbers in its country (%(country)s).")
        values = {"number": grouped(asked), "country": country_name(did.country)}
        return [Finding("DID-10", WARN, message % values, field, asked, policy=book.cite("emergency.automatic_countries"))]
    statuses = {location.status for location in did.emergency_locations.all() if location.number == asked}
    if statuses & set(EmergencyLocation.OPEN):
        message = _("The address of %(number)s is already being validated under another request.")
        return [Finding("DID-10", DENY, message % {"number": grouped(asked)}, field, asked, final=True)]
    findings = []
    if EmergencyLocation.Status.VALID in statuses:
        message = _("%(number)s has a validated address. It remains in force until the new one is validated and replaces it.")
        findings.append(Finding("DID-10", WARN, message % {"number": grouped(asked)}, field, asked))
    if address.get("country") and address["country"] != did.country:
        message = _("%(number)s belongs to a different country (%(country)s) from its address: the care team will check this.")
        values = {"number": grouped(asked), "country": country_name(did.country)}
        findings.append(Finding("DID-10", WARN, message % values, field, asked))
    return findings


def located_once(numbers, *, field):
    """DID-10: a number has one location, so a request can list it only once. `numbers` are all those in the request."""
    twice = sorted({number for number in numbers if numbers.count(number) > 1})
    message = _("%(number)s is listed more than once, but a number has only one address.")
    return [Finding("DID-10", DENY, message % {"number": grouped(number)}, field, number, final=True) for number in twice]


def special_number_is_reviewed(pbx, number, *, field):
    """DID-14: a person reviews each special number; one already granted or under review cannot be requested again.

    `pbx` is None until one is chosen.
    """
    known = {asked.decision for asked in pbx.special_numbers.all() if asked.number == number} if pbx else set()
    values = {"number": number, "pbx": pbx.name if pbx else ""}
    if SpecialNumber.Decision.GRANTED in known:
        return [Finding("DID-14", DENY, _("%(pbx)s can already call %(number)s.") % values, field, number, final=True)]
    if SpecialNumber.Decision.REQUESTED in known:
        message = _("A request for %(pbx)s to call %(number)s is already under review.")
        return [Finding("DID-14", DENY, message % values, field, number, final=True)]
    return [Finding("DID-14", REQUIRE, _("A person reviews %(number)s before calls to it are enabled.") % values, field, number)]
