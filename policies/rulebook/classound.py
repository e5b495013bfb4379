"""Rules about phone numbers (DID)."""

from django.utils.translation import gettext_lazy as _

from policies.rulebook.rule import Rule

MINIMUM_TERM = "What is the minimum term of use by a Partner of the new DID number?"
FLAT = "How does CLASSOUND FLAT apply to PBX?"

NUMBERS = (
    Rule(
        "DID-1",
        _("Minimum term of a number"),
        _("A new DID, including its CLASSOUND FLAT, must be kept for at least {did.minimum_term_months} from its activation."),
        MINIMUM_TERM,
    ),
    Rule(
        "DID-2",
        _("Numbers under Commitment"),
        _(
            "While a PBX is under Commitment, the end of the Commitment replaces the minimum term: no number on it can be cancelled "
            "before then."
        ),
        MINIMUM_TERM,
    ),
    Rule(
        "DID-3",
        _("Ranges stay whole"),
        _(
            "Each X at the end of a number stands for any digit. A range ({did.range_sizes} numbers) can only be bought, moved or "
            "cancelled as a whole."
        ),
        "Can the range of numbers (10, 100, 1000) that have been ordered via Classound be split, "
        "or some numbers from the range that have been ordered via Classound be canceled?",
    ),
    Rule(
        "DID-4",
        _("Cancelling a number"),
        _(
            "Only the partner that owns a number can cancel it, by request. A number ported away without one can only make outgoing "
            "calls, and is renewed and billed as before."
        ),
        "How to cancel DID number?",
    ),
    Rule(
        "DID-8",
        _("Moving numbers"),
        _(
            "Numbers can be moved between PBXs of the same end user for {fee.did_transfer} per operation. They take over the term and "
            "expiry of the target PBX. Numbers cannot be moved off a PBX under Commitment."
        ),
        "How to move CLASSOUND service between PBXs of the same end-user?",
    ),
    Rule(
        "DID-9",
        _("One term per PBX"),
        _("Everything on a PBX shares its term and expiry date. A monthly number cannot be on a PBX with a longer term."),
        "Can monthly DID numbers be ordered on 5-year (1-year) PBX?",
    ),
    Rule(
        "DID-10",
        _("Emergency calling"),
        _(
            "Emergency calling starts once the address of the number’s user has been validated. Numbers in "
            "{emergency.automatic_countries} have it without a request."
        ),
        "How to activate Emergency Services for DID number?",
    ),
    Rule(
        "DID-13",
        _("Migration code"),
        _(
            "The migration code of a number is shown in the orders report, in the finder and on the invoice. You can also ask for it by "
            "request."
        ),
        "How to get DID Migration code?",
    ),
    Rule(
        "DID-14",
        _("Special numbers"),
        _("Calls to special numbers are enabled only after a person has reviewed each number."),
        "How to make calls to a special number via CLASSOUND?",
    ),
    Rule(
        "DID-15",
        _("No call limit by minutes; price of an SMS"),
        _("A user’s calls cannot be blocked after a number of minutes. An SMS costs as much as a minute to the same country."),
        "How to block the user's outgoing calls as soon as the threshold of 3000 minutes of CLASSOUND is reached?",
    ),
    Rule(
        "DID-18",
        _("Numbers marked as spam"),
        _("Reputation services flag numbers by their traffic. Contact those services first, then send us a technical question."),
        "How to fix the issue when calls from DID numbers indicate as 'undesirable calls' on local opponents?",
    ),
)

PORTING = (
    Rule(
        "DID-5",
        _("Changing a porting date"),
        _(
            "A confirmed porting date can be moved up to {porting.change_notice_business_days} before it, to a business day after that "
            "notice period and within {porting.new_date_within} of the request. The request costs {fee.porting_date_change}, whatever the "
            "carrier decides: it may refuse or set a different date."
        ),
        "Is it possible to change the porting date?",
    ),
    Rule(
        "DID-6",
        _("Time of porting"),
        _(
            "Only a confirmed porting date can be changed. By default, a number is ported at {porting.default_time} in your time zone; "
            "have the PBX ready at least {porting.configure_days_before} before."
        ),
        "How to find out the exact time of porting for DID number?",
    ),
    Rule(
        "DID-7",
        _("Lead times"),
        _(
            "Full porting takes {lead_time.full_porting_shortest} to {lead_time.full_porting_longest}, a new number "
            "{lead_time.new_did_shortest} to {lead_time.new_did_longest}, and outbound calls with your own numbers {lead_time.outbound}."
        ),
        "How long does it take to port DID number?",
    ),
)

LICENCES = (
    Rule(
        "DID-11",
        _("Number of FLAT licences"),
        _(
            "A PBX with a number has as many CLASSOUND FLAT licences as it has licences of these types: {flat.licence_types}. All others "
            "pay by the minute. In a WMS network, the server’s licences count for its clients."
        ),
        FLAT,
    ),
    Rule(
        "DID-12",
        _("Concurrent calls"),
        _("The number of calls a user can have at the same time depends on the licence: {concurrent_calls}."),
        "How many concurrent calls are available for 1 DID number?",
    ),
    Rule(
        "DID-16",
        _("Trying the Teams integration"),
        _(
            "The Teams integration can be tried on a PBX with CLASSOUND, WMS {teams.minimum_wms} or later, and one of these licences for "
            "each user: {teams.licence_types}. For a client PBX in a WMS network, the server’s licences count."
        ),
        "How to test integration WMS Teams, without ordering Classound Flat on PBX?",
    ),
    Rule(
        "DID-17",
        _("Number of Teams licences"),
        _("The number of Teams licences is changed by request. Under Commitment it can only increase."),
        "How to change the amount of the license for Teams4wildix?",
    ),
)

RULES = tuple(sorted((*NUMBERS, *PORTING, *LICENCES), key=lambda rule: int(rule.code.partition("-")[2])))
