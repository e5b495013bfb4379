"""What the demo's care team keeps: canned answers, macros and automations."""

ANSWERS = (
    (
        "Which number is it?",
        "",
        "Dear {requester.name},\n\nwhich of your numbers is this about? Please name it with its country code.\n\n{agent.name}",
    ),
    (
        "We are on it",
        "",
        "Dear {requester.name},\n\nthank you for #{ticket.number} about {asset}. We look into it and write again soon.\n\n{agent.name}",
    ),
    (
        "Possible from a later day",
        "CLASSOUND",
        "Dear {requester.name},\n\n{asset} cannot be cancelled before {allowed_from}. We can do it on that day: shall we?\n\n{agent.name}",
    ),
    (
        "The device is on its way",
        "HWaaS",
        "Dear {requester.name},\n\nyour device has left our warehouse. The tracking number follows by mail.\n\n{agent.name}",
    ),
    (
        "Copy of an invoice",
        "Billing",
        "Dear {requester.name},\n\nall invoices of {partner.name} are in the portal under Account, also as CSV.\n\n{agent.name}",
    ),
)
MACROS = (
    ("Take and answer soon", [("assign", "me"), ("status", "open"), ("reply", ANSWERS[1][2].replace(" about {asset}", ""))]),
    ("Urgent, to a lead", [("priority", "1"), ("tag", "lead"), ("note", "Please have a look at #{ticket.number} of {partner.name}.")]),
    ("Wait for the number", [("assign", "me"), ("ask", ANSWERS[0][2])]),
)
# title, when, since, hours, conditions, actions, whether it is on: only what merely marks.
AUTOMATIONS = (
    ("Mark what costs much", "submitted", "", None, [("fee", "100")], [("tag", "over-100")], True),
    ("Mark what waits for a week", "time", "waiting", 168, [("untagged", "silent")], [("tag", "silent")], True),
    (
        "Remind the partner after three days",
        "time",
        "waiting",
        72,
        [],
        [("reply", "Dear {requester.name}, we still need your answer.")],
        False,
    ),
    ("A reopened ticket is urgent", "reopened", "", None, [("priority", "2")], [("priority", "1"), ("tag", "reopened")], False),
    ("Nobody has it after four hours", "time", "created", 4, [("owner", "nobody")], [("priority", "1"), ("tag", "nobody")], False),
)
