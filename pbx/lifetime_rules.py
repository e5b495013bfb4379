"""Rules about LifeTime PBXs: their yearly support cost (BIL-3, BIL-4) and their WMS upgrades (LIC-9, LIC-10, LIC-8).

Pure: facts and dated values in.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from pbx.network_rules import console_and_portal_agree
from pbx.versions import matches, version_key
from policies.verdict import DENY, Finding


@dataclass(frozen=True)
class Support:
    """The support of a LifeTime PBX for one whole year: list price, multiplier by WMS version, and resulting cost."""

    listed: Decimal
    multiplier: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Upgrade:
    """The WMS version a PBX can be upgraded to, "" if it has the latest or is unknown; `hindrances` are findings against it."""

    version: str
    hindrances: tuple = ()


def support_cost(pbx, year, *, book):
    """Return the Support of a LifeTime PBX for a whole year, never for part of it (BIL-3), multiplied by WMS version (BIL-4)."""
    first = datetime.date(year, 1, 1)
    prices = dict(book.value("lifetime.support_prices", origin=first))
    listed = sum((licence.quantity * prices.get(licence.licence_type, 0) for licence in pbx.licences.all()), Decimal(0))
    table = book.value("lifetime.support_multiplier", origin=first)
    multiplier = next((times for pattern, times in table if matches(pbx.wms_version, pattern)), Decimal(1))
    return Support(listed, multiplier, listed * multiplier)


def support_policies(year, *, book):
    """Return the policy values, in words, that the support cost of a year is calculated from."""
    return book.cite("lifetime.support_prices", "lifetime.support_multiplier", origin=datetime.date(year, 1, 1))


def upgrade_of(pbx, *, book):
    """Return the WMS Upgrade available to the PBX (LIC-9) and the findings against it."""
    target = next((to for pattern, to in book.value("wms.upgrades") if matches(pbx.wms_version, pattern)), "") if pbx.wms_version else ""
    if version_key(target) <= version_key(pbx.wms_version):
        return Upgrade("")
    return Upgrade(target, tuple(_read_only(pbx) + _networks_differ(pbx, target, book)))


def _read_only(pbx):
    """LIC-8: a read-only VP PBX gets anything new by ticket only."""
    if not pbx.read_only:
        return []
    return [Finding("LIC-8", DENY, _("A read-only VP PBX can only be upgraded by request."), subject=pbx.serial)]


def _networks_differ(pbx, target, book):
    """LIC-10: from a certain WMS version on, console and portal must agree on the network."""
    found = console_and_portal_agree(pbx, book=book)
    if not found or version_key(target) < version_key(book.value("wms.needs_matching_network")):
        return []
    message = _("Its console is in a WMS network that does not exist in the portal.")
    return [Finding("LIC-10", DENY, message, subject=pbx.serial, policy=found[0].policy)]
