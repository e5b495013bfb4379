"""Values that govern phone numbers (CLASSOUND DIDs), their porting and their licences."""

import datetime

from django.utils.translation import gettext_lazy as _

from policies.catalog.declare import policy
from policies.catalog.products import USER_LICENCE, USER_LICENCE_LIST
from policies.codes import Words
from policies.countries import COUNTRIES
from policies.tables import Table
from policies.units import COUNT, MONEY, Clock, DurationUnit, Version

PORTING = (
    policy(
        "porting.change_notice_business_days",
        DurationUnit("business day"),
        "5 business days",
        _("A confirmed porting date can be moved up to {value} before it, counted in the calendar of the number’s country."),
        rule="DID-5",
    ),
    policy(
        "porting.new_date_within",
        DurationUnit("month"),
        "12 months",
        _("The new porting date must be within {value} of the request."),
        rule="DID-5",
        assumed=True,
    ),
    policy(
        "fee.porting_date_change",
        MONEY,
        "50.00",
        _("Asking the carrier for another porting date costs {value} in the account currency, whatever the carrier decides."),
        rule="DID-5",
        question="Paid services",
    ),
    policy(
        "porting.default_time",
        Clock(),
        "14:00",
        _("A number is ported at {value} in the partner’s time zone unless the carrier sets another time."),
        rule="DID-6",
    ),
    policy(
        "porting.configure_days_before",
        DurationUnit("day"),
        "1 day",
        _("The PBX must be ready at least {value} before porting; a reminder is sent."),
        rule="DID-6",
    ),
    policy("lead_time.full_porting_shortest", DurationUnit("week"), "1 week", _("Full porting takes at least {value}."), rule="DID-7"),
    policy("lead_time.full_porting_longest", DurationUnit("week"), "3 weeks", _("Full porting takes at most {value}."), rule="DID-7"),
    policy(
        "lead_time.new_did_shortest",
        DurationUnit("business day"),
        "1 business day",
        _("A new number is ready after {value} at the earliest."),
        rule="DID-7",
    ),
    policy(
        "lead_time.new_did_longest",
        DurationUnit("business day"),
        "2 business days",
        _("A new number is ready after {value} at the latest, if its area has numbers available."),
        rule="DID-7",
    ),
    policy(
        "lead_time.outbound",
        DurationUnit("business day"),
        "1 business day",
        _("Outbound calls with a partner’s own numbers are available after {value}."),
        rule="DID-7",
    ),
)

NUMBERS = (
    policy(
        "did.minimum_term_months",
        DurationUnit("month"),
        "6 months",
        _("A new DID must be kept for at least {value} from its activation."),
        rule="DID-1",
        origin=_("the DID’s activation date"),
    ),
    policy(
        "did.range_sizes",
        Words(of=("10", "100", "1000")),
        ["10", "100", "1000"],
        _("Ranges of numbers come in these sizes: {value}."),
        rule="DID-3",
        question="What X means at the end of DID number?",
    ),
    policy(
        "fee.did_transfer",
        MONEY,
        "50.00",
        _("Moving DIDs between PBXs costs {value} in the account currency per operation, however many DIDs it moves."),
        rule="DID-8",
        question="Paid services",
    ),
    policy(
        "emergency.automatic_countries",
        COUNTRIES,
        [],
        _("Emergency calling needs no request for numbers in these countries: {value}."),
        rule="DID-10",
        question="How to activate Emergency Services for DID numbers of the Germany region?",
        then=((datetime.date(2021, 1, 1), ["DE"]),),
    ),
)

LICENCES = (
    policy(
        "flat.licence_types",
        USER_LICENCE_LIST,
        ["essential", "business", "premium"],
        _("CLASSOUND FLAT is included with each of these licences: {value}."),
        rule="DID-11",
    ),
    policy(
        "concurrent_calls",
        Table(((_("licence"), USER_LICENCE), (_("calls"), COUNT)), words="{0} {1}"),
        [["basic", "2"], ["essential", "4"], ["business", "8"], ["premium", "8"]],
        _("Concurrent calls for each user, by licence: {value}."),
        rule="DID-12",
    ),
    policy("teams.minimum_wms", Version(), "5.03.20210623.1", _("The Teams integration requires WMS {value} or later."), rule="DID-16"),
    policy(
        "teams.licence_types",
        USER_LICENCE_LIST,
        ["essential", "business", "premium"],
        _("The Teams integration requires one of these licences for each user: {value}."),
        rule="DID-16",
    ),
)

ENTRIES = (*NUMBERS, *PORTING, *LICENCES)
