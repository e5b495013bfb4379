"""What partners and agents read about a request: names and dates in words, money in e-mails, what ends with a PBX."""

import datetime

from billing.models import Invoice, InvoiceLine
from hwaas.models import Order
from pbx.models import Commitment, Pbx
from policies.models import PolicyValue
from policies.wording import day_in_full
from tests.cast import make_device, make_did, make_pbx
from tests.markup import flat
from tests.tickets.actions import applied, ask, bound_form, carry_out, last_mail, set_policy
from tickets import eligibility
from tickets.models import Ticket
from tickets.pages import answers, assets, tracker
from tickets.services import agent_actions, conversation
from tickets.types import TYPES


def test_commitment_end_is_written_out_as_a_date(cast, now):
    Pbx.objects.filter(pk=cast.pbx.pk).update(term="1y")
    ticket = carry_out(ask(cast.nora, "commitment_request", now, pbx="PBX-FREE", years="3"), cast.agent, now)
    assert applied(ticket).endswith(f"runs until 18 November {now.year + 3}.")


def test_upcoming_price_change_is_shown_with_its_date(cast, client, now, that_day):
    set_policy("fee.porting_date_change", "60", datetime.date(now.year + 1, 1, 1), cast.admin)
    client.force_login(cast.nora)
    told = [client.get(f"/portal/requests/new/{code}/").context["price_later"] for code in ("porting_date_change", "did_cancel")]
    assert told == ["60.00 EUR from 1 January 2027", None]


def test_emails_state_the_expected_cost_and_then_what_is_due(cast, now):
    other = make_pbx("PBX-NEXT", cast.bakery, cast.today)
    ticket = ask(cast.nora, "did_transfer", now, accepted="50", dids=[cast.did.number], target_pbx=other.serial)
    assert "Charges:\n- Number transfer: 50.00 EUR\n\n" in last_mail(ticket, now).body
    carry_out(ticket, cast.agent, now)
    assert "Charges:\n- Number transfer: 50.00 EUR\n" in last_mail(ticket, now).body
    invoice = Invoice.objects.create(number="INV-1", partner=cast.nord, issued_on=cast.today, currency="EUR")
    InvoiceLine.objects.create(invoice=invoice, line=1, description="Calls", quantity=1, unit_price="8.00")
    row = {"line": "1", "amount": "5.00"}
    ticket = ask(cast.nora, "credit_note_request", now, invoice="INV-1", lines=[row], justification="This line is wrong, we believe.")
    assert "Credit for line 1 of INV-1: 5.00 EUR in your favour" in last_mail(ticket, now).body
    assert "100.00 EUR, only if the request is rejected for this reason" in last_mail(ticket, now).body
    agent_actions.reject(ticket.pk, "unjustified", "There is no reason in it.", actor=cast.agent, at=now)
    assert "- Rejection for lack of justification: 100.00 EUR\n" in last_mail(ticket, now).body
    ticket = ask(cast.nora, "hw_to_hwaas", now, serials=["SN-OWNED"])
    assert f"Credits:\n- Conversion of {cast.item.name} SN-OWNED: 129.00 EUR in your favour\n" in last_mail(ticket, now).body


def test_assets_are_shown_by_name_and_agents_see_their_facts(cast, now):
    ticket = ask(cast.nora, "special_number_access", now, pbx="PBX-FREE", numbers="116117", purpose="To reach the doctors on call.")
    assert answers.read(ticket, answers.titles_from_database(ticket))[0]["value"] == f"{cast.pbx.name} (PBX-FREE)"
    form = bound_form("special_number_access", cast.nord, **ticket.answers)
    assert answers.titles_from_answers(ticket, form.answers()) == answers.titles_from_database(ticket)
    ticket = ask(cast.nora, "hw_to_hwaas", now, serials=["SN-OWNED"])
    assert answers.read(ticket, answers.titles_from_database(ticket))[0]["lines"] == [f"SN-OWNED ({cast.item.name})"]
    order = Order.objects.create(number="SO-1", partner=cast.nord, country="DE", placed_on=cast.today)
    invoice = Invoice.objects.create(number="INV-1", partner=cast.nord, issued_on=cast.today, currency="EUR")
    InvoiceLine.objects.create(invoice=invoice, line=1, description="Calls", quantity=1, unit_price="8.00")
    (order_facts, invoice_facts), more = assets.facts({"order": order, "invoice": invoice}, today=cast.today)
    assert more == 0
    assert {"label": "Dispatched", "value": "Not yet"} in order_facts["facts"]
    assert {"label": "Line 1", "value": "Calls: 8.00 EUR"} in invoice_facts["facts"]


def test_agents_see_the_number_of_assets_and_the_facts_of_the_first(cast, now, client):
    for last in range(assets.SHOWN + 2):
        make_device(f"SN-MANY{last}", cast.item, cast.pbx, ordered_on=cast.today - datetime.timedelta(days=100))
    ticket = ask(cast.nora, "hw_to_hwaas", now, serials=[f"SN-MANY{last}" for last in range(assets.SHOWN + 2)])
    client.force_login(cast.agent)
    page = client.get(f"/desk/{ticket.pk}/")
    assert len(page.context["asset_facts"]) == assets.SHOWN
    assert ">7</span>" in page.content.decode() and "2 more are in the request details." in flat(page)


