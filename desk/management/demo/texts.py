"""The canned answers, macros and automations of the demo's care team."""

ANSWERS = (
    (
        "Which number is it?",
        "",
        "Dear {requester.name},\n\nwhich of your numbers is this about? Please include the country code.\n\n{agent.name}",
    ),
    (
        "We are on it",
        "",
        "Dear {requester.name},\n\nthank you for #{ticket.number} about {asset}. We are looking into it.\n\n{agent.name}",
    ),
    (
        "Not possible until later",
        "CLASSOUND",
        "Dear {requester.name},\n\n{asset} cannot be cancelled before {allowed_from}. Shall we do it on that day?\n\n{agent.name}",
    ),
    (
        "The device is on its way",
        "HWaaS",
        "Dear {requester.name},\n\nyour device has left our warehouse. The tracking number will follow by e-mail.\n\n{agent.name}",
    ),
    (
        "Copy of an invoice",
        "Billing",
        "Dear {requester.name},\n\nall invoices of {partner.name} are in the portal under Account, also as CSV.\n\n{agent.name}",
    ),
)
MACROS = (
    ("Take it and acknowledge", [("assign", "me"), ("status", "open"), ("reply", ANSWERS[1][2].replace(" about {asset}", ""))]),
    ("Escalate to a lead", [("priority", "1"), ("tag", "lead"), ("note", "Please take a look at #{ticket.number} from {partner.name}.")]),
    ("Ask for the number", [("assign", "me"), ("ask", ANSWERS[0][2])]),
)
# title, when, since, hours, conditions, actions, active: only automations that merely tag are active.
AUTOMATIONS = (
    ("Tag expensive requests", "submitted", "", None, [("fee", "100")], [("tag", "over-100")], True),
    ("Tag tickets waiting for a week", "time", "waiting", 168, [("untagged", "silent")], [("tag", "silent")], True),
    (
        "Remind the partner after three days",
        "time",
        "waiting",
        72,
        [],
        [("reply", "Dear {requester.name}, we still need your answer.")],
        False,
    ),
    (
        "Ask the carrier again after three days",
        "time",
        "updated",
        72,
        [("waiting_for", "carrier")],
        [("tag", "carrier-silent"), ("status", "open")],
        False,
    ),
    ("Raise the priority of reopened tickets", "reopened", "", None, [("priority", "2")], [("priority", "1"), ("tag", "reopened")], False),
    (
        "Escalate if unassigned after four hours",
        "time",
        "created",
        4,
        [("owner", "nobody")],
        [("priority", "1"), ("tag", "unassigned")],
        False,
    ),
)
