"""Effects of time on tickets: running clocks, notices before they are late, closing.

These functions need rows: they take the facts and pytest's `getfixturevalue`, and return a function that takes one value after the
other, in the order of the case, and returns the result.
"""

from desk.models import Notice
from desk.services import sla_warnings
from partners.models import User
from policies.models import PolicyValue
from tests.cases.facts import a_partner
from tests.tickets.actions import ask, carry_out, send_mails
from tickets.models import Mail, Ticket
from tickets.services import agent_actions, clocks, closing, conversation
from tickets.services.mailing import PATIENCE
from tickets.sla_targets import PRIORITIES

S = Ticket.Status
CHARGES = {"a charge": (True, False), "a posted charge": (True, True), "a charge that is not due": (False, False)}  # (due, posted)


def _with_policies(facts, by):
    for one in facts.get("policies", ()):
        PolicyValue.objects.create(code=one["code"], valid_from=one["from"], value=one["value"], note="a case", set_by=by)


def clock(facts, get):
    """SLA-2 to SLA-6: whether a `clock` (first, next, solution) of a ticket would be overdue at a moment.

    `story` are the events of the ticket, (moment, event) in order; those later than the moment have not happened yet.
    """
    get("db")
    if "policies" in facts:
        _with_policies(facts, User.objects.create_user("admin@care.example", "x", role="admin"))

    def late(at):
        ticket = _ticket(facts, at)
        is_late = clocks.runs(ticket, facts["clock"]) and clocks.is_late(ticket, facts["clock"], at)
        return [f"{_rule(ticket, facts['clock'], at)} late"] if is_late else []

    return late


def _ticket(facts, now):
    """Return an unsaved ticket after all of its story so far."""
    (asked, _what), *story = facts["story"]
    ticket = Ticket(type_code=facts["type"], priority=Ticket.Priority[facts["priority"]], status=S.NEW, created_at=asked, pauses=[])
    ticket.partner = a_partner(region=facts["region"])
    clocks.begin(ticket, at=asked)
    for at, what in story:
        if at <= now:
            _apply_event(ticket, what, at)
    return ticket


def _apply_event(ticket, what, at):
    if wrote := {"answered": clocks.care_team_wrote, "heard": clocks.partner_wrote}.get(what):
        return wrote(ticket, at=at)
    status, outcome = {"waits": (S.PENDING, ""), "goes on": (S.OPEN, ""), "solved": (S.SOLVED, "executed")}[what]
    clocks.moving(ticket, status, outcome, at=at)
    ticket.status, ticket.outcome = status, outcome
    return clocks.recalculate(ticket, at=at)


def _rule(ticket, clock, at):
    """Return the rule that gives the clock its target."""
    if clock != "first":
        return {"next": "SLA-5", "solution": "SLA-6"}[clock]
    book, priority = clocks.promises(at).book, PRIORITIES[ticket.priority]
    if any(tuple(row[:2]) == (priority, ticket.type_code) for row in book.value("sla.first_answer")):
        return "SLA-4"
    return {"critical": "SLA-2", "standard": "SLA-3"}[priority]


def notices(facts, get):
    """SLA-7: who is notified at a moment that a ticket is due soon. It was `asked_at`, is `owned` or not; its owner may be `away` on a
    day."""
    cast = get("cast")
    _with_policies(facts, cast.admin)
    ticket = ask(cast.nora, "did_cancel", facts["asked_at"], dids=[cast.did.number])
    if facts["is_owned"]:
        agent_actions.assign(ticket.pk, cast.agent, actor=cast.agent, at=facts["asked_at"])

    def told(at):
        known = set(Notice.objects.values_list("pk", flat=True))
        sla_warnings.warn(at=at)
        news = Notice.objects.filter(kind="due").exclude(pk__in=known).order_by("pk")
        return [f"SLA-7 {notice.user.get_full_name()} is told" for notice in news]

    return told


def close(facts, get):
    """SLA-8: whether the worker closes at a moment a ticket `solved_at` another, with something still `owed` or nothing."""
    cast = get("cast")
    _with_policies(facts, cast.admin)
    ticket = carry_out(ask(cast.nora, "did_cancel", facts["solved_at"], dids=[cast.did.number]), cast.agent, facts["solved_at"])
    if facts["owed"] == "an answer":
        conversation.reply(ticket.pk, "It still rings.", author=cast.nora, at=facts["solved_at"])
    if facts["owed"] in CHARGES:
        due_at, posted_at = (facts["solved_at"] if is_so else None for is_so in CHARGES[facts["owed"]])
        fee = {"fee": "a fee", "title": "A fee", "amount": 1, "currency": "EUR", "payer": cast.nord, "moment": "executed"}
        ticket.charges.create(**fee, due_at=due_at, posted_at=posted_at)
    if facts["owed"] != "a mail":
        send_mails(facts["solved_at"])
    if facts["owed"] == "an undeliverable mail":
        Mail.objects.filter(ticket=ticket).update(sent_at=None, attempts=PATIENCE)
    return lambda at: ["SLA-8 closed"] if closing.close_solved(at=at) else []
