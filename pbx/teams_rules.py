"""Rules about Teams on a PBX (DID-16). Pure: facts and dated values in, findings out."""

from django.utils.translation import gettext as _

from pbx.network_rules import server_of
from pbx.versions import ordered
from policies.verdict import DENY, REQUIRE, WARN, Finding


def teams_can_be_used(pbx, quantity, *, book, field, wished=()):
    """DID-16: Teams needs a recent WMS, numbers of CLASSOUND (`pbx.has_numbers`), and a licence of the right type for each of its users.

    `quantity` is None while it is not chosen; `wished` are the totals ({type: quantity}) that the same request asks for.
    """
    findings = [*_recent_wms(pbx, book), *_numbers(pbx)]
    if quantity is not None:
        findings += _licence_for_each(pbx, quantity, dict(wished), book, field)
    return findings


def _recent_wms(pbx, book):
    policy = book.cite("teams.minimum_wms")
    values = {"pbx": pbx.name, "version": pbx.wms_version, "least": policy["teams.minimum_wms"]}
    if not pbx.wms_version:
        message = _("We do not know the WMS version of %(pbx)s: the care team looks whether it is at least %(least)s.")
        return [Finding("DID-16", REQUIRE, message % values, "pbx", pbx.serial, policy=policy)]
    if ordered(pbx.wms_version) >= ordered(book.value("teams.minimum_wms")):
        return []
    message = _("%(pbx)s has WMS %(version)s. Teams needs at least %(least)s: upgrade it first.")
    return [Finding("DID-16", DENY, message % values, "pbx", pbx.serial, policy=policy)]


def _numbers(pbx):
    """Whoever licenses Teams before its number is ordered may do so, but reads what is missing before the licences are paid."""
    if pbx.has_numbers:
        return []
    message = _("There is no number on %(pbx)s yet, and Teams works with CLASSOUND only: order a number as well.")
    return [Finding("DID-16", WARN, message % {"pbx": pbx.name}, "pbx", pbx.serial)]


def _licence_for_each(pbx, quantity, wished, book, field):
    """The users of a client in a WMS network have the licences of its server (LIC-6), whatever is wished for the client."""
    server = server_of(pbx) or pbx
    is_client = server.pk != pbx.pk
    totals = {row.licence_type: row.quantity for row in server.licences.all()} | ({} if is_client else wished)
    users = sum(totals.get(licence_type, 0) for licence_type in book.value("teams.licence_types"))
    if quantity <= users:
        return []
    message = _("Each user of Teams needs a licence of these types: %(types)s. %(pbx)s has %(users)s.")
    if is_client:
        message = _(
            "Each user of Teams needs a licence of these types: %(types)s. "
            "%(pbx)s takes those of its server %(server)s, which has %(users)s."
        )
    policy = book.cite("teams.licence_types")
    values = {"types": policy["teams.licence_types"], "pbx": pbx.name, "server": server.name, "users": users}
    return [Finding("DID-16", DENY, message % values, field, pbx.serial, policy=policy)]
