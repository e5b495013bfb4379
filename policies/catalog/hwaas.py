"""Values that govern devices: HWaaS, warranty, RMA. What their delivery costs is in orders.py."""

from django.utils.translation import gettext_lazy as _

from policies.catalog.declare import policy
from policies.catalog.regions import REGION, REGION_LIST
from policies.tables import Table
from policies.units import COUNT, PERCENT, TEXT, DurationUnit

ENTRIES = (
    policy(
        "hwaas.minimum_term_months",
        DurationUnit("month"),
        "6 months",
        _("HWaaS must be kept for at least {value} from the start of its billing."),
        rule="HW-1",
        origin=_("the start of the device’s billing"),
    ),
    policy(
        "hwaas.billing_start_days",
        DurationUnit("day"),
        "14 days",
        _("HWaaS billing starts {value} after shipment."),
        rule="HW-6",
        origin=_("the device’s shipment date"),
    ),
    policy(
        "hwaas.quantity_discount",
        Table(
            ((_("item code"), TEXT), (_("from quantity"), COUNT), (_("discount"), PERCENT)), words=_("{0}: {2} from {1}"), may_be_empty=True
        ),
        [],
        _("HWaaS renewed in quantity is discounted for each item code separately: {value}."),
        rule="HW-7",
        assumed=True,
    ),
    policy(
        "hwaas.buyout_after_months",
        DurationUnit("month"),
        "6 months",
        _("An HWaaS device can be bought out {value} after the start of its billing."),
        rule="HW-8",
        origin=_("the start of the device’s billing"),
    ),
    policy(
        "warranty.standard_years",
        DurationUnit("year"),
        "1 year",
        _("A device can be replaced under warranty for {value} from its order."),
        rule="HW-9",
        basis="origin",
        origin=_("the device’s order date"),
    ),
    policy(
        "warranty.extended_years",
        DurationUnit("year"),
        "5 years",
        _("With the signed warranty document, a device can be replaced for {value} from its order."),
        rule="HW-9",
        basis="origin",
        origin=_("the device’s order date"),
    ),
    policy("rma.label_regions", REGION_LIST, ["UK"], _("Return labels are e-mailed to partners in these regions: {value}."), rule="HW-3"),
    policy(
        "rma.return_addresses",
        Table(((_("region"), REGION), (_("address, with lines separated by commas"), TEXT)), words=_("{0}: {1}"), may_be_empty=True),
        [],
        _("Where no labels are e-mailed, devices to be replaced are sent to these addresses: {value}."),
        rule="HW-3",
        assumed=True,
    ),
)
