"""A request becomes a ticket once, at the accepted price, or not at all."""

import datetime
import uuid
from decimal import Decimal
from smtplib import SMTPRecipientsRefused

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail.backends.base import BaseEmailBackend

from tests.tickets.actions import ask, bound_form, carry_out, send_mails, set_policy
from tickets import tasks
from tickets.models import Mail, Ticket, TicketCharge
from tickets.services import execution, mailing, outbox, submission
from tickets.types import TYPES


def rma(cast, now, accepted, requester=None, **more):
    fields = {"serial": "SN-OWNED", "kind": "warranty", "fault": "It is broken.", "replacement": "new", "delivery_address": "Kiel"}
    return ask(requester or cast.nora, "rma", now, accepted=accepted, **fields | more)


def test_same_form_sent_twice_creates_one_ticket(cast, now):
    key = uuid.uuid4()
    first = rma(cast, now, "34", key=key)
    assert rma(cast, now, "34", key=key) == first
    assert (Ticket.objects.count(), TicketCharge.objects.count()) == (1, 2)


def test_resent_form_returns_its_ticket_even_if_now_denied(cast, now):
    key = uuid.uuid4()
    first = ask(cast.nora, "did_cancel", now, dids=[cast.did.number], key=key)
    carry_out(first, cast.agent, now)
    assert ask(cast.nora, "did_cancel", now, dids=[cast.did.number], key=key) == first


def test_form_changed_after_going_back_is_another_request(cast, now, client):
    """Previously it was answered with the first ticket, and the changes were silently lost."""
    client.force_login(cast.nora)
    with time_machine.travel(now):
        form = {"topic": "Billing", "subject": "An invoice", "message": "When does the invoice come?", "once": str(uuid.uuid4())}
        letters = [SimpleUploadedFile("a.txt", b"A letter."), SimpleUploadedFile("a.txt", b"Another letter.")]
        sent = [form, form, form | {"subject": "Another one"}, *(form | {"attachments": letter} for letter in letters)]
        places = [client.post("/portal/requests/new/general_question/", one)["Location"] for one in sent]
    assert places[0] == places[1] and len(set(places)) == Ticket.objects.count() == 4


def test_two_forms_create_two_tickets(cast, now):
    assert rma(cast, now, "34", key=uuid.uuid4()) != rma(cast, now, "34", key=uuid.uuid4())


@pytest.mark.parametrize("accepted", [None, "0.01", "33.99", "34.01", "29", "-34"])
def test_sum_other_than_the_price_is_not_accepted(cast, now, accepted):
    with pytest.raises(submission.PriceNotAccepted):
        rma(cast, now, accepted)
    assert not Ticket.objects.exists()


def test_price_raised_between_quote_and_acceptance_is_quoted_again(cast, now):
    quoted = submission.judge(TYPES["rma"], rma_form(cast).answers(), today=now.date())
    set_policy("delivery.flat_rate", [["US", "60.00"], ["UK", "29.00"], ["EU", "35.00"]], now.date(), cast.admin)
    with pytest.raises(submission.PriceNotAccepted) as refused:
        rma(cast, now, quoted.price)
    assert refused.value.verdict.price == Decimal(40)
    rma(cast, now, "40")


def rma_form(cast):
    return bound_form(
        "rma", cast.nord, serial="SN-OWNED", kind="warranty", fault="It is broken.", replacement="new", delivery_address="Kiel"
    )


def test_charge_paid_by_another_needs_no_acceptance_from_the_requester(cast, now):
    fields = {"reseller": "R-NORD", "new_partner": "SUD", "description": "The reseller changes."}
    assert ask(cast.nora, "reseller_transfer", now, **fields).charges.get().payer == cast.sud
    assert ask(cast.nora, "reseller_transfer", now, accepted="100", **fields).charges.get().amount == 100
    with pytest.raises(submission.PriceNotAccepted):
        ask(cast.nora, "reseller_transfer", now, accepted="50", **fields)


def test_denied_request_leaves_nothing_behind(cast, now):
    with pytest.raises(submission.Denied):
        ask(cast.nora, "did_cancel", now, dids=[cast.did.number, cast.young.number])
    assert not Ticket.objects.exists()


