"""Rules about phone numbers (DID)."""

from django.utils.translation import gettext_lazy as _

from policies.rulebook.rule import Rule

MINIMUM_TERM = "What is the minimum term of use by a Partner of the new DID number?"
FLAT = "How does CLASSOUND FLAT apply to PBX?"

NUMBERS = (
    Rule(
        "DID-1",
        _("Minimum term of a number"),
        _("A new DID, with its CLASSOUND FLAT, is kept for at least {did.minimum_term_months} from its activation."),
        MINIMUM_TERM,
    ),
    Rule(
        "DID-2",
        _("Numbers under Commitment"),
        _("While a Commitment runs on the PBX, its end takes the place of the minimum term: no number on it can be given up before."),
        MINIMUM_TERM,
    ),
    Rule(
        "DID-3",
        _("Ranges stay whole"),
        _(
            "Each X at the end of a number stands for any digit. Such a range ({did.range_sizes} numbers) is bought, moved and "
            "cancelled in one piece."
        ),
        "Can the range of numbers (10, 100, 1000) that have been ordered via Classound be split, "
        "or some numbers from the range that have been ordered via Classound be canceled?",
    ),
    Rule(
        "DID-4",
        _("Cancelling a number"),
        _(
            "Only the partner who holds a number can cancel it, by ticket. A number ported away without one keeps its billing and "
            "renewal and serves outgoing calls only."
        ),
        "How to cancel DID number?",
    ),
    Rule(
        "DID-8",
        _("Moving numbers"),
        _(
            "Numbers can be moved between PBXs of one end user, for {fee.did_transfer} an operation. They take over the term and expiry "
            "of the PBX they go to; a PBX under Commitment does not let them go."
        ),
        "How to move CLASSOUND service between PBXs of the same end-user?",
    ),
    Rule(
        "DID-9",
        _("One term for a PBX"),
        _("Everything on a PBX has its term and its expiry date. A monthly number cannot sit on a PBX with a longer term."),
        "Can monthly DID numbers be ordered on 5-year (1-year) PBX?",
    ),
    Rule(
        "DID-10",
        _("Emergency calling"),
        _(
            "Emergency calling starts once the address of the number's user was checked. Numbers of {emergency.automatic_countries} "
            "have it without a request."
        ),
        "How to activate Emergency Services for DID number?",
    ),
    Rule(
        "DID-13",
        _("Migration code"),
        _("The migration code of a number stands in the orders report, in the finder and on the invoice; a request gives it too."),
        "How to get DID Migration code?",
    ),
    Rule(
        "DID-14",
        _("Special numbers"),
        _("Calls to special numbers are opened after a person has looked at each of them."),
        "How to make calls to a special number via CLASSOUND?",
    ),
    Rule(
        "DID-15",
        _("No limit by minutes; price of an SMS"),
        _("A user's calls cannot be blocked at a number of minutes. An SMS costs what a minute to the same country costs."),
        "How to block the user's outgoing calls as soon as the threshold of 3000 minutes of CLASSOUND is reached?",
    ),
    Rule(
        "DID-18",
        _("Numbers marked as spam"),
        _("Reputation services mark numbers by their traffic. Ask those services first, then send us a technical question."),
        "How to fix the issue when calls from DID numbers indicate as 'undesirable calls' on local opponents?",
    ),
)

PORTING = (
    Rule(
        "DID-5",
        _("Another porting date"),
        _(
            "A confirmed porting date can be moved up to {porting.change_notice_business_days} before it, to another business day after "
            "that notice and within {porting.new_date_within}. Asking costs {fee.porting_date_change}, and the carrier may answer "
            "otherwise."
        ),
        "Is it possible to change the porting date?",
    ),
    Rule(
        "DID-6",
        _("The hour of a porting"),
        _(
            "Only a confirmed porting date can be changed. The porting happens at {porting.default_time} your time by default; have "
            "the PBX ready {porting.configure_days_before} ahead."
        ),
        "How to find out the exact time of porting for DID number?",
    ),
    Rule(
        "DID-7",
        _("How long it takes"),
        _(
            "A full porting takes {lead_time.full_porting_shortest} to {lead_time.full_porting_longest}, a new number "
            "{lead_time.new_did_shortest} to {lead_time.new_did_longest}, outbound calls with your own numbers {lead_time.outbound}."
        ),
        "How long does it take to port DID number?",
    ),
)

LICENCES = (
    Rule(
        "DID-11",
        _("How many FLAT licences"),
        _(
            "A PBX with a number has as many CLASSOUND FLAT licences as it has licences of {flat.licence_types}; all others pay by the "
            "minute. In a WMS network the server's licences count for its clients."
        ),
        FLAT,
    ),
    Rule(
        "DID-12",
        _("Calls at the same time"),
        _("How many calls a user can hold at once depends on the licence: {concurrent_calls}."),
        "How many concurrent calls are available for 1 DID number?",
    ),
    Rule(
        "DID-16",
        _("Trying the Teams integration"),
        _(
            "The Teams integration can be tried on a PBX with CLASSOUND, WMS {teams.minimum_wms} or later, and for each user one of "
            "these licences: {teams.licence_types}. On a client in a WMS network those of its server count."
        ),
        "How to test integration WMS Teams, without ordering Classound Flat on PBX?",
    ),
    Rule(
        "DID-17",
        _("Number of Teams licences"),
        _("The number of Teams licences changes by request. Under a Commitment it can only grow."),
        "How to change the amount of the license for Teams4wildix?",
    ),
)

RULES = tuple(sorted((*NUMBERS, *PORTING, *LICENCES), key=lambda rule: int(rule.code.partition("-")[2])))
