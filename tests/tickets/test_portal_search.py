"""The portal's one box: possible requests, answers, and the partner's own things, a few of each."""

import pytest
from django.urls import reverse

from billing.models import Invoice
from hwaas.models import Order
from partners.models import EndUser, Reseller
from tests.cast import make_did
from tests.desk.conftest import question
from tickets.pages.self_service import PAGES


@pytest.fixture
def find(client, cast):
    """find(words) returns what the page shows Nora."""
    client.force_login(cast.nora)
    return lambda words: client.get("/portal/search/", {"q": words})


def names(answer):
    return {place["name"]: [row["display"] for row in place["rows"]] for place in answer.context["places"]}


def test_what_is_on_a_pbx_is_found_with_its_end_user(find, cast):
    """The same PBX name is common among customers."""
    places = {place["name"]: place["rows"] for place in find("bakery").context["places"]}
    assert set(places) == {"dids", "devices", "pbxs", "customers"}
    assert all(
        "Pbx-Free (Bakery)" in row["details"] or "Pbx-Committed (Bakery)" in row["details"] for row in places["dids"] + places["devices"]
    )
    assert names(find("winery")) == {}


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("cancel a number", "did_cancel"),
        ("Rufnummer kündigen", "did_cancel"),
        ("handset is broken", "rma"),
        ("change the porting date", "porting_date_change"),
        ("annuler un numéro", "did_cancel"),
        ("dispute an invoice", "credit_note_request"),
        ("lost device", "hwaas_lost"),
        ("cancel a phone system", "pbx_terminate"),
        ("Telefonanlage kündigen", "pbx_terminate"),
        ("get rid of a DID", "did_cancel"),
        ("Telefon kaputt", "rma"),
        ("gestohlen", "hwaas_lost"),
        ("add licences", "licence_change"),
        ("e911 address", "emergency_activation"),
        ("Geld zurück", "refund_request"),
        ("parcel", "shipment_tracking"),
        ("overcharged", "credit_note_request"),
    ],
)
def test_request_types_are_found_by_their_words(find, words, first):
    assert find(words).context["types"][0]["code"] == first


def test_ambiguous_word_finds_every_request_type_it_can_mean(find):
    found = {kind["code"] for kind in find("cancel").context["types"]}
    assert found == {"did_cancel", "order_amendment", "hwaas_return", "licence_change", "pbx_terminate"}


@pytest.mark.parametrize(("begun", "code"), [("my licen", "licence_change"), ("repl", "rma"), ("get rid of my num", "did_cancel")])
def test_unfinished_word_is_recognised(find, begun, code):
    assert code in [kind["code"] for kind in find(begun).context["types"]]
    assert find("how to canc").context["articles"][0] == find("how to cancel").context["articles"][0]


def test_articles_are_found_by_words_and_by_rule_code(find):
    assert find("how to cancel a number").context["articles"][0].slug == find("cancel number").context["articles"][0].slug
    cited = find("did-5").context["articles"]
    assert cited and all("DID-5" in article.rules for article in cited)


@pytest.mark.parametrize(
    ("words", "slug", "page"),
    [
        ("usage of calls", "monitoring-calls", "/portal/account/"),
        ("delete a reseller", "deleting-a-reseller", "/portal/resellers/"),
        ("remove an employee who left", "removing-access", "/portal/team/"),
        ("new DID", "ordering-numbers", ""),
        ("cancel a number", "cancelling-numbers", "/portal/numbers/"),
    ],
)
def test_self_service_articles_come_before_request_types(find, words, slug, page):
    answer = find(words)
    assert answer.context["articles"][0].slug == slug
    shown = answer.content.decode()
    assert (shown.index("h-articles") < shown.index("h-types")) == answer.context["answers_first"] == (slug != "cancelling-numbers")
    assert f'class="small" href="{page}"' in shown or not page


@pytest.mark.parametrize(
    ("words", "url"),
    [
        ("password", "/account/password/change/"),
        ("Customers", "/portal/customers/"),
        ("custo", "/portal/customers/"),
        ("new customer", "/portal/customers/"),
        ("invite a colleague", "/portal/team/"),
        ("api key", "/portal/tokens/"),
        ("notifications", "/portal/mails/"),
        ("balance", "/portal/account/"),
        ("renewal dates", "/portal/expirations/"),
        ("price list", "/portal/requests/new/"),
    ],
)
def test_portal_pages_are_found_by_what_is_done_there(find, words, url):
    answer = find(words)
    assert answer.context["pages"][0]["url"] == url
    assert f'href="{url}"' in answer.content.decode()[answer.content.decode().index("h-pages") :]


@pytest.mark.parametrize("words", ["handset is broken", "gestohlen", "e911 address"])
def test_no_page_is_shown_if_none_is_meant(find, words):
    assert find(words).context["pages"] == []


def test_every_page_in_search_can_be_opened(client, cast):
    client.force_login(cast.nora)
    assert {client.get(reverse(page.name)).status_code for page in PAGES} == {200}


