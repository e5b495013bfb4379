"""Periodic tasks and their intervals."""

from datetime import timedelta

# An unresponsive mail server or webhook must not delay executions, sweep and heartbeat (0 is the most urgent).
UNHURRIED = {
    name: {"priority": 6}
    for name in (
        *("tickets.tasks.deliver", "tickets.tasks.preview", "desk.tasks.bulk", "desk.tasks.rehearse"),
        *("inbound.tasks.take_in", "estate.tasks.carry_out", "webhooks.tasks.call"),
    )
}


def schedule(*, sweep, forget):
    """Return Celery's periodic tasks. `sweep` is the interval in seconds at which lost work is found; a queued task that has not begun
    within `forget` seconds expires, so that none pile up."""
    return {
        "sweep": {"task": "tickets.tasks.sweep", "schedule": timedelta(seconds=sweep), "options": {"expires": forget}},
        "deliver": {"task": "tickets.tasks.deliver", "schedule": timedelta(seconds=sweep), "options": {"expires": forget}},
        "remind": {"task": "tickets.tasks.remind", "schedule": timedelta(hours=1), "options": {"expires": 3600}},
        "bonuses": {"task": "billing.tasks.post_bonuses", "schedule": timedelta(hours=1), "options": {"expires": 3600}},
        # Due once a day but queued every hour, so that a scheduler that was down at midnight catches up soon.
        "renew_commitments": {"task": "pbx.tasks.renew_commitments", "schedule": timedelta(hours=1), "options": {"expires": 3600}},
        "send_drafts": {"task": "desk.tasks.send_drafts", "schedule": timedelta(seconds=5), "options": {"expires": forget}},
        "tell_followers": {"task": "desk.tasks.tell_followers", "schedule": timedelta(seconds=10), "options": {"expires": forget}},
        "clocks": {"task": "tickets.tasks.clocks", "schedule": timedelta(minutes=1), "options": {"expires": forget, "priority": 6}},
        "close": {"task": "tickets.tasks.close", "schedule": timedelta(hours=1), "options": {"expires": 3600, "priority": 6}},
        "warn": {"task": "desk.tasks.warn", "schedule": timedelta(minutes=1), "options": {"expires": forget}},
        "give_out": {"task": "desk.tasks.give_out", "schedule": timedelta(seconds=5), "options": {"expires": 5}},
        "take_in": {"task": "inbound.tasks.take_in", "schedule": timedelta(seconds=sweep), "options": {"expires": sweep}},
        "forget_mails": {"task": "inbound.tasks.forget_mails", "schedule": timedelta(hours=12), "options": {"expires": 3600}},
        "forget_forms": {"task": "tickets.tasks.forget_forms", "schedule": timedelta(hours=12), "options": {"expires": 3600}},
        "forget_notices": {"task": "desk.tasks.forget_notices", "schedule": timedelta(hours=12), "options": {"expires": 3600}},
        "forget_sessions": {"task": "partners.tasks.forget_sessions", "schedule": timedelta(hours=1), "options": {"expires": 3600}},
        "heartbeat": {"task": "tickets.tasks.heartbeat", "schedule": timedelta(seconds=15), "options": {"expires": forget}},
        "watch": {"task": "tickets.tasks.watch", "schedule": timedelta(minutes=1), "options": {"expires": forget}},
        "sweep-desk": {"task": "desk.tasks.sweep", "schedule": timedelta(seconds=sweep), "options": {"expires": forget}},
        "sweep-imports": {"task": "estate.tasks.sweep", "schedule": timedelta(seconds=sweep), "options": {"expires": forget}},
        "forget_imports": {"task": "estate.tasks.forget_files", "schedule": timedelta(hours=12), "options": {"expires": 3600}},
        "webhooks": {"task": "webhooks.tasks.call", "schedule": timedelta(seconds=5), "options": {"expires": 5}},
        "forget_calls": {"task": "webhooks.tasks.forget_calls", "schedule": timedelta(hours=12), "options": {"expires": 3600}},
        "automate": {"task": "desk.tasks.automate", "schedule": timedelta(seconds=5), "options": {"expires": 5}},
        "automate-by-time": {"task": "desk.tasks.automate_by_time", "schedule": timedelta(minutes=1), "options": {"expires": 60}},
    }