def test_ended_asset_keeps_its_name_and_facts_at_the_desk(cast, now, client):
    bare = make_pbx("PBX-BARE", cast.bakery, cast.today, name="The old shop")
    Commitment.objects.create(pbx=bare, years=3, starts_on=cast.today.replace(year=cast.today.year - 3), ends_on=cast.today, renews=False)
    ticket = carry_out(ask(cast.nora, "pbx_terminate", now, pbx=bare.serial), cast.agent, now)
    client.force_login(cast.agent)
    page = client.get(f"/desk/{ticket.pk}/")
    (facts,) = page.context["asset_facts"]
    assert "The old shop (PBX-BARE)" in page.content.decode() and facts["title"] == "The old shop"
    assert {"label": "Terminated", "value": now.date()} in facts["facts"]
    assert "Commitment until" not in {fact["label"] for fact in facts["facts"]}, "it is over, and binds nothing"


def test_ticked_sentence_is_shown_as_a_sentence(cast, now, client):
    day = (cast.porting.porting_date + datetime.timedelta(days=10)).isoformat()
    ticket = ask(
        cast.nora, "porting_date_change", now, accepted=50, did=cast.porting.number, requested_date=day, acknowledge_not_guaranteed="on"
    )
    told = [answer for answer in answers.read(ticket) if answer["is_sentence"]]
    assert [(answer["label"][:23], answer["value"]) for answer in told] == [("I understand that the n", "Yes")]
    client.force_login(cast.nora)
    page = client.get(f"/portal/requests/{ticket.pk}/").content.decode()
    assert page.count("kv-said") == 1 and '<span class="visually-hidden">Yes</span>' in page


def test_company_change_is_shown_beside_the_current_value(cast, now):
    form = TYPES["company_change"].form(partner=cast.nord)
    assert form.fields["name"].help_text == f"Currently: {cast.nord.name}."
    ticket = ask(cast.nora, "company_change", now, name="Nord & Sons")
    assert answers.read(ticket) == [{"label": "Company name", "value": "Nord & Sons", "old": cast.nord.name}]
    carry_out(ticket, cast.agent, now)
    assert "old" not in answers.read(Ticket.objects.get(pk=ticket.pk))[0]


def test_answered_request_has_no_stations_ahead(cast, now):
    other = make_pbx("PBX-NEXT", cast.bakery, cast.today)
    ticket = ask(cast.nora, "did_transfer", now, accepted="50", dids=[cast.did.number], target_pbx=other.serial)
    conversation.answer(ticket.pk, "It is there already.", author=cast.agent, at=now)
    stations = tracker.stations(Ticket.objects.get(pk=ticket.pk))
    assert [(s["title"], s["state"]) for s in stations] == [("Submitted", "done"), ("Answered", "done")]


def test_picker_puts_relevant_items_first_and_names_obstacles(cast, now, today):
    kind = TYPES["hwaas_return"]
    form = kind.form(partner=cast.nord)
    assert form.fields["serials"].candidates("", 1)[0].value == cast.service.serial
    ported = TYPES["porting_date_change"].form(partner=cast.nord).fields["did"].candidates(cast.porting.number, 1)[0]
    assert ported.detail.startswith(f"to be ported on {day_in_full(cast.porting.porting_date)} · ")
    make_did("+498981000409", cast.pbx, status="ordered")
    kind = TYPES["pbx_terminate"]
    book = PolicyValue.objects.book(on=today)
    rows = eligibility.listed(kind, kind.form(partner=cast.nord), "pbx", query="PBX-FREE", chosen=[], book=book, today=today).rows
    assert rows[0].allowed_from is None and "not active yet" in rows[0].reason


def test_check_names_invalid_values_but_not_missing_ones(client, cast):
    client.force_login(cast.nora)
    check = "/portal/requests/new/{}/check/".format
    said = client.post(check("delivery_quote"), {"country": "XX", "items": "4 phones"}).content.decode()
    assert "We do not recognise this country" in said and "You can submit it" not in said
    said = client.post(check("special_number_access"), {"pbx": "PBX-FREE", "numbers": "abc"}).content.decode()
    assert "abc cannot be dialled" in said and "This field is required" not in said
    said = client.post(check("refund_request"), {"subject_kind": "order"}).content.decode()
    assert "Your alternatives are below." in said
    moved = {"end_user": cast.bakery.code, "new_partner": "SUD", "description": "They have found a partner nearby."}
    said = client.post(check("end_user_transfer"), moved).content.decode()
    assert "You can submit it. Nothing changes until all parties have agreed." in " ".join(said.split())
    said = client.post(check("teams_licence_change"), {"pbx": "PBX-FREE", "quantity": "0"}).content.decode()
    assert "already has this many: nothing would change" in said


def test_empty_picker_says_whom_to_ask_and_a_choice_can_be_undone(client, cast):
    client.force_login(cast.nora)
    page = client.get("/portal/requests/new/delivery_quote/").content.decode()
    assert "You have no orders yet." in page and "/portal/requests/new/general_question/" in page and "None of these" in page
    found = client.get("/portal/requests/new/special_number_access/choose/pbx/?q=zzz").content.decode()
    assert "No matches" in found
    page = client.get("/portal/requests/new/end_user_transfer/").content.decode()
    assert "100.00, paid by the new partner in its own currency" in page
