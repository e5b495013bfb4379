"""Rules about HWaaS and hardware (HW)."""

from django.utils.translation import gettext_lazy as _

from policies.rulebook.rule import Rule

MINIMUM_TERM = "What is the minimum term of use by a Partner of the HWaaS?"

RULES = (
    Rule(
        "HW-1",
        _("Minimum term of HWaaS"),
        _("HWaaS is kept for at least {hwaas.minimum_term_months}, counted from the day its billing starts; after that it can go back."),
        MINIMUM_TERM,
    ),
    Rule(
        "HW-2",
        _("HWaaS under Commitment"),
        _("While a Commitment runs on the PBX, its devices stay until the Commitment is over."),
        MINIMUM_TERM,
    ),
    Rule(
        "HW-3",
        _("How a device goes back"),
        _(
            "A return is an RMA with the serial number and the address where the device is fetched. Partners in {rma.label_regions} "
            "get return labels by e-mail, put them on the boxes and send these to our office. Elsewhere devices to be replaced are sent "
            "to these addresses: {rma.return_addresses}. A sheet for the parcel is on the request."
        ),
        "How to cancel and return HWaaS ?",
    ),
    Rule(
        "HW-4",
        _("Damage is covered, loss is not"),
        _(
            "HWaaS pays for every damage. A lost device is invoiced at its hardware price and becomes owned, and what is missing of "
            "{hwaas.minimum_term_months} of service is charged with it. Its replacement may be HWaaS again."
        ),
        "What to do in case of lost HWaaS?",
    ),
    Rule(
        "HW-5",
        _("Storage only grows"),
        _("Storage of a PBX can be neither made smaller nor removed. Set up another PBX without it and end the first one."),
        "How to delete Storage from the PBX?",
    ),
    Rule(
        "HW-6",
        _("Start of HWaaS billing"),
        _("HWaaS is billed from {hwaas.billing_start_days} after its shipment, whatever the licences; staff can set another day."),
        "When does the HWaaS billing circle start?",
    ),
    Rule(
        "HW-7",
        _("HWaaS in quantity"),
        _("A discount for many devices of one item code is given with their renewal: {hwaas.quantity_discount}."),
        "What are the conditions of HWaaS quantitative discount?",
    ),
    Rule(
        "HW-8",
        _("Buying HWaaS devices"),
        _("After {hwaas.buyout_after_months} an HWaaS device can be bought at the full hardware price, unless a Commitment holds it."),
        "Is it possible to convert my HWaaS device into CAPEX?",
    ),
    Rule(
        "HW-9",
        _("Warranty"),
        _(
            "A device is replaced for {warranty.standard_years} from its order, with the signed warranty document for "
            "{warranty.extended_years}. After that a new one is to be bought."
        ),
        "How to check the device warranty?",
    ),
    Rule(
        "HW-10",
        _("Dead on arrival"),
        _(
            "A device that never worked is replaced by a new one through an RMA. When none is in stock you choose between a refurbished "
            "one and waiting. A used device under warranty may be replaced by either kind."
        ),
        "How to change HW device in case of out-of-box failure/dead on arrival (OBF/DOA)?",
    ),
    Rule(
        "HW-11",
        _("Owned hardware stays"),
        _("Hardware you own cannot be returned, nor can what was ordered by mistake."),
        "Can the CAPEX item be returned?",
    ),
)
