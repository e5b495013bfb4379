"""Support hours, the satisfaction question, and expected times."""

import datetime

from classound.lead_times import lead_times
from tests.cases.facts import a_book
from tickets import sla
from tickets.models import Ticket
from tickets.services.satisfaction import may_answer
from tickets.sla_targets import Promises
from tickets.types import TYPES


def hours(facts):
    """SLA-1: whether support of a `region` is closed `at` a moment, and until when."""
    at = facts["at"]
    calendar = Promises(a_book(at.date(), facts.get("policies", ()))).calendar(facts["region"])
    ((opens, _closes),) = sla.spans(calendar, at, 1)
    return [] if calendar.is_open(at) else [f"SLA-1 rests until {opens:%Y-%m-%d %H:%M}"]


def opinion(facts):
    """GEN-6: whether the partner of a ticket with this `status` and `outcome`, `solved_on` a day, is asked `today` how it went.

    `answers` are the days on which it has answered so far.
    """
    solved, *answers = [datetime.datetime.combine(day, datetime.time(12), datetime.UTC) for day in (facts["solved_on"], *facts["answers"])]
    ticket = Ticket(status=facts["status"], outcome=facts["outcome"], solved_at=solved, rated_at=answers[-1] if answers else None)
    since = [at for at in answers if at >= solved]
    is_asked = may_answer(ticket, since, book=a_book(facts["today"], facts.get("policies", ())))
    return ["GEN-6 asked"] if is_asked else []


def expected_times(facts):
    """DID-7: the times that are shown with the numbers `today`."""
    return [f"{fact['rule']} {fact['text']}" for fact in lead_times(a_book(facts["today"], facts.get("policies", ())))]


def form_notes(facts):
    """What the form of a `request` shows before it is filled in: times (DID-7), discounts (BIL-5)."""
    return [f"{note['rule']} {note['text']}" for note in TYPES[facts["request"]].notes(a_book(facts["today"]))]
