"""Rules about a PBX that its partner moves to another end user of its own, which is the cure for LIC-5. Pure."""

from django.utils.translation import gettext as _

from pbx.models import Pbx
from pbx.network_rules import one_network_of_the_customer, stays_the_only_network
from policies.verdict import DENY, Finding


def can_be_moved(pbx, *, field=""):
    """LIC-5: a PBX moves by itself, so not out of a WMS network, which is one customer's as a whole; a terminated one stays."""
    if pbx.terminated_on:
        message = _("%(pbx)s has been terminated: it stays where it is.")
    elif pbx.wms_role != Pbx.Role.STANDALONE:
        message = _(
            "%(pbx)s is in a WMS network, which belongs to one end user as a whole. Take the PBX out of the network first, or ask the "
            "care team to move all of it."
        )
    else:
        return []
    return [Finding("LIC-5", DENY, message % {"pbx": pbx.name}, field, pbx.serial, final=True)]


def can_be_moved_to(pbx, end_user, here, there, *, book, today, field):
    """LIC-5: whether the PBX can go to an end user. `here` are the PBXs with active licences of its end user, `there` of the other."""
    findings = can_be_moved(pbx, field=field)
    if end_user.pk == pbx.end_user_id:
        message = _("%(pbx)s belongs to %(customer)s already.") % {"pbx": pbx.name, "customer": end_user.name}
        findings.append(Finding("LIC-5", DENY, message, field, pbx.serial))
    elif pbx in here:
        findings += stays_the_only_network(pbx, there, end_user, book=book, today=today, field=field)
    return findings


def stays_as_the_parties_saw(pbx, numbers, *, field):
    """ORG-1: nothing comes to or leaves an end user that is to move to another partner, for that is what the parties agree to.

    `numbers` are those of the running requests about the end user that has the PBX and the one that would.
    """
    if not numbers:
        return []
    message = _("Its end user is to move to another partner, see %(requests)s. Wait until that is over, or withdraw it.")
    requests = ", ".join(_("request #%(number)s") % {"number": number} for number in numbers)
    return [Finding("ORG-1", DENY, message % {"requests": requests}, field, pbx.serial)]


def is_open_to(is_active, there_is_active, *, book, today):
    """LIC-5 for a list of end users: whether a PBX (active or not) can go to one, knowing only whether it has active licences."""
    return not (is_active and there_is_active and today >= book.value("pbx.single_active_since"))


def left_behind(pbx, here, *, book, today):
    """LIC-5: what is still wrong at the end user that the PBX leaves, as findings that warn."""
    left = [other for other in here if other.pk != pbx.pk]
    return one_network_of_the_customer(left[0], left, book=book, today=today) if left else []
