"""Values that govern orders: the cost of delivery."""

from django.utils.translation import gettext_lazy as _

from policies.catalog.declare import policy
from policies.catalog.regions import AMOUNT_BY_REGION, REGION_LIST
from policies.codes import Words
from policies.countries import Countries
from policies.tables import Table
from policies.units import TEXT

EUROPE = (
    "AD AL AT BA BE BG CH CY CZ DE DK EE ES FI FO FR GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE SI SK SM UA VA XK"
)
CARRIERS = [
    ["DHL", "https://www.dhl.com/global-en/home/tracking.html?tracking-id="],
    ["UPS", "https://www.ups.com/track?tracknum="],
    ["GLS", "https://gls-group.com/track/"],
    ["FedEx", "https://www.fedex.com/fedextrack/?trknbr="],
]

ENTRIES = (
    policy(
        "delivery.open_master_box",
        AMOUNT_BY_REGION,
        [["US", "5"], ["UK", "5"], ["EU", "5"]],
        _("Cost of opening a master box, in the account currency: {value}."),
        rule="ORD-1",
    ),
    policy(
        "delivery.flat_rate",
        AMOUNT_BY_REGION,
        [["US", "60"], ["UK", "29"], ["EU", "29"]],
        _("Logistics cost, in the account currency: {value}."),
        rule="ORD-1",
    ),
    policy(
        "delivery.overnight_regions",
        REGION_LIST,
        ["US"],
        _("Overnight delivery can be requested, and is quoted by Customer Care, in these regions: {value}."),
        rule="ORD-1",
    ),
    policy(
        "delivery.european_countries",
        Countries(may_be_empty=False),
        EUROPE.split(),
        _("The delivery price for Europe applies to these countries: {value}."),
        rule="ORD-1",
        assumed=True,
    ),
    policy(
        "tracking.links",
        Table(((_("carrier"), TEXT), (_("address before the tracking number"), TEXT)), words=_("{0}: {1}"), may_be_empty=True),
        CARRIERS,
        _("Shipments can be tracked at these carrier addresses: {value}."),
        rule="ORD-4",
        assumed=True,
    ),
    policy(
        "rma.delivery_paid_kinds",
        Words(of=("doa", "warranty", "hwaas"), called=(("doa", _("dead on arrival")), ("hwaas", "HWaaS"))),
        ["warranty", "hwaas"],
        _("The partner pays for delivery of the replacement for RMAs of these kinds: {value}."),
        rule="ORD-1",
        assumed=True,
    ),
)
