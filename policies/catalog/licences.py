"""Values that govern PBXs and their licences: Commitment, amendments, WMS networks, the switch to x-bees."""

from django.utils.translation import gettext_lazy as _

from policies.catalog.declare import policy
from policies.catalog.products import LICENCE, LICENCE_LIST, TERM, TERM_LIST
from policies.codes import Words
from policies.tables import Table, WindowUnit
from policies.units import COUNT, MONEY, PERCENT, Day, Version

SWITCH_TERMS = Table(
    ((_("UC term"), TERM), (_("x-bees term"), TERM), (_("years of Commitment (0: none)"), COUNT)),
    words=_("{0} to {1} ({2})"),
)
ANY_TO_ANY = [["1m", "1m", "0"], ["1m", "1y", "0"], ["1m", "5y", "0"], ["1y", "1y", "0"], ["5y", "1m", "3"], ["5y", "1y", "3"]]

ENTRIES = (
    policy(
        "commitment.eligible_terms",
        TERM_LIST,
        ["1m", "1y"],
        _("A Commitment can be taken on PBXs with these terms: {value}."),
        rule="COM-1",
    ),
    policy(
        "commitment.years",
        Words(of=tuple(str(years) for years in range(1, 11))),
        ["3", "5"],
        _("A Commitment can be taken for these numbers of years: {value}."),
        rule="COM-1",
    ),
    policy(
        "commitment.discount",
        Table(((_("years"), COUNT), (_("discount"), PERCENT)), words=_("{1} for {0} years")),
        [["3", "15"], ["5", "20"]],
        _("A Commitment reduces the price of licences by {value}."),
        rule="BIL-5",
        basis="origin",
        origin=_("the start of the Commitment"),
    ),
    policy(
        "amend.blackout",
        WindowUnit(),
        "22:00–24:00",
        _("On the last day of a month, licences cannot be changed between these times, in UTC: {value}."),
        rule="LIC-3",
    ),
    policy(
        "licence.monthly_prices",
        Table(((_("licence"), LICENCE), (_("price per month"), MONEY)), words="{0} {1}"),
        [["basic", "3"], ["essential", "5"], ["business", "8"], ["premium", "11"], ["teams", "2"], ["wizywebinar", "15"]],
        _("Monthly price of a licence that a PBX does not have yet, in the account currency: {value}."),
        rule="LIC-4",
        assumed=True,
    ),
    policy(
        "pbx.single_active_since",
        Day(),
        "2022-04-19",
        _("Since {value}, an end user can have only one PBX with active licences, or one WMS network."),
        rule="LIC-5",
    ),
    policy(
        "wms.user_licence_types",
        LICENCE_LIST,
        ["basic", "essential", "business", "premium"],
        _("Users registered in a WMS network need licences of these types on its server PBX: {value}."),
        rule="LIC-6",
        assumed=True,
    ),
    policy(
        "lifetime.support_prices",
        Table(((_("licence"), LICENCE), (_("price per year"), MONEY)), words="{0} {1}"),
        [["basic", "6"], ["essential", "12"], ["business", "18"], ["premium", "24"], ["teams", "5"], ["wizywebinar", "36"]],
        _("List price of LifeTime support per licence for a whole year, in the account currency: {value}."),
        rule="BIL-3",
        question="How to check Lifetime Licenses support fee?",
        basis="origin",
        origin=_("the first day of the supported year"),
        assumed=True,
    ),
    policy(
        "wms.upgrades",
        Table(((_("WMS version"), Version(pattern=True)), (_("can be upgraded to"), Version())), words=_("{0} to {1}"), may_be_empty=True),
        [["3.*", "4"], ["4.*", "5"], ["5.*", "6"]],
        _("WMS upgrades available to a LifeTime PBX, by version (the first matching line applies): {value}."),
        rule="LIC-9",
        assumed=True,
    ),
    policy(
        "wms.needs_matching_network",
        Version(),
        "6",
        _("A PBX that is in a WMS network on its console but not in the portal cannot be upgraded to WMS {value} or later."),
        rule="LIC-10",
    ),
    policy(
        "xbees.switch_terms",
        SWITCH_TERMS,
        ANY_TO_ANY,
        _("A UC PBX can be switched to x-bees between these terms (required years of Commitment in brackets): {value}."),
        rule="XB-1",
    ),
    policy(
        "xbees.own_switch_terms",
        TERM_LIST,
        ["1m"],
        _("Partners end a UC PBX without HWaaS or numbers and order x-bees themselves if it has one of these terms: {value}."),
        rule="XB-1",
    ),
    policy(
        "xbees.reviewed_terms",
        TERM_LIST,
        ["5y"],
        _("A person reviews the switch to x-bees for PBXs with these terms: {value}."),
        rule="XB-1",
    ),
)
