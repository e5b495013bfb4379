"""Submitting a request: it is judged, and becomes a ticket if the policies allow it and its price is accepted."""

import json
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import TextField

from engine.prepared_inserts import PreparedInsert
from engine.prepared_queries import Parameter
from policies.models import PolicyValue
from policies.verdict import DENIED, DENY, Verdict
from tickets.models import Event, Ticket
from tickets.services import clocks, outbox, search_index
from tickets.services.attaching import attach_all
from tickets.services.followers import follow_new
from tickets.services.lifecycle import move, owe_email, record, record_override
from tickets.services.progress import quote, settle
from tickets.types import kind_of


class Denied(Exception):
    """The policies deny the request; `verdict` lists all the reasons."""

    def __init__(self, verdict):
        super().__init__("; ".join(str(finding.message) for finding in verdict.blocking))
        self.verdict = verdict


class PriceNotAccepted(Exception):
    """The accepted sum (None for none) is not, or no longer, the price of the request; `verdict` has the current charges."""

    def __init__(self, verdict, accepted):
        super().__init__("price")
        self.verdict, self.accepted = verdict, accepted


@dataclass(frozen=True)
class Request:
    """What is submitted: the type, its valid form, the requester, the accepted sum, the form's key, files, and who files it."""

    type: object
    form: object
    requester: object
    accepted: Decimal | None = None
    key: object = None
    files: tuple = ()
    override_reason: str = ""
    filed_by: object = None  # a care team member, on behalf of a requester who called

    @property
    def once(self):
        """Return the idempotency key, a UUID or None: the form's key combined with the answers. If the user goes back, changes the
        form and sends it again, that is a different request."""
        asked = [self.type.code, self.form.as_json(), [(file.name, file.size) for file in self.files]]
        return self.key and uuid.uuid5(self.key, json.dumps(asked, sort_keys=True))

    @property
    def filer(self):
        """Return who files it: the requester, unless somebody else does."""
        return self.filed_by or self.requester


def judge(kind, answers, *, today) -> Verdict:
    """Return the verdict on a request made today. One query for the policy values."""
    return kind.judge(answers, book=PolicyValue.objects.book(on=today), today=today)


def submit(request, *, at):
    """Create the ticket, or return the one already created with the same key. Raise Denied or PriceNotAccepted.

    One transaction: ticket, timeline, charges, confirmations and owed e-mails. The queue is notified after the commit.
    """
    kind, partner = request.type, request.form.partner
    answers = request.form.answers(attachments=len(request.files) or None, at=at)
    with transaction.atomic():
        key = request.once
        if key and (earlier := _earlier(request, key)):
            return earlier
        book = PolicyValue.objects.book(on=at.date(), known_at=at)  # values set while its files upload do not apply to it (0311)
        verdict = kind.judge(answers, book=book, today=at.date())
        overrides = overrides_for(verdict, request.override_reason, by=request.filer)
        verdict = verdict.overridden(overrides)
        if verdict.outcome == DENIED:
            raise Denied(verdict)
        if not _is_accepted(request.accepted, verdict, partner):
            raise PriceNotAccepted(verdict, request.accepted)
        ticket = _create(request, answers, verdict, at, key)
        for rule in overrides:
            record_override(ticket, rule, request.override_reason, by=request.filer, at=at)
        attach_all(ticket, request.files, by=request.filer, at=at)
        has_followers = follow_new(ticket, at=at)
        begin(ticket, answers, at=at)
        if not ticket.outcome:  # an answer has its own e-mail
            owe_email(ticket, "submitted", at=at, about="new", has_followers=has_followers)
        outbox.notify_after_commit()
    return ticket


def _earlier(request, key):
    """Return the ticket of this key. Two submissions of one form are serialised by an advisory lock, so the second finds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key.int % 2**63])
    return Ticket.objects.filter(submission_key=key, requester=request.requester).first()


def overrides_for(verdict, reason, *, by):
    """Return the denials a team lead overrides on submission, {rule: "name: reason"}: all that can be. Others override nothing."""
    if not (reason and by.may_override):
        return {}
    return {f.rule: f"{by}: {reason}" for f in verdict.findings if f.effect == DENY and f.may_be_overridden}


def _is_accepted(accepted, verdict, partner):
    if accepted in (verdict.price, sum((charge.amount for charge in verdict.charges), Decimal(0))):
        return True
    return verdict.price_for(partner.code) == 0 and not accepted


def derived(kind, answers, fields):
    """Return what a ticket derives from its answers: `subject`, `topic`, and the `words` for the search."""
    subject = str(kind.subject(answers))[:300]
    words = " ".join([answers.get("message", ""), *search_index.names_in(answers), *map(str, fields.values())])
    return {"subject": subject, "topic": kind.topic_of(answers), "words": words[: search_index.LONGEST]}


def begin(ticket, answers, *, at):
    """Do what follows immediately from the answers: a type that knows the answer gives it, a transfer invites its parties."""
    opened = kind_of(ticket).after_submission(ticket, answers, at=at)
    if opened and opened.note:
        settle(ticket, opened, Event.Kind.ANSWERED if opened.outcome else Event.Kind.STEP, actor=None, at=at)
    elif opened:
        move(ticket, opened.status, at=at, waiting_for=opened.waiting_for)


_write = PreparedInsert(Ticket, search=search_index.first_words(Parameter("subject", TextField()), Parameter("words", TextField())))


def _create(request, answers, verdict, at, key):
    kind, fields = request.type, request.form.as_json()
    new = derived(kind, answers, fields)
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
        subject=new["subject"],
        topic=new["topic"],
    )
    clocks.begin(ticket, at=at)
    _write(ticket, subject=new["subject"], words=new["words"])
    del ticket.search, ticket.search_internal  # from here on they are only appended to, so saving the ticket must not write them
    record(ticket, Event.Kind.SUBMITTED, actor=request.filer, at=at, body=answers.get("message", ""))
    quote(ticket, (*verdict.charges, *verdict.credits))
    return ticket
