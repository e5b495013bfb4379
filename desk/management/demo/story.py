"""The requests of the demo's partners and what has happened to them since: one line each, the oldest first.

Hours are counted as if support never closed; life.py moves the steps into working hours and recent ones to today. In the fields,
"{}" stands for the object concerned, "{day}" for a business day in six weeks, "{other}" for another partner's code.
"""

from typing import NamedTuple

from desk.management.demo import things


class Told(NamedTuple):
    """A request filed `hours` ago by the partner at that position, and its steps: (hours later, what happens, text)."""

    hours: float
    partner: int
    code: str
    about: object
    fields: dict
    then: tuple = ()


SOON = "Thank you, we are looking into it and will get back to you today."
HERE = "1 Harbour Street\n20457 Hamburg"

STORY = (
    Told(
        290,
        0,
        "shipment_tracking",
        things.orders,
        {"order": "{}", "message": "Our technician is waiting for the parcel."},
        ((30, "good", "Very quick answer, thank you."),),
    ),
    Told(
        270,
        3,
        "did_cancel",
        things.numbers,
        {"dids": ["{}"], "reason": "The branch has closed.", "message": "Please tell us the last day of service."},
        ((2, "take", ""), (3, "reply", SOON), (5, "execute", ""), (29, "good", "")),
    ),
    Told(
        240,
        4,
        "general_question",
        things.nothing,
        {
            "topic": "Billing",
            "subject": "Two support fees on one invoice",
            "message": "The support fee is on two lines this month. Which one is ours?",
        },
        (
            (1, "take", ""),
            (3, "ask", "Which invoice do you mean? Please send us its number."),
            (26, "says", "The last one, with the two PBXs of the school."),
            (28, "note", "Two PBXs, one fee each: both lines are correct."),
            (29, "answer", "There is one support fee per PBX and you have two PBXs, so both lines are correct."),
            (50, "bad", "Right, but it took two days."),
        ),
    ),
    Told(
        220,
        0,
        "porting_date_change",
        things.portings,
        {"did": "{}", "requested_date": "{day}", "acknowledge_not_guaranteed": "on", "message": "The technician is on leave that week."},
        ((2, "take", ""), (3, "execute", "")),
    ),
    Told(
        200,
        0,
        "rma",
        things.rented,
        {
            "serial": "{}",
            "kind": "hwaas",
            "fault": "The handset restarts when it is lifted.",
            "replacement": "new",
            "delivery_address": HERE,
        },
        ((1, "take", ""), (2, "reply", SOON), (4, "execute", "")),
    ),
    Told(
        180,
        6,
        "company_change",
        things.nothing,
        {"address": "12 Lake Road\n8001 Zurich", "message": "We have moved. The commercial register has the new address."},
        ((4, "take", ""), (5, "reject", "The register still has the old address. Please ask again once it has been updated.")),
    ),
    Told(
        170,
        5,
        "did_migration_code",
        things.numbers,
        {"did": "{}", "message": "For the new operator."},
        ((20, "good", ""),),
    ),
    Told(
        150,
        2,
        "credit_note_request",
        things.invoices,
        {
            "invoice": "{}",
            "lines": [{"line": 1, "amount": "5.00"}],
            "justification": "This user left before the month began.",
            "message": "Please check the first line.",
        },
        ((3, "take", ""), (4, "tag", "invoice"), (5, "reply", SOON), (6, "note", "Billing is checking the month.")),
    ),
    Told(
        130,
        3,
        "special_number_access",
        things.pbxs,
        {"pbx": "{}", "numbers": "116117", "purpose": "The practice needs to reach the doctors on call.", "message": "It is a surgery."},
        ((2, "take", ""), (3, "reply", SOON)),
    ),
    Told(
        120,
        6,
        "hwaas_lost",
        things.rented,
        {"serial": "{}", "circumstances": "Left in a taxi after the fair.", "message": "The taxi company has not found it."},
        ((2, "take", ""), (6, "reply", "We are sorry to hear that. Let us wait until Friday, in case the taxi company finds it.")),
    ),
    Told(
        104,
        7,
        "licence_change",
        things.pbxs,
        {"pbx": "{}", "changes": [{"licence_type": "business", "quantity": 7}], "message": "Five more colleagues from next month."},
        ((5, "reply", SOON), (9, "quote", "LifeTime licences, at 60.00 each")),
    ),
    Told(
        100,
        4,
        "reseller_transfer",
        things.resellers,
        {
            "reseller": "{}",
            "new_partner": "{other}",
            "description": "The reseller has found a partner nearby.",
            "message": "All three parties know about it.",
        },
        ((20, "note", "The reseller called: the link has arrived."),),
    ),
    Told(
        90,
        5,
        "order_amendment",
        things.orders,
        {"order": "{}", "kind": "amend", "details": "Two more headsets, please.", "message": "If it has not left yet."},
        ((1, "take", ""), (2, "reply", SOON), (3, "hold", "The warehouse is checking whether it has left."), (4, "snooze", "week")),
    ),
    Told(
        80,
        6,
        "hwaas_return",
        things.rented,
        {"serials": ["{}"], "pickup_address": HERE, "message": "The shop is closing."},
        ((6, "take", ""), (7, "ask", "Will you include the power supply?")),
    ),
    Told(
        75,
        0,
        "general_question",
        things.nothing,
        {
            "topic": "General",
            "subject": "Talks at the partner day",
            "message": "Is there a list of talks for the partner day? We would send three colleagues.",
        },
        ((2, "take", ""), (4, "answer", "The list comes with the invitation next week."), (20, "good", "Thank you!")),
    ),
    Told(70, 7, "end_user_transfer", things.end_users, {"end_user": "{}", "new_partner": "{other}", "description": "They moved."}),
    Told(
        60,
        3,
        "teams_licence_change",
        things.pbxs,
        {"pbx": "{}", "quantity": 25, "message": "The whole office will use it."},
        ((2, "take", ""), (3, "tag", "teams"), (4, "reply", SOON)),
    ),
    Told(
        55, 3, "hwaas_buyout", things.rented, {"serials": ["{}"], "message": "They want to keep it."}, ((2, "take", ""), (5, "reply", SOON))
    ),
    Told(
        52,
        0,
        "general_question",
        things.nothing,
        {"topic": "Orders", "subject": "A case for the W-Air", "message": "Is there a case for the handset that can be washed?"},
        ((1, "take", ""), (3, "ask", "Yes. Which handset is it for: the W-Air Basic2 or the W-Air Med?")),
    ),
    Told(
        50,
        1,
        "delivery_quote",
        things.nothing,
        {"country": "NO", "items": "4 phones and 2 headsets", "message": "For the cabin in Bergen."},
    ),
    Told(48, 5, "xbees_switch", things.pbxs, {"pbx": "{}", "target_term": "1y", "acknowledge_final": "on"}),
    Told(
        40,
        4,
        "emergency_activation",
        things.numbers,
        {
            "locations": [
                {"did": "{}", "user_name": "Front desk", "street": "4 Mill Lane", "postcode": "4020", "city": "Linz", "country": "AT"}
            ],
            "message": "We have a new front desk.",
        },
        ((0.5, "take", ""), (0.7, "critical", ""), (1, "reply", SOON), (4, "note", "The carrier also needs the floor.")),
    ),
    Told(28, 7, "commitment_request", things.pbxs, {"pbx": "{}", "years": 3, "message": "What would change with three years?"}),
    Told(26, 6, "hw_to_hwaas", things.owned, {"serials": ["{}"], "message": "We would rather rent."}),
    Told(24, 5, "did_transfer", things.movable, {"dids": ["{}"], "target_pbx": "{pbx}", "message": "To the new building."}),
    Told(
        20,
        2,
        "general_question",
        things.nothing,
        {
            "topic": "PBX/Licences",
            "subject": "No calls since the update",
            "message": "Since this morning nobody in the clinic can call out. Please look at it right away.",
        },
        ((0.2, "critical", ""), (0.3, "take", ""), (0.4, "reply", "We are working on it."), (1, "mails", "Still no calls.")),
    ),
    Told(
        19,
        2,
        "general_question",
        things.nothing,
        {"topic": "PBX/Licences", "subject": "No outgoing calls", "message": "The clinic again: no outgoing calls."},
        ((0.5, "merge", "No calls since the update"),),
    ),
    Told(2, 4, "did_cancel", things.numbers, {"dids": ["{}"], "reason": "No longer used.", "message": "No hurry."}),
)
