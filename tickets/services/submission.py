"""A request is judged, and becomes a ticket if the policies allow it and its price is accepted."""

import json
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import TextField

from engine.new_rows import NewRow
from engine.prepared import Given
from policies.models import PolicyValue
from policies.verdict import DENIED, DENY, Verdict
from tickets.models import Event, Ticket
from tickets.services import clocks, delivery, finding
from tickets.services.attaching import attach_all
from tickets.services.followers import follow_new
from tickets.services.lifecycle import move, record, set_rule_aside, tell
from tickets.services.progress import quote, settle
from tickets.types import kind_of


class Denied(Exception):
    """The policies deny the request; `verdict` says everything that stands against it."""

    def __init__(self, verdict):
        super().__init__("denied")
        self.verdict = verdict


class PriceNotAccepted(Exception):
    """The accepted sum (None for none) is not, or no longer, what the request costs; `verdict` has the present charges."""

    def __init__(self, verdict, accepted):
        super().__init__("price")
        self.verdict, self.accepted = verdict, accepted


@dataclass(frozen=True)
class Request:
    """What is submitted: the type, its valid form, who asks, the sum accepted, files, what makes it one request, and who files it."""

    type: object
    form: object
    requester: object
    accepted: Decimal | None = None
    key: object = None
    files: tuple = ()
    override_reason: str = ""
    filed_by: object = None  # one of the care team, for a requester who called

    @property
    def once(self):
        """What makes it one request, a UUID or None: its form's key with what is asked. Changed and sent again after the way back, the
        same form asks for something else."""
        said = [self.type.code, self.form.as_json(), [(file.name, file.size) for file in self.files]]
        return self.key and uuid.uuid5(self.key, json.dumps(said, sort_keys=True))

    @property
    def filer(self):
        """Who files it: the requester, unless somebody else does."""
        return self.filed_by or self.requester


def judge(kind, answers, *, today) -> Verdict:
    """The verdict on a request made today. One query for the policy values."""
    return kind.judge(answers, book=PolicyValue.objects.book(on=today), today=today)


def price(verdict):
    """The sum of a verdict's charges, whoever pays them: what is accepted by naming it."""
    return sum((charge.amount for charge in verdict.charges if not charge.contingent), Decimal(0))


def own_price(verdict, partner):
    """The part of the price that the asking partner itself pays."""
    return sum((charge.amount for charge in verdict.charges if charge.payer == partner.code and not charge.contingent), Decimal(0))


def submit(request, *, at):
    """Make the ticket, or return the one that the same key made before. Raises Denied or PriceNotAccepted.

    One transaction: ticket, timeline, charges, confirmations and owed mails. The queue is told after the commit.
    """
    kind, partner = request.type, request.form.partner
    answers = request.form.answers(attachments=len(request.files) or None, at=at)
    with transaction.atomic():
        key = request.once
        if key and (earlier := _earlier(request, key)):
            return earlier
        book = PolicyValue.objects.book(on=at.date(), known_at=at)  # what is set while its files come does not bind it (0311)
        verdict = kind.judge(answers, book=book, today=at.date())
        overrides = set_aside(verdict, request.override_reason, by=request.filer)
        verdict = verdict.overridden(overrides)
        if verdict.outcome == DENIED:
            raise Denied(verdict)
        if not _is_accepted(request.accepted, verdict, partner):
            raise PriceNotAccepted(verdict, request.accepted)
        ticket = _create(request, answers, verdict, at, key)
        for rule in overrides:
            set_rule_aside(ticket, rule, request.override_reason, by=request.filer, at=at)
        attach_all(ticket, request.files, by=request.filer, at=at)
        has_followers = follow_new(ticket, at=at)
        begin(ticket, answers, at=at)
        if not ticket.outcome:  # an answer has its own mail
            tell(ticket, "submitted", at=at, about="new", has_followers=has_followers)
        delivery.nudge()
    return ticket


def _earlier(request, key):
    """The ticket of this key. Two submissions of one form wait for each other on an advisory lock, so one of them finds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key.int % 2**63])
    return Ticket.objects.filter(submission_key=key, requester=request.requester).first()


def set_aside(verdict, reason, *, by):
    """What a team lead files against the rules, {rule: "name: reason"}: every denial that can be set aside. Others set nothing aside."""
    if not (reason and by.may_override):
        return {}
    return {f.rule: f"{by}: {reason}" for f in verdict.findings if f.effect == DENY and f.may_be_overridden}


def _is_accepted(accepted, verdict, partner):
    if accepted in (price(verdict), sum((charge.amount for charge in verdict.charges), Decimal(0))):
        return True
    return own_price(verdict, partner) == 0 and not accepted


def derived(kind, answers, fields):
    """What a ticket has of what is asked: its `subject`, its `topic`, and the `words` by which it is found."""
    subject = str(kind.subject(answers))[:300]
    words = " ".join([answers.get("message", ""), *map(str, fields.values())])
    return {"subject": subject, "topic": kind.topic_of(answers), "words": words[: finding.LONGEST]}


def begin(ticket, answers, *, at):
    """What follows at once from what is asked: a type that knows the answer gives it, a transfer invites its parties."""
    opened = kind_of(ticket).opened(ticket, answers, at=at)
    if opened and opened.note:
        settle(ticket, opened, Event.Kind.ANSWERED if opened.outcome else Event.Kind.STEP, actor=None, at=at)
    elif opened:
        move(ticket, opened.status, at=at, waiting_for=opened.waiting_for)


_write = NewRow(Ticket, search=finding.first_words(Given("subject", TextField()), Given("words", TextField())))


def _create(request, answers, verdict, at, key):
    kind, fields = request.type, request.form.as_json()
    said = derived(kind, answers, fields)
    ticket = Ticket(
        type_code=kind.code,
        partner=request.form.partner,
        requester=request.requester,
        answers=fields,
        verdict=verdict.as_json(),
        policy_on=at.date(),
        submission_key=key,
        created_at=at,
        updated_at=at,
        subject=said["subject"],
        topic=said["topic"],
    )
    clocks.begin(ticket, at=at)
    _write(ticket, subject=said["subject"], words=said["words"])
    del ticket.search, ticket.search_internal  # they only grow from here on: whoever saves the ticket leaves them alone
    record(ticket, Event.Kind.SUBMITTED, actor=request.filer, at=at, body=answers.get("message", ""))
    quote(ticket, (*verdict.charges, *verdict.credits))
    return ticket
