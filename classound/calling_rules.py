"""Rules about what numbers may call: emergency services (DID-10) and special numbers (DID-14). Pure, like rules.py."""

from django.utils.translation import gettext as _

from classound.models import EmergencyLocation, SpecialNumber
from classound.numbers import grouped
from policies.countries import country_name
from policies.verdict import DENY, REQUIRE, WARN, Finding


def emergency_is_automatic(did, *, book):
    """DID-10: whether emergency calling of the number needs no request, in its country on the day of the request."""
    return did.country in book.value("emergency.automatic_countries")


def location_can_be_validated(did, asked, address, *, book, field):
    """DID-10: a number in service whose location is not being validated already; what is automatic needs no request.

    `asked` is the DID's number or one inside its range, `address` a dict of EmergencyLocation.ADDRESS.
    """
    if did.status == did.Status.CANCELLED:
        return [Finding("DID-10", DENY, _("%(number)s is cancelled.") % {"number": grouped(did.number)}, field, asked, final=True)]
    if emergency_is_automatic(did, book=book):
        message = _("Emergency calling of %(number)s is active without a request, as for all numbers of its country (%(country)s).")
        values = {"number": grouped(asked), "country": country_name(did.country)}
        return [Finding("DID-10", WARN, message % values, field, asked, policy=book.cite("emergency.automatic_countries"))]
    statuses = {location.status for location in did.emergency_locations.all() if location.number == asked}
    if statuses & set(EmergencyLocation.OPEN):
        message = _("The address of %(number)s is being validated already, by another request.")
        return [Finding("DID-10", DENY, message % {"number": grouped(asked)}, field, asked, final=True)]
    findings = []
    if EmergencyLocation.Status.VALID in statuses:
        message = _("%(number)s has a validated address. It stays in force until the new one is validated, which then takes its place.")
        findings.append(Finding("DID-10", WARN, message % {"number": grouped(asked)}, field, asked))
    if address.get("country") and address["country"] != did.country:
        message = _("%(number)s is a number of another country (%(country)s) than its address: the care team looks into it.")
        values = {"number": grouped(asked), "country": country_name(did.country)}
        findings.append(Finding("DID-10", WARN, message % values, field, asked))
    return findings


def located_once(numbers, *, field):
    """DID-10: a number has one location, so a request names it once. `numbers` are all that the request names."""
    twice = sorted({number for number in numbers if numbers.count(number) > 1})
    message = _("%(number)s is named more than once, but a number has one address.")
    return [Finding("DID-10", DENY, message % {"number": grouped(number)}, field, number, final=True) for number in twice]


def special_number_is_reviewed(pbx, number, *, field):
    """DID-14: each special number is looked at by a person; one that is open or under review already is not asked for again.

    `pbx` is None while none is chosen.
    """
    known = {asked.decision for asked in pbx.special_numbers.all() if asked.number == number} if pbx else set()
    values = {"number": number, "pbx": pbx.name if pbx else ""}
    if SpecialNumber.Decision.GRANTED in known:
        return [Finding("DID-14", DENY, _("%(pbx)s can call %(number)s already.") % values, field, number, final=True)]
    if SpecialNumber.Decision.REQUESTED in known:
        message = _("Whether %(pbx)s may call %(number)s is being reviewed already.")
        return [Finding("DID-14", DENY, message % values, field, number, final=True)]
    return [Finding("DID-14", REQUIRE, _("A person looks at %(number)s before it is opened.") % values, field, number)]