def test_own_assets_are_found_by_prefix_with_their_actions(find, cast):
    answer = find("+49 89 81000")
    assert names(answer) == {"dids": ["+49 89 81000400", "+49 89 81000401", "+49 89 81000402", "+49 89 81000403"]}
    place = answer.context["places"][0]
    assert place["all_url"] == "/portal/numbers/?q=%2B49+89+81000"
    assert {action["label"] for action in place["rows"][0]["actions"]} >= {"Cancel", "Move to another PBX"}
    assert names(find("PBX-FREE"))["pbxs"] == ["Pbx-Free"] and "SN-OWNED" in names(find("PBX-FREE"))["devices"]
    assert names(find("sn-owned")) == {"devices": ["SN-OWNED"]}
    assert "SN-OWNED" in names(find(cast.item.code.lower()))["devices"]
    assert names(find("Bakery"))["customers"] == ["Bakery"]


def test_names_are_found_by_each_of_their_words(find, cast):
    EndUser.objects.create(code="E-OHL", partner=cast.nord, name="Bäckerei Ohlsen-Kröger", country="DE")
    for words in ("ohl", "OHLSEN", "kröger bäck", "bäckerei ohlsen-k", "Ohlsen & Kröger"):
        assert names(find(words))["customers"] == ["Bäckerei Ohlsen-Kröger"], words
    for words in ("lsen", "ohlsen bakery", "sud"):
        assert "customers" not in names(find(words)), words


def test_resellers_are_found_alongside_end_users(find, cast):
    EndUser.objects.create(code="E-KIEL", partner=cast.nord, name="Kiel Bakers", country="DE", reseller=Reseller.objects.get(code="R-NORD"))
    answer = find("kiel")
    assert names(answer) == {"customers": ["Kiel Bakers"], "resellers": ["Kiel IT"]}
    assert [cell["text"] for cell in answer.context["places"][0]["rows"][0]["cells"]] == ["Kiel IT"]


def test_invoices_and_orders_are_found_by_number_with_their_actions(find, cast, today):
    Invoice.objects.create(number="INV-7-001", partner=cast.nord, issued_on=today, currency="EUR")
    for number, sent in (("SO-7-001", None), ("SO-7-002", today)):
        Order.objects.create(number=number, partner=cast.nord, placed_on=today, dispatched_on=sent)
    (invoice,) = find("inv-7").context["places"][0]["rows"]
    assert (invoice["url"], invoice["actions"][0]["url"]) == (
        "/documents/INV-7-001.pdf", "/portal/requests/new/credit_note_request/?invoice=INV-7-001",
    )  # fmt: skip
    told = {row["display"]: [one["label"] for one in row["actions"]] for row in find("SO-7").context["places"][0]["rows"]}
    assert told == {"SO-7-001": ["Track the shipment", "Change or cancel"], "SO-7-002": ["Track the shipment"]}
    assert 'href="/portal/requests/new/shipment_tracking/?order=SO-7-001"' in find("SO-7-001").text


def test_other_partners_assets_are_not_found(find, cast, today):
    Invoice.objects.create(number="INV-SUD", partner=cast.sud, issued_on=today, currency="EUR")
    for words in ("+390801234567", "PBX-WINERY", "Winery", "SN-PUB", "INV-SUD"):
        answer = find(words)
        assert not answer.context["own"], words
        assert "Nothing in your account matches" in answer.content.decode() or "No results" in answer.content.decode()


def test_no_link_to_all_results_when_all_are_shown(find, cast, today):
    for place in range(3):
        make_did(f"+4989700000{place}", cast.pbx, activated_on=today)
    place = find("+4989700000").context["places"][0]
    assert len(place["rows"]) == 3 and not place["all_url"]


def test_request_opens_by_number_and_is_found_by_words(find, cast, now):
    ticket = question(cast, now)
    for number in (f"#{ticket.pk}", str(ticket.pk)):
        assert find(number).url == f"/portal/requests/{ticket.pk}/"
    found = find(ticket.subject)
    assert [row["number"] for row in found.context["requests"]] == [ticket.pk]


def test_search_without_results_becomes_a_question(find):
    answer = find("xqzzy")
    assert not answer.context["own"] and not answer.context["help"]
    assert answer.context["ask_url"] == "/portal/requests/new/general_question/?subject=xqzzy"
    assert find(" ").url == "/portal/"


def test_live_search_lists_a_number_and_short_input_returns_home(client, cast, now):
    client.force_login(cast.nora)
    ticket = question(cast, now)
    found = client.get("/portal/search/", {"q": str(ticket.pk)}, headers={"HX-Request": "true"})
    assert [row["number"] for row in found.context["requests"]] == [ticket.pk]
    assert client.get("/portal/search/", {"q": "ca"}, headers={"HX-Request": "true"}).url == "/portal/"


def test_whoever_enters_inner_digits_of_a_number_reads_how_numbers_are_found(client, cast):
    client.force_login(cast.nora)
    for path in ("search", "numbers"):
        answer = client.get(f"/portal/{path}/", {"q": cast.did.number[-4:]}).text
        assert "number is found from its first digit on, with or without the country code" in answer, path
