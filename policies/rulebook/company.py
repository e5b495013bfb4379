"""Rules about orders (ORD), companies and portal access (ORG) and the service level (SLA)."""

from django.utils.translation import gettext_lazy as _

from policies.rulebook.rule import Rule

SERVICE_LEVEL_ARTICLE = "Whats is the Wildix SLA?"

ORDERS = (
    Rule(
        "ORD-1",
        _("Cost of delivery"),
        _(
            "In your account currency, opening a master box costs {delivery.open_master_box} and logistics cost {delivery.flat_rate}. "
            "Europe includes: {delivery.european_countries}. Overnight delivery ({delivery.overnight_regions}) is quoted on request. The "
            "partner pays for delivery of replacements for RMAs of these kinds: {rma.delivery_paid_kinds}."
        ),
        "How much would delivery cost?",
    ),
    Rule(
        "ORD-2",
        _("Changing an order"),
        _(
            "While nothing has been dispatched, we try to change, merge or cancel an order, without a guarantee. After that, it is not "
            "possible."
        ),
        "May I ask for the order amendment?",
    ),
    Rule(
        "ORD-3",
        _("Items ordered by mistake"),
        _("Hardware is not taken back. Keep items ordered by mistake in stock for another project."),
        "How to return items ordered by mistake?",
    ),
    Rule(
        "ORD-4",
        _("Tracking a shipment"),
        _(
            "Ask for tracking information by request; you get it immediately if the carrier’s number is known. Shipments can be tracked "
            "at: {tracking.links}."
        ),
        "How to find out order shipping tracking information?",
    ),
)

COMPANY = (
    Rule(
        "ORG-1",
        _("Moving to another partner"),
        _(
            "A reseller or an end user moves to another partner only if all three parties agree: the one that moves, its current partner "
            "and its new partner. Each confirms through a link valid for {confirmation.lifetime}, and is reminded "
            "{confirmation.remind_before} before it expires. The new owner pays {fee.reseller_transfer} for a reseller, "
            "{fee.end_user_transfer} for an end user. PBXs, numbers and devices move as well."
        ),
        "How to move Reseller or end-user between Partners?",
    ),
    Rule(
        "ORG-2",
        _("Portal access"),
        _(
            "You grant, change and end your employees’ access yourself; an invitation is valid for {invitation.lifetime}. Signing in "
            "requires a code sent by e-mail, valid for {sign_in.code_lifetime_minutes} minutes and {sign_in.code_tries} attempts. Anyone "
            "who cannot sign in can contact Customer Care via {sign_in.contact}."
        ),
        "How to find the verification code notification to enter the Portal?",
    ),
    Rule(
        "ORG-3",
        _("Deleting a reseller"),
        _("A partner can delete a reseller after confirming the deletion. The end users stay with the partner."),
        "How to delete Reseller from WMP?",
    ),
    Rule(
        "ORG-4",
        _("Who agrees to a move"),
        _(
            "The care team checks with the reseller or end user before it moves if its e-mail address was set within "
            "{confirmation.settled_period} before the request, if an end user joined the reseller within that time, or if the address is "
            "one of the partner’s own. When an address is changed, the previous address is notified by e-mail."
        ),
        "How to move Reseller or end-user between Partners?",
    ),
)

SERVICE_LEVEL = (
    Rule(
        "SLA-1",
        _("Support hours"),
        _(
            "Support is available {sla.support_days}, {sla.support_hours}, in the time zone of your region ({sla.calendars}). It is "
            "closed on public holidays ({sla.holidays})."
        ),
        SERVICE_LEVEL_ARTICLE,
    ),
    Rule(
        "SLA-2",
        _("Critical requests"),
        _("A critical request gets its first answer within {sla.critical_first_answer_minutes} minutes of support hours."),
        SERVICE_LEVEL_ARTICLE,
    ),
    Rule(
        "SLA-3",
        _("All other requests"),
        _(
            "Any other request gets its first answer within {sla.standard_first_answer_days}, counting the day it arrives if that is "
            "within support hours."
        ),
        SERVICE_LEVEL_ARTICLE,
    ),
    Rule(
        "SLA-4",
        _("First answers by type"),
        _("Some types of request have their own first-answer time instead: {sla.first_answer}."),
        SERVICE_LEVEL_ARTICLE,
    ),
    Rule(
        "SLA-5",
        _("Later answers"),
        _("Your later messages are answered within this support time: {sla.next_answer}."),
        SERVICE_LEVEL_ARTICLE,
    ),
    Rule(
        "SLA-6",
        _("Solution"),
        _(
            "A request is solved within this support time: {sla.solution}. The clock pauses while the request waits for you or is on "
            "hold, and restarts when the request is reopened."
        ),
        SERVICE_LEVEL_ARTICLE,
    ),
    Rule(
        "SLA-7",
        _("Notice before a deadline"),
        _(
            "During support hours, the owner of a ticket, or otherwise the team leads, are notified {sla.notice_minutes} minutes before "
            "it is overdue. A ticket due within {sla.soon_hours} hours counts as due soon. A ticket snoozed until “later” comes back "
            "after {sla.snooze_hours} hours of support time."
        ),
        SERVICE_LEVEL_ARTICLE,
    ),
    Rule(
        "SLA-8",
        _("Closing"),
        _("A solved request is closed after {ticket.close_after}, unless something still has to be done about it."),
        SERVICE_LEVEL_ARTICLE,
    ),
)

RULES = (*ORDERS, *COMPANY, *SERVICE_LEVEL)
