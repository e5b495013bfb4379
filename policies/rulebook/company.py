"""Rules about orders (ORD), the company and its access (ORG) and the service level (SLA)."""

from django.utils.translation import gettext_lazy as _

from policies.rulebook.rule import Rule

SERVICE_LEVEL_ARTICLE = "Whats is the Wildix SLA?"

ORDERS = (
    Rule(
        "ORD-1",
        _("Cost of delivery"),
        _(
            "In the currency of your account, opening a master box costs {delivery.open_master_box} and logistics cost "
            "{delivery.flat_rate}. Europe is: {delivery.european_countries}. Overnight delivery ({delivery.overnight_regions}) is quoted "
            "on request. "
            "Replacements for RMAs of the kinds "
            "{rma.delivery_paid_kinds} are delivered at the partner's cost."
        ),
        "How much would delivery cost?",
    ),
    Rule(
        "ORD-2",
        _("Changing an order"),
        _("We try to change, merge or cancel an order while nothing of it has left the warehouse, without a promise; later we cannot."),
        "May I ask for the order amendment?",
    ),
    Rule(
        "ORD-3",
        _("Items ordered by mistake"),
        _("Hardware is not taken back. Keep what was ordered by mistake in stock for another project."),
        "How to return items ordered by mistake?",
    ),
    Rule(
        "ORD-4",
        _("Tracking a shipment"),
        _(
            "A ticket gives the tracking information of an order, at once if the carrier's number is known. Shipments are followed at: "
            "{tracking.links}."
        ),
        "How to find out order shipping tracking information?",
    ),
)

COMPANY = (
    Rule(
        "ORG-1",
        _("Moving to another partner"),
        _(
            "A reseller or an end user changes partner when all three sides agree: the one that moves, the partner it leaves and the "
            "partner it joins. Each confirms by a link valid for {confirmation.lifetime}. The new owner pays {fee.reseller_transfer} for "
            "a reseller, {fee.end_user_transfer} for an end user. PBXs, numbers and devices move along."
        ),
        "How to move Reseller or end-user between Partners?",
    ),
    Rule(
        "ORG-2",
        _("Access of your people"),
        _(
            "You give, change and take away your employees' access yourself; an invitation is valid for {invitation.lifetime}. Signing in "
            "asks for a code sent by e-mail, valid for {sign_in.code_lifetime_minutes} minutes and {sign_in.code_tries} attempts. "
            "Who cannot sign in reaches Customer Care by {sign_in.contact}."
        ),
        "How to find the verification code notification to enter the Portal?",
    ),
    Rule(
        "ORG-3",
        _("Deleting a reseller"),
        _("A partner can delete its reseller after confirming it once more. The end users stay with the partner."),
        "How to delete Reseller from WMP?",
    ),
    Rule(
        "ORG-4",
        _("Who agrees to a move"),
        _(
            "When the e-mail address of the reseller or end user was given within {confirmation.settled_period} before the request to move "
            "it, or an end user joined the reseller within that time, or the address is one of the partner's own, the care team asks it "
            "before it moves. Whoever had an address until it was changed is told by mail."
        ),
        "How to move Reseller or end-user between Partners?",
    ),
)

SERVICE_LEVEL = (
    Rule(
        "SLA-1",
        _("Support hours"),
        _(
            "Support works {sla.support_days}, {sla.support_hours}, by the time of your region ({sla.calendars}). "
            "It rests on public holidays ({sla.holidays})."
        ),
        SERVICE_LEVEL_ARTICLE,
    ),
    Rule(
        "SLA-2",
        _("Critical requests"),
        _("A critical request is first answered within {sla.critical_first_answer_minutes} minutes of support hours."),
        SERVICE_LEVEL_ARTICLE,
    ),
    Rule(
        "SLA-3",
        _("All other requests"),
        _("Any other request is first answered within {sla.standard_first_answer_days}, counting the day itself if within support hours."),
        SERVICE_LEVEL_ARTICLE,
    ),
    Rule(
        "SLA-4",
        _("First answers by type"),
        _("Some types of request have a first answer of their own instead: {sla.first_answer}."),
        SERVICE_LEVEL_ARTICLE,
    ),
    Rule(
        "SLA-5",
        _("Every further answer"),
        _("What you write later is answered within this support time: {sla.next_answer}."),
        SERVICE_LEVEL_ARTICLE,
    ),
    Rule(
        "SLA-6",
        _("Solution"),
        _(
            "A request is solved within this support time: {sla.solution}. The clock stands still while it waits for you or is "
            "on hold, and begins anew when it is opened again."
        ),
        SERVICE_LEVEL_ARTICLE,
    ),
    Rule(
        "SLA-7",
        _("Notice before it is late"),
        _(
            "Within support hours the owner of a ticket, or else the team leads, are told {sla.notice_minutes} minutes before it is late. "
            "What is due within {sla.soon_hours} hours stands among what is due soon. "
            "What is put off until later comes back after {sla.snooze_hours} hours of support time."
        ),
        SERVICE_LEVEL_ARTICLE,
    ),
    Rule(
        "SLA-8",
        _("Closing"),
        _("A solved request is closed after {ticket.close_after}, unless something about it is still to be done."),
        SERVICE_LEVEL_ARTICLE,
    ),
)

RULES = (*ORDERS, *COMPANY, *SERVICE_LEVEL)
