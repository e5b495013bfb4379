"""Rules about Commitment (COM), licences and PBXs (LIC) and x-bees (XB)."""

from django.utils.translation import gettext_lazy as _

from policies.rulebook.rule import Rule

COMMITMENT_ARTICLE = "How does Commitment work?"

COMMITMENT = (
    Rule(
        "COM-1",
        _("Which PBXs can take a Commitment"),
        _(
            "A PBX with one of these terms can take a Commitment: {commitment.eligible_terms}. "
            "It lasts one of these numbers of years: {commitment.years}."
        ),
        COMMITMENT_ARTICLE,
    ),
    Rule(
        "COM-2",
        _("When the discount begins"),
        _("Licences that were there before get the discount with their next renewal, licences added later at once: {commitment.discount}."),
        COMMITMENT_ARTICLE,
    ),
    Rule(
        "COM-3",
        _("Adding under Commitment"),
        _("Anything can be added to a PBX under Commitment at any time; it is billed from the day it was ordered."),
        COMMITMENT_ARTICLE,
    ),
    Rule(
        "COM-4",
        _("Nothing leaves under Commitment"),
        _("No licence, number or device can be taken off a PBX before its Commitment ends."),
        COMMITMENT_ARTICLE,
    ),
    Rule(
        "COM-5",
        _("Upgrades under Commitment"),
        _("To upgrade licences under a Commitment, ask Customer Care: a person looks at each case."),
        COMMITMENT_ARTICLE,
    ),
    Rule(
        "COM-6",
        _("Commitments renew themselves"),
        _(
            "A Commitment goes on for the same years from the day after its end, unless Customer Care was told before to let it end. On "
            "the day of its end itself services can be taken off. The calendar of expirations shows both dates."
        ),
        COMMITMENT_ARTICLE,
    ),
)

LICENCES = (
    Rule(
        "LIC-1",
        _("Licences stay on their PBX"),
        _("A licence cannot be moved to another PBX. Monthly subscriptions leave you freer."),
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
        _("Hours without changes"),
        _("Licences can be changed at any time but {amend.blackout} UTC on the last day of a month, while renewals run."),
        "What is the latest time to amend the PBX before the renewal?",
    ),
    Rule(
        "LIC-4",
        _("Proration"),
        _(
            "A licence added to a PBX is charged up to the expiry of that PBX and then renews with it for full terms. On a new PBX the "
            "first full term is charged. What a PBX does not have yet costs a month: {licence.monthly_prices}. Where no expiry is known, "
            "Customer Care quotes the price, and nothing is added before it is accepted."
        ),
        "How to calculate License costs?",
    ),
    Rule(
        "LIC-5",
        _("One active PBX for each end user"),
        _(
            "Since {pbx.single_active_since} an end user has one PBX with active licences, or one WMS network that takes them from its "
            "server. Other PBXs belong to other end users."
        ),
        'I can not modify my PBX: "The Customer has more than one PBX with active licenses"',
    ),
    Rule(
        "LIC-6",
        _("Users on client PBXs"),
        _(
            "Users may be spread over the client PBXs up to the number of licences of the server, counting {wms.user_licence_types}. If "
            "the server fails, the clients work on."
        ),
        "Can Server PBX licenses be used to register users on the Client PBX?",
    ),
    Rule(
        "LIC-7",
        _("Ending Wizywebinar"),
        _("End the Wizywebinar access of the users first; then the licences can be ended."),
        "How to terminate Wizywebinar Licenses?",
    ),
    Rule(
        "LIC-8",
        _("Read-only VP PBX"),
        _("A read-only VP PBX gets more services by request only, and they are charged on their own."),
        'How to add extra services/licenses to "Read Only VP PBX"?',
    ),
    Rule(
        "LIC-9",
        _("LifeTime report"),
        _("The report of LifeTime PBXs shows what support costs, the version, and the version each can be upgraded to: {wms.upgrades}."),
        "How to check if PBX with LT licenses is eligible for WMS upgrade?",
    ),
    Rule(
        "LIC-10",
        _("WMS networks must match"),
        _(
            "A PBX that is in a WMS network on its console but not in the portal works on, yet cannot be upgraded to WMS "
            "{wms.needs_matching_network} until both agree."
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
            "The switch is final, with no trial. These terms go together, in brackets the years of Commitment: {xbees.switch_terms}. "
            "A person reviews PBXs with these terms: {xbees.reviewed_terms}. Nothing is credited. With one of these terms "
            "partners end the PBX and order x-bees themselves: {xbees.own_switch_terms}. With HWaaS or CLASSOUND on the PBX a ticket is "
            "needed."
        ),
        "Can I convert my UC PBX to x-bees?",
    ),
)

RULES = (*COMMITMENT, *LICENCES, *XBEES)
