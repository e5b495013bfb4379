"""Rules about Commitment (COM), licences and PBXs (LIC) and x-bees (XB)."""

from django.utils.translation import gettext_lazy as _

from policies.rulebook.rule import Rule

COMMITMENT_ARTICLE = "How does Commitment work?"

COMMITMENT = (
    Rule(
        "COM-1",
        _("Which PBXs can take a Commitment"),
        _(
            "PBXs with these terms can take a Commitment: {commitment.eligible_terms}. It can be taken for these numbers of years: "
            "{commitment.years}."
        ),
        COMMITMENT_ARTICLE,
    ),
    Rule(
        "COM-2",
        _("When the discount starts"),
        _("Existing licences get the discount from their next renewal, licences added later immediately: {commitment.discount}."),
        COMMITMENT_ARTICLE,
    ),
    Rule(
        "COM-3",
        _("Adding under Commitment"),
        _("Services can be added to a PBX under Commitment at any time; they are billed from the day they are ordered."),
        COMMITMENT_ARTICLE,
    ),
    Rule(
        "COM-4",
        _("Nothing is removed under Commitment"),
        _("No licence, number or device can be removed from a PBX before its Commitment ends."),
        COMMITMENT_ARTICLE,
    ),
    Rule(
        "COM-5",
        _("Upgrades under Commitment"),
        _("To upgrade licences under a Commitment, ask Customer Care; a person reviews each case."),
        COMMITMENT_ARTICLE,
    ),
    Rule(
        "COM-6",
        _("Commitments renew automatically"),
        _(
            "A Commitment renews for the same number of years on the day after its end, unless Customer Care was told beforehand to let "
            "it end. On the end date itself, services can be removed. The Licences Expirations Calendar shows both dates."
        ),
        COMMITMENT_ARTICLE,
    ),
)

LICENCES = (
    Rule(
        "LIC-1",
        _("Licences stay on their PBX"),
        _("A licence cannot be moved to another PBX. Monthly subscriptions are more flexible."),
        "Can be licenses moved from one PBX to another?",
    ),
    Rule(
        "LIC-2",
        _("Licences activated by mistake"),
        _("Licences are not refunded, whether they were activated by mistake or for a demonstration."),
        "How to activate demo licenses on PBX?",
    ),
    Rule(
        "LIC-3",
        _("When licences cannot be changed"),
        _("Licences can be changed at any time, except while renewals run: {amend.blackout} UTC on the last day of a month."),
        "What is the latest time to amend the PBX before the renewal?",
    ),
    Rule(
        "LIC-4",
        _("Proration"),
        _(
            "A licence added to a PBX is charged up to the expiry of that PBX and then renews with it for full terms. On a new PBX the "
            "first full term is charged. Monthly prices of licences that a PBX does not have yet: {licence.monthly_prices}. If the expiry "
            "is not known, Customer Care quotes the price, and nothing is added until it is accepted."
        ),
        "How to calculate License costs?",
    ),
    Rule(
        "LIC-5",
        _("One active PBX per end user"),
        _(
            "Since {pbx.single_active_since}, an end user can have one PBX with active licences, or one WMS network that inherits them "
            "from its server. Other PBXs must belong to other end users."
        ),
        'I can not modify my PBX: "The Customer has more than one PBX with active licenses"',
    ),
    Rule(
        "LIC-6",
        _("Users on client PBXs"),
        _(
            "Users can be spread across client PBXs, up to the number of licences on the server. These types count: "
            "{wms.user_licence_types}. If the server fails, the clients keep running."
        ),
        "Can Server PBX licenses be used to register users on the Client PBX?",
    ),
    Rule(
        "LIC-7",
        _("Ending Wizywebinar licences"),
        _("Wizywebinar licences can be ended only after the Wizywebinar access of their users has ended."),
        "How to terminate Wizywebinar Licenses?",
    ),
    Rule(
        "LIC-8",
        _("Read-only VP PBX"),
        _("Services are added to a read-only VP PBX by request only, and are charged separately."),
        'How to add extra services/licenses to "Read Only VP PBX"?',
    ),
    Rule(
        "LIC-9",
        _("LifeTime report"),
        _("The LifeTime PBXs report shows the support cost, the version, and the version each PBX can be upgraded to: {wms.upgrades}."),
        "How to check if PBX with LT licenses is eligible for WMS upgrade?",
    ),
    Rule(
        "LIC-10",
        _("WMS networks must match"),
        _(
            "A PBX that is in a WMS network on its console but not in the portal keeps working, but cannot be upgraded to WMS "
            "{wms.needs_matching_network} or later until both agree."
        ),
        'What does mean notification "For correct work of PBX in WMS network, correct licenses have to be ordered on WMP '
        'or WMS-network has to be deactivated."?',
    ),
)

XBEES = (
    Rule(
        "XB-1",
        _("From UC to x-bees"),
        _(
            "The switch is final, with no trial and no credit. A PBX can be switched between these terms (years of Commitment in "
            "brackets): {xbees.switch_terms}. A person reviews PBXs with these terms: {xbees.reviewed_terms}. With one of these terms, "
            "partners end the PBX and order x-bees themselves: {xbees.own_switch_terms}. If the PBX has HWaaS or CLASSOUND, a request is "
            "needed."
        ),
        "Can I convert my UC PBX to x-bees?",
    ),
)

RULES = (*COMMITMENT, *LICENCES, *XBEES)
