"""Rules about Teams on a PBX (DID-16). Pure: facts and dated values in, findings out."""

from django.utils.translation import gettext as _

from pbx.network_rules import server_of
from pbx.versions import version_key
from policies.verdict import DENY, REQUIRE, WARN, Finding


def teams_can_be_used(pbx, quantity, *, book, field, wished=()):
    """DID-16: Teams requires a recent WMS, CLASSOUND numbers (`pbx.has_numbers`) and a licence of the right type for each Teams user.

    `quantity` is None until it is chosen; `wished` are the totals ({type: quantity}) requested at the same time.
    """
    findings = [*_recent_wms(pbx, book), *_numbers(pbx)]
    if quantity is not None:
        findings += _licence_for_each(pbx, quantity, dict(wished), book, field)
    return findings


def _recent_wms(pbx, book):
    policy = book.cite("teams.minimum_wms")
    values = {"pbx": pbx.name, "version": pbx.wms_version, "least": policy["teams.minimum_wms"]}
    if not pbx.wms_version:
        message = _("We do not know the WMS version of %(pbx)s: the care team will check whether it is at least %(least)s.")
        return [Finding("DID-16", REQUIRE, message % values, "pbx", pbx.serial, policy=policy)]
    if version_key(pbx.wms_version) >= version_key(book.value("teams.minimum_wms")):
        return []
    message = _("%(pbx)s has WMS %(version)s. Teams requires at least %(least)s: upgrade the PBX first.")
    return [Finding("DID-16", DENY, message % values, "pbx", pbx.serial, policy=policy)]


def _numbers(pbx):
    """Teams may be licensed before a number is ordered, but the partner is told about the missing number before paying."""
    if pbx.has_numbers:
        return []
    message = _("%(pbx)s has no number yet, and Teams only works with CLASSOUND: order a number as well.")
    return [Finding("DID-16", WARN, message % {"pbx": pbx.name}, "pbx", pbx.serial)]


def _licence_for_each(pbx, quantity, wished, book, field):
    """The users of a client in a WMS network have the licences of its server (LIC-6), whatever is requested for the client."""
    server = server_of(pbx) or pbx
    is_client = server.pk != pbx.pk
    totals = {row.licence_type: row.quantity for row in server.licences.all()} | ({} if is_client else wished)
    users = sum(totals.get(licence_type, 0) for licence_type in book.value("teams.licence_types"))
    if quantity <= users:
        return []
    message = _("Each Teams user needs a licence of one of these types: %(types)s. %(pbx)s has %(users)s.")
    if is_client:
        message = _(
            "Each Teams user needs a licence of one of these types: %(types)s. "
            "%(pbx)s uses those of its server %(server)s, which has %(users)s."
        )
    policy = book.cite("teams.licence_types")
    values = {"types": policy["teams.licence_types"], "pbx": pbx.name, "server": server.name, "users": users}
    return [Finding("DID-16", DENY, message % values, field, pbx.serial, policy=policy)]
