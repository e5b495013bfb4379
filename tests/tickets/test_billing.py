"""Disputes, refunds, company details and questions: what is issued, answered or refused."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest

from billing.models import CreditNote, Invoice, InvoiceLine, LedgerEntry
from tests.tickets.actions import applied, ask, carry_out, open_codes, set_policy
from tickets import mails
from tickets.models import Mail, Ticket
from tickets.pages import rows
from tickets.services import agent_actions, conversation, correcting, execution, outbox, submission
from tickets.services.status import change as change_status
from tickets.types import TYPES

WHY = "We were charged for four licences that we had given back."


@pytest.fixture
def invoice(cast):
    made = Invoice.objects.create(number="INV-1", partner=cast.nord, issued_on=cast.today - timedelta(days=30), currency="EUR")
    InvoiceLine.objects.create(invoice=made, line=1, description="Licences", quantity=10, unit_price=5)
    return made


@pytest.mark.usefixtures("that_day")
def test_account_shows_dispute_deadline_under_announced_policy(cast, client, invoice):
    client.force_login(cast.nora)
    for announced, last in ((None, timedelta(days=365)), ("1 month", timedelta(days=49))):
        if announced:
            set_policy("dispute.period", announced, invoice.issued_on + last + timedelta(days=1), cast.admin)
        (row,) = client.get("/portal/account/").context["invoices"]
        assert row["dispute_until"] == invoice.issued_on + last


def dispute(cast, now, amount="20"):
    return ask(cast.nora, "credit_note_request", now, invoice="INV-1", lines=[{"line": "1", "amount": amount}], justification=WHY)


def test_justified_dispute_is_credited_once(cast, now, invoice, client):
    ticket = dispute(cast, now)
    client.force_login(cast.nora)
    assert "Only if the request is rejected for this reason" in client.get(f"/portal/requests/{ticket.pk}/").content.decode()
    carry_out(ticket, cast.agent, now)
    assert "Only if the request" not in client.get(f"/portal/requests/{ticket.pk}/").content.decode().partition("Rules checked")[0]
    execution.execute(ticket.pk, at=now)
    assert [(e.kind, e.amount) for e in LedgerEntry.objects.all()] == [("credit_note", Decimal("-20.00"))]
    assert CreditNote.objects.get().lines.get().amount == Decimal("20.00")


def test_two_disputes_cannot_credit_a_line_beyond_its_amount(cast, now, invoice):
    first, second = dispute(cast, now, "30"), dispute(cast, now, "30")
    carry_out(first, cast.agent, now)
    with pytest.raises(execution.NotExecutable):
        execution.request_execution(second.pk, actor=cast.agent, at=now)
    with pytest.raises(submission.Denied):
        dispute(cast, now, "20.01")


def test_each_dispute_of_an_invoice_gets_its_own_credit_note(cast, now, invoice):
    tickets = [dispute(cast, now, amount) for amount in ("30", "20")]
    for ticket in tickets:
        carry_out(ticket, cast.agent, now)
    expected = [(f"CN-{ticket.pk}", f"ticket:{ticket.pk}", amount) for ticket, amount in zip(tickets, (30, 20), strict=True)]
    assert list(CreditNote.objects.order_by("pk").values_list("number", "source", "lines__amount")) == expected


@pytest.mark.parametrize(("reason", "charged"), [("unjustified", [("fee.credit_note_unjustified", Decimal("100.00"))]), ("other", [])])
def test_fee_applies_only_if_refused_for_lack_of_justification(cast, now, invoice, client, reason, charged):
    ticket = dispute(cast, now)
    client.force_login(cast.nora)
    money = client.get(f"/portal/requests/{ticket.pk}/").content.decode().partition("Credit requested")[2].partition("</section>")[0]
    assert "Only if the request is rejected for this reason" in money and "100.00" in money
    agent_actions.reject(ticket.pk, reason, "We could not follow this.", actor=cast.agent, at=now)
    outbox.post_charges(ticket.pk, at=now)
    assert list(LedgerEntry.objects.values_list("fee", "amount")) == charged


@pytest.mark.parametrize("is_posted", [True, False])
def test_refusal_fee_is_reversed_when_the_dispute_is_granted_after_all(cast, now, invoice, is_posted, client):
    ticket = dispute(cast, now)
    for _again in range(2):
        agent_actions.reject(ticket.pk, "unjustified", "We could not follow this.", actor=cast.agent, at=now)
        if is_posted:
            outbox.post_charges(ticket.pk, at=now)
        change_status(ticket.pk, "open", actor=cast.agent, at=now)
    carry_out(ticket, cast.agent, now)
    fee = "fee.credit_note_unjustified"
    posted = [("credit_note", "credit.invoice:1", -20), ("fee", fee, 100), ("reversal", f"reversal:{fee}", -100)]
    assert sorted(LedgerEntry.objects.values_list("kind", "fee", "amount")) == posted
    client.force_login(cast.nora)
    assert "Reversed" in client.get(f"/portal/requests/{ticket.pk}/").content.decode()
    assert [c["kind"] for c in client.get(f"/api/v1/tickets/{ticket.pk}/").json()["credits"]] == ["credit_note", "reversal"]
    client.force_login(cast.agent)
    row = client.get("/desk/?view=all&type=credit_note_request").content.decode().partition('<td class="c-fee">')[2]
    head = client.get(f"/desk/{ticket.pk}/").content.decode().partition('id="ticket-title"')[2].partition('class="steps')[0]
    assert row.startswith("</td>") and head and "100.00" not in head, "it has cost nothing after all"


def test_answering_by_hand_reverses_the_refusal_fee_and_says_so(cast, now, invoice):
    ticket = dispute(cast, now)
    agent_actions.reject(ticket.pk, "unjustified", "We could not follow this.", actor=cast.agent, at=now)
    later = now + timedelta(hours=1)
    change_status(ticket.pk, "open", actor=cast.agent, at=later)
    event = conversation.answer(ticket.pk, "You were right: the next invoice is lower.", author=cast.agent, at=later)
    outbox.post_charges(ticket.pk, at=later)
    assert sum(LedgerEntry.objects.values_list("amount", flat=True)) == 0
    mail = Mail.objects.get(key=f"message:{ticket.pk}:{event.pk}")
    assert "100.00 EUR in your favour" in mails.compose(mail, at=later).body


@pytest.mark.parametrize(("reason", "told"), [("unjustified", "Earlier charges remain."), ("other", "There is no charge.")])
def test_withdrawing_after_a_refusal_states_what_is_charged(cast, now, invoice, client, reason, told):
    ticket = dispute(cast, now)
    agent_actions.reject(ticket.pk, reason, "We could not follow this.", actor=cast.agent, at=now)
    conversation.reply(ticket.pk, "Then we leave it.", author=cast.nora, at=now)
    client.force_login(cast.nora)
    assert told in client.post(f"/portal/requests/{ticket.pk}/withdraw/", follow=True).content.decode()


def test_final_refusal_fee_follows_the_last_reason(cast, now, invoice):
    """BIL-2: a refusal for lack of justification costs the fee, once, however often it is given; any other reason costs nothing."""
    ticket = dispute(cast, now)
    for reason, paid in (("unjustified", 100), ("duplicate", 0), ("unjustified", 100), ("unjustified", 100), ("other", 0), ("other", 0)):
        agent_actions.reject(ticket.pk, reason, "We could not follow this.", actor=cast.agent, at=now)
        outbox.post_charges(ticket.pk, at=now)
        assert sum(LedgerEntry.objects.values_list("amount", flat=True)) == paid
        shown = rows.charge_tables(Ticket.objects.get(pk=ticket.pk))
        several = len(shown["charges"] + shown["credits"]) > 1
        assert shown["total"] == (paid if several else None), "given back is what was charged before"
        change_status(ticket.pk, "open", actor=cast.agent, at=now)
    InvoiceLine.objects.create(invoice=invoice, line=7, description="Calls", quantity=1, unit_price="20.00")
    meant = {"lines": [{"line": 7, "amount": "20.00"}]}
    assert correcting.correct(ticket.pk, meant, seen={}, actor=cast.agent, at=now), "what was given back is no part of the price"
    assert ticket.charges.exclude(due_at=None).count() == 4, "two fees and what gave them back"
    with pytest.raises(correcting.Refused):
        correcting.correct(ticket.pk, {"lines": [{"line": 7, "amount": "19.00"}]}, seen={}, actor=cast.agent, at=now)
    carry_out(ticket, cast.agent, now)
    assert Counter(LedgerEntry.objects.values_list("kind", flat=True)) == {"fee": 2, "reversal": 2, "credit_note": 1}
    shown = rows.charge_tables(Ticket.objects.get(pk=ticket.pk))
    assert (shown["total"], shown["credited"]) == (None, None), "what was credited is not mixed with what it cost"


def test_several_credits_are_totalled_in_the_answer_and_on_the_request(cast, now, invoice, client):
    InvoiceLine.objects.create(invoice=invoice, line=2, description="Calls", quantity=1, unit_price=3)
    lines = [{"line": 1, "amount": "20"}, {"line": 2, "amount": "2.35"}]
    ticket = ask(cast.nora, "credit_note_request", now, invoice="INV-1", lines=lines, justification=WHY)
    client.force_login(cast.nora)
    for happens in (lambda: None, lambda: carry_out(ticket, cast.agent, now)):
        happens()
        page = client.get(f"/portal/requests/{ticket.pk}/").text
        assert page.count("−22.35") == 2, "on the request, and in the rules checked for it"


@pytest.mark.parametrize("kind", ["licence", "hardware", "order", "demo"])
def test_refund_request_creates_no_ticket(cast, now, kind):
    with pytest.raises(submission.Denied) as denied:
        ask(cast.nora, "refund_request", now, subject_kind=kind, reference="SN-OWNED")
    assert len(denied.value.verdict.findings) == 2
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        ([("2", "1")], "no line 2"),
        ([("1", "1"), ("1", "2")], "each line only once"),
        ([("1", "0")], "0.01"),
        ([("1", "1")], None),
        ([("1", "0.01")], None),
    ],
)
def test_dispute_names_each_line_of_its_invoice_at_most_once(cast, invoice, lines, error):
    rows = [{"line": line, "amount": amount} for line, amount in lines]
    form = TYPES["credit_note_request"].form({"invoice": "INV-1", "lines": rows, "justification": WHY}, partner=cast.nord)
    assert form.is_valid() is (error is None) and (error or "") in str(form.errors)


def test_line_number_may_be_any_an_import_can_assign(cast, invoice):
    for number in (0, 2**31 - 1):
        invoice.lines.update(line=number)
        rows = [{"line": number, "amount": "1"}]
        assert TYPES["credit_note_request"].form({"invoice": "INV-1", "lines": rows, "justification": WHY}, partner=cast.nord).is_valid()


def test_question_keeps_the_topic_the_partner_chose(cast, now):
    ticket = ask(
        cast.nora, "general_question", now, topic="Promotions", subject="Which promotion\nis it?", message="We have read of a promotion."
    )
    assert (ticket.topic, ticket.subject) == ("Promotions", "Which promotion is it?")
    assert open_codes(ticket, cast.agent) == []


def test_company_change_records_old_and_new_values_on_the_timeline(cast, now):
    ticket = ask(cast.nora, "company_change", now, name="Nord Telekom GmbH", billing_email="billing@nord.example")
    carry_out(ticket, cast.agent, now)
    cast.nord.refresh_from_db()
    assert (cast.nord.name, cast.nord.billing_email, cast.nord.country) == ("Nord Telekom GmbH", "billing@nord.example", "DE")
    assert applied(ticket) == "Company name: Nord Telecom → Nord Telekom GmbH"
    assert not TYPES["company_change"].form({}, partner=cast.nord).is_valid()


def test_current_values_are_rejected_as_company_changes(cast, now):
    cast.nord.address = "Elbchaussee 1\n22765 Hamburg"
    same = {"name": cast.nord.name, "address": "Elbchaussee 1 \r\n\r\n22765 Hamburg"}
    form = TYPES["company_change"].form(same, partner=cast.nord)
    assert set(form.errors) == {"name", "address"}
    form = TYPES["company_change"].form(same | {"vat_number": "DE123456789"}, partner=cast.nord)
    assert form.is_valid()
    assert {name for name, value in form.as_json().items() if value} == {"vat_number"}


def test_account_lists_disputable_invoices_and_credit_notes(client, cast, that_day, now, invoice):
    InvoiceLine.objects.create(invoice=invoice, line=2, description="=HYPERLINK(1)", quantity=1, unit_price=3)
    carry_out(dispute(cast, now), cast.agent, now)
    client.force_login(cast.nora)
    page = client.get("/portal/account/").content.decode()
    assert "?invoice=INV-1" in page and "bank transfer" in page
    note = CreditNote.objects.get().number
    assert "for INV-1" in page.partition(f">{note}</b>")[2].partition("</tr>")[0]
    assert body_of(client, f"/documents/{note}.csv").splitlines()[1].endswith(",1,Licences,,,-20.00,EUR,INV-1")
    lines = body_of(client, "/documents/INV-1.csv").splitlines()
    assert lines[1].endswith(",1,Licences,10.00,5.00,50.00,EUR,INV-1") and ",'=HYPERLINK(1)," in lines[2]
    for user, status in ((cast.sara, 404), (cast.agent, 200)):
        client.force_login(user)
        for number in ("INV-1", note):
            for form in ("csv", "pdf"):
                assert client.get(f"/documents/{number}.{form}").status_code == status
    assert "INV-1" in client.get("/desk/accounts/NORD/").content.decode()


def body_of(client, path):
    return b"".join(client.get(path)).decode()
