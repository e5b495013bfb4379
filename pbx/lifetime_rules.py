"""LifeTime PBXs: what their support costs a year (BIL-3, BIL-4) and what their WMS can be upgraded to (LIC-9, LIC-10, LIC-8).

Pure: facts and dated values in.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from pbx.network_rules import console_and_portal_agree
from pbx.versions import fits, ordered
from policies.verdict import DENY, Finding


@dataclass(frozen=True)
class Support:
    """The support of a LifeTime PBX for one whole year: its list price, the multiplier of its WMS version, and the cost."""

    listed: Decimal
    multiplier: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Upgrade:
    """The WMS version a PBX can be upgraded to, "" where it has the last one or nobody knows; `hindrances` stand against it."""

    version: str
    hindrances: tuple = ()


def support_cost(pbx, year, *, book):
    """BIL-3: what the support of a LifeTime PBX costs for a year, never for months of it; BIL-4: times a figure by WMS version."""
    first = datetime.date(year, 1, 1)
    prices = dict(book.value("lifetime.support_prices"))
    listed = sum((licence.quantity * prices.get(licence.licence_type, 0) for licence in pbx.licences.all()), Decimal(0))
    table = book.value("lifetime.support_multiplier", origin=first)
    multiplier = next((times for pattern, times in table if fits(pbx.wms_version, pattern)), Decimal(1))
    return Support(listed, multiplier, listed * multiplier)


def support_policies(year, *, book):
    """The values that the support of a year is worked out by, in words."""
    return book.cite("lifetime.support_prices") | book.cite("lifetime.support_multiplier", origin=datetime.date(year, 1, 1))


def upgrade_of(pbx, *, book):
    """LIC-9: what the WMS of the PBX can be upgraded to, and what stands against it."""
    target = next((to for pattern, to in book.value("wms.upgrades") if fits(pbx.wms_version, pattern)), "") if pbx.wms_version else ""
    if ordered(target) <= ordered(pbx.wms_version):
        return Upgrade("")
    return Upgrade(target, tuple(_read_only(pbx) + _networks_differ(pbx, target, book)))


def _read_only(pbx):
    """LIC-8: a read-only VP PBX gets whatever is new by ticket only."""
    if not pbx.read_only:
        return []
    return [Finding("LIC-8", DENY, _("A read-only VP PBX is upgraded by request only."), subject=pbx.serial)]


def _networks_differ(pbx, target, book):
    """LIC-10: from a certain WMS on, console and portal have to agree on the network."""
    found = console_and_portal_agree(pbx, book=book)
    if not found or ordered(target) < ordered(book.value("wms.needs_matching_network")):
        return []
    message = _("Its console is in a WMS network that the portal does not have.")
    return [Finding("LIC-10", DENY, message, subject=pbx.serial, policy=found[0].policy)]
