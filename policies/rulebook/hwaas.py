"""Rules about HWaaS and hardware (HW)."""

from django.utils.translation import gettext_lazy as _

from policies.rulebook.rule import Rule

MINIMUM_TERM = "What is the minimum term of use by a Partner of the HWaaS?"

RULES = (
    Rule(
        "HW-1",
        _("Minimum term of HWaaS"),
        _("HWaaS must be kept for at least {hwaas.minimum_term_months} from the day its billing starts; after that it can be returned."),
        MINIMUM_TERM,
    ),
    Rule(
        "HW-2",
        _("HWaaS under Commitment"),
        _("While a PBX is under Commitment, its devices stay until the Commitment ends."),
        MINIMUM_TERM,
    ),
    Rule(
        "HW-3",
        _("Returning a device"),
        _(
            "A return is an RMA with the serial number and the pick-up address. In these regions, partners receive return labels by "
            "e-mail: {rma.label_regions}. They put the labels on the boxes and send the boxes to our office. Elsewhere, devices to be "
            "replaced are sent to these addresses: {rma.return_addresses}. The request has a sheet to print for the parcel."
        ),
        "How to cancel and return HWaaS ?",
    ),
    Rule(
        "HW-4",
        _("Damage is covered, loss is not"),
        _(
            "HWaaS covers all damage, but not loss. A lost device is invoiced at its hardware price and becomes owned; any part of the "
            "first {hwaas.minimum_term_months} of service not yet billed is charged as well. The replacement can be HWaaS again."
        ),
        "What to do in case of lost HWaaS?",
    ),
    Rule(
        "HW-5",
        _("Storage cannot be reduced"),
        _("The storage of a PBX can be neither reduced nor removed. Set up another PBX without storage and end the first one."),
        "How to delete Storage from the PBX?",
    ),
    Rule(
        "HW-6",
        _("Start of HWaaS billing"),
        _("HWaaS is billed from {hwaas.billing_start_days} after shipment, whatever the licence type; the care team can set another date."),
        "When does the HWaaS billing circle start?",
    ),
    Rule(
        "HW-7",
        _("HWaaS quantity discount"),
        _("A discount for several devices with the same item code is given from their renewal: {hwaas.quantity_discount}."),
        "What are the conditions of HWaaS quantitative discount?",
    ),
    Rule(
        "HW-8",
        _("Buying HWaaS devices"),
        _(
            "After {hwaas.buyout_after_months}, an HWaaS device can be bought at the full hardware price, unless its PBX is under "
            "Commitment."
        ),
        "Is it possible to convert my HWaaS device into CAPEX?",
    ),
    Rule(
        "HW-9",
        _("Warranty"),
        _(
            "A device is replaced for {warranty.standard_years} from its order, or for {warranty.extended_years} with the signed warranty "
            "document. After that, a new one must be bought."
        ),
        "How to check the device warranty?",
    ),
    Rule(
        "HW-10",
        _("Dead on arrival"),
        _(
            "A device that has never worked is replaced with a new one through an RMA. If none is in stock, you choose between a "
            "refurbished one and waiting. A used device under warranty may be replaced with either kind."
        ),
        "How to change HW device in case of out-of-box failure/dead on arrival (OBF/DOA)?",
    ),
    Rule(
        "HW-11",
        _("Owned hardware cannot be returned"),
        _("Hardware you own cannot be returned, even if it was ordered by mistake."),
        "Can the CAPEX item be returned?",
    ),
)
