"""Values that govern orders: the cost of delivery."""

from django.utils.translation import gettext_lazy as _

from policies.catalog.declare import policy
from policies.catalog.regions import AMOUNT_BY_REGION, REGION_LIST
from policies.units import Words

DELIVERY = "How much would delivery cost?"

ENTRIES = (
    policy(
        "delivery.open_master_box",
        AMOUNT_BY_REGION,
        [["US", "5"], ["UK", "5"], ["EU", "5"]],
        _("Opening a master box costs, in the partner's own currency: {value}."),
        rule="ORD-1",
        article=DELIVERY,
    ),
    policy(
        "delivery.flat_rate",
        AMOUNT_BY_REGION,
        [["US", "60"], ["UK", "29"], ["EU", "29"]],
        _("Logistics cost, in the partner's own currency: {value}."),
        rule="ORD-1",
        article=DELIVERY,
    ),
    policy(
        "delivery.overnight_regions",
        REGION_LIST,
        ["US"],
        _("Overnight delivery can be asked for, and is quoted by Customer Care, in: {value}."),
        rule="ORD-1",
        article=DELIVERY,
    ),
    policy(
        "rma.delivery_paid_kinds",
        Words(of=("doa", "warranty", "hwaas")),
        ["warranty", "hwaas"],
        _("The partner pays the delivery of a replacement for RMAs of these kinds: {value}."),
        rule="ORD-1",
        article=DELIVERY,
        assumed=True,
    ),
)
