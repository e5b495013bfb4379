"""Rules for changing licences without a request (LIC-3, LIC-5, LIC-6, LIC-7, COM-4, DID-9, DID-17), and upgrades (COM-5).

Pure: facts, dated values, a day and a time in, findings out.
"""

from itertools import accumulate

from django.utils.translation import gettext as _

from pbx.models import Licence
from pbx.network_rules import stays_the_only_network, users_keep_their_licences
from pbx.rules import nothing_leaves_under_commitment, outside_the_blackout, webinar_access_is_ended
from policies.verdict import DENY, Finding

LADDER = (Licence.Type.BASIC, Licence.Type.ESSENTIAL, Licence.Type.BUSINESS, Licence.Type.PREMIUM)  # from lowest to highest


def only_upgrades(changes):
    """Return whether every licence removed is replaced by one of a higher type (COM-5), so that nothing is detached (COM-4).

    `changes`: {licence type: change, negative for fewer}. For each type, the total of it and all higher types must not decrease.
    """
    above = accumulate(changes.get(licence_type, 0) for licence_type in reversed(LADDER))
    others = (count for licence_type, count in changes.items() if licence_type not in LADDER)
    return all(count >= 0 for count in (*above, *others))


def quantity_can_become(licence, quantity, active, *, book, at, webinar_is_ended=False):
    """Return all findings about a new quantity of an existing licence. `active` are the customer's PBXs with active licences."""
    pbx, kind, today = licence.pbx, licence.licence_type, at.date()
    if quantity == licence.quantity:
        return []
    findings = outside_the_blackout(at, book=book, field="quantity") + is_in_service(pbx, field="quantity")
    if quantity < licence.quantity:
        rule = "DID-17" if kind == Licence.Type.TEAMS else "COM-4"
        findings += nothing_leaves_under_commitment(pbx, rule=rule, today=today, field="quantity")
        findings += users_keep_their_licences(pbx, {kind: quantity - licence.quantity}, book=book, field="quantity")
        if kind == Licence.Type.WIZYWEBINAR:
            findings += webinar_access_is_ended(webinar_is_ended, field="webinar_is_ended")
        return findings
    if pbx not in active:
        findings += stays_the_only_network(pbx, active, pbx.end_user, book=book, today=today, field="quantity")
    return findings + shares_a_running_term(pbx, today=today, field="quantity")


def is_in_service(pbx, *, field):
    """DID-9: a terminated PBX can no longer have licences."""
    if pbx.terminated_on is None:
        return []
    return [Finding("DID-9", DENY, _("%(pbx)s has been terminated.") % {"pbx": pbx.name}, field, pbx.serial, final=True)]


def shares_a_running_term(pbx, *, today, field):
    """DID-9: additions share the term and expiry of the PBX, so its term must not have ended; a LifeTime PBX has no expiry."""
    if pbx.expires_on is None or pbx.expires_on > today:
        return []
    message = _("%(pbx)s has expired: licences share its term and expiry, so renew the PBX first.")
    return [Finding("DID-9", DENY, message % {"pbx": pbx.name}, field, pbx.serial)]
