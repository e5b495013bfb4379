"""Rules about moving a PBX to another end user of the same partner, which resolves LIC-5. Pure."""

from django.utils.translation import gettext as _

from pbx.models import Pbx
from pbx.network_rules import one_network_of_the_customer, stays_the_only_network
from policies.verdict import DENY, Finding


def can_be_moved(pbx, *, field=""):
    """LIC-5: a single PBX cannot leave a WMS network, which belongs to one customer as a whole; a terminated one cannot move."""
    if pbx.terminated_on:
        message = _("%(pbx)s has been terminated and cannot be moved.")
    elif pbx.wms_role != Pbx.Role.STANDALONE:
        message = _(
            "%(pbx)s is in a WMS network, which belongs to one end user as a whole. Remove the PBX from the network first, or ask the "
            "care team to move the whole network."
        )
    else:
        return []
    return [Finding("LIC-5", DENY, message % {"pbx": pbx.name}, field, pbx.serial, final=True)]


def can_be_moved_to(pbx, end_user, here, there, *, book, today, field):
    """LIC-5: findings against a move to `end_user`. `here`: its current end user's PBXs with active licences; `there`: the other's."""
    findings = can_be_moved(pbx, field=field)
    if end_user.pk == pbx.end_user_id:
        message = _("%(pbx)s already belongs to %(customer)s.") % {"pbx": pbx.name, "customer": end_user.name}
        findings.append(Finding("LIC-5", DENY, message, field, pbx.serial))
    elif pbx in here:
        findings += stays_the_only_network(pbx, there, end_user, book=book, today=today, field=field)
    return findings


def stays_as_the_parties_saw(pbx, numbers, *, field):
    """ORG-1: nothing joins or leaves an end user due to move to another partner, because the parties agree to its current assets.

    `numbers` are those of the open requests about the PBX's current and future end users.
    """
    if not numbers:
        return []
    message = _("Its end user is due to move to another partner: see %(requests)s. Wait until that request is closed, or withdraw it.")
    requests = ", ".join(_("request #%(number)s") % {"number": number} for number in numbers)
    return [Finding("ORG-1", DENY, message % {"requests": requests}, field, pbx.serial)]


def is_open_to(is_active, there_is_active, *, book, today):
    """Return whether a PBX (active or not) can move to an end user, given only whether that one has active licences (LIC-5)."""
    return not (is_active and there_is_active and today >= book.value("pbx.single_active_since"))


def left_behind(pbx, here, *, book, today):
    """LIC-5: warn about problems that remain at the end user the PBX leaves."""
    left = [other for other in here if other.pk != pbx.pk]
    return one_network_of_the_customer(left[0], left, book=book, today=today) if left else []