def test_only_a_lead_can_file_against_the_rules(cast, now):
    against = {"dids": [cast.young.number], "partner": cast.nord, "override": "Agreed with the partner."}
    for person in (cast.agent, cast.nora):
        with pytest.raises(submission.Denied):
            ask(person, "did_cancel", now, **against)
    ticket = ask(cast.lead, "did_cancel", now, **against)
    (finding,) = ticket.verdict["findings"]
    assert (finding["rule"], finding["overridden"]) == ("DID-1", "Lea Lead: Agreed with the partner.")
    carry_out(ticket, cast.agent, now)
    assert ticket.outcome == "executed"


def test_submission_creates_one_email_and_the_worker_sends_it_once(cast, now, mailoutbox):
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    assert (ticket.mails.get().sent_at, mailoutbox) == (None, [])
    for _ in range(2):
        send_mails(now)
    assert [(m.to, f"/portal/requests/{ticket.pk}/" in m.body) for m in mailoutbox] == [(["nora@nord.example"], True)]


def test_failed_email_is_retried_later(cast, now, mailoutbox, settings):
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens
    send_mails(now)
    owed = ticket.mails.get()
    assert (owed.sent_at, owed.attempts) == (None, 1)
    assert outbox.pending_deliveries(at=now + datetime.timedelta(minutes=1)) == ([], [owed.pk])
    settings.EMAIL_BACKEND = working
    send_mails(now)
    assert not mailoutbox
    later = now + datetime.timedelta(minutes=1)
    send_mails(later)
    assert (len(mailoutbox), ticket.mails.get().sent_at) == (1, later)


class Refusing(BaseEmailBackend):
    """A mail server that knows no recipient."""

    def send_messages(self, messages):
        raise SMTPRecipientsRefused({messages[0].to[0]: (550, b"no such user")})


@pytest.mark.parametrize(("backend", "attempts", "why"), [("Refusing", 1, "550 no such user"), ("Dying", mailing.PATIENCE, "OSError")])
def test_undeliverable_email_is_reported_to_the_care_team_once(cast, now, settings, backend, attempts, why):
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    settings.EMAIL_BACKEND = f"{__name__}.{backend}"
    later = now
    for _ in range(attempts):
        send_mails(later)
        mailing.give_up(at=later)
        later += datetime.timedelta(days=1)
    assert ticket.events.filter(kind="note", body=f"Our e-mail to nora@nord.example was not delivered: {why}").count() == 1
    assert outbox.pending_deliveries(at=later) == ([], [])
    mailing.give_up(at=later)
    assert ticket.events.filter(kind="note", is_internal=True).count() == 1


class Dying(BaseEmailBackend):
    """A mail server that says nothing."""

    def send_messages(self, messages):
        raise OSError


def test_queue_is_notified_once_until_a_worker_looks(cast, now, django_capture_on_commit_callbacks, monkeypatch, settings, own_hints):
    told = []
    monkeypatch.setattr(outbox, "send_task", told.append)

    def submit():
        with django_capture_on_commit_callbacks(execute=True):
            ask(cast.nora, "did_cancel", now, dids=[cast.did.number])

    submit()
    submit()
    assert told == ["tickets.tasks.deliver"]
    tasks.deliver()
    assert Mail.objects.filter(sent_at=None).count() == 0
    submit()
    assert told == ["tickets.tasks.deliver"] * 2
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    submit()
    assert told == ["tickets.tasks.deliver"] * 3


def test_failing_posting_does_not_hold_up_anything_else(cast, now, monkeypatch, mailoutbox):
    charged = rma(cast, now, "34")
    charged.charges.update(due_at=now)

    def fail(**_):
        raise RuntimeError("The ledger is away.")

    monkeypatch.setattr(outbox, "post", fail)
    tasks.deliver()
    assert mailoutbox and charged.charges.filter(posted_at=None).count() == 2
    monkeypatch.undo()
    tasks.deliver()
    assert charged.charges.filter(posted_at=None).count() == 0


def test_ticket_is_executed_and_posted_once_despite_repeated_jobs(cast, now):
    ticket = rma(cast, now, "34")
    execution.request_execution(ticket.pk, actor=cast.agent, at=now)
    assert outbox.pending_executions(before=now + datetime.timedelta(minutes=1)) == [ticket.pk]
    for _ in range(3):
        execution.execute(ticket.pk, at=now)
    assert ticket.events.filter(kind="applied").count() == 1
    assert outbox.pending_executions(before=now + datetime.timedelta(minutes=1)) == []
