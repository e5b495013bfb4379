"""Search: exact names come first, then words of everything said and attached; partners never find notes."""

import pytest
from django.utils.html import escape

from billing.models import Invoice
from desk.filters import DeskTicketFilter
from desk.models import SavedView
from desk.pages.report_period import ReportForm
from desk.services.triggers import CONDITIONS
from hwaas.models import Order
from partners.models import EndUser, User
from tests.cast import make_did
from tests.desk.figures import locked_tables
from tests.every_url.scene import text_file
from tests.tickets.actions import ask
from tests.tickets.test_emergency import ADDRESS
from tickets.filters import search
from tickets.models import Attachment, Ticket
from tickets.services import agent_actions, conversation, search_index


@pytest.fixture
def ticket(cast, now):
    """A cancellation of +49 89 81000400 and of one number inside a range, with messages, a note and files."""
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number, cast.range.number], reason="They closed this office.")
    conversation.reply(
        ticket.pk, "Our juggler < clown & needs it on Friday.", author=cast.nora, at=now, files=[text_file("floor_plan-kiel.txt")]
    )
    conversation.note(ticket.pk, "Sounds like a hippopotamus.", author=cast.agent, at=now, files=[text_file("secret_ledger.txt")])
    agent_actions.reject(ticket.pk, "other", "Alas, the walrus objects.", actor=cast.agent, at=now)
    return ticket


@pytest.fixture
def search_page(client, cast):
    """search_page(text) returns the context of the page that Ada sees."""
    client.force_login(cast.agent)
    return lambda text, **more: client.get("/desk/", {"q": text, **more}).context


def titles(context):
    return [hit["title"] for hit in context["hits"]]


@pytest.mark.parametrize("typed", ["nord", "Nor", "Nord Tel"])
def test_partner_names_match_alike_everywhere(client, search_page, cast, now, typed):
    assert [hit["title"] for hit in search_page(typed)["hits"] if hit["kind"] == "Partner"] == ["Nord Telecom"]
    assert client.get("/desk/new/", {"partner": typed}).context["partner"] == cast.nord
    offered = client.get("/desk/new/", {"partner": typed}, headers={"HX-Request": "true"}).context
    assert (offered["partner"], offered["partners"]) == (None, [cast.nord])
    assert list(client.get("/desk/partners/", {"partner": typed}).context["partners"]) == [cast.nord]
    assert DeskTicketFilter({"partner": typed}, user=cast.agent, now=now).form["partner"].errors == []
    report = ReportForm({"period": "month", "partner": typed}, today=now.date())
    assert (report.is_valid(), report.asked().partner) == (True, cast.nord)
    assert CONDITIONS["partner"].clean(typed) == "NORD"


def test_companies_are_found_by_words_of_their_names(client, search_page, cast):
    bakery, kiel = search_page("bake")["hits"][0], search_page("kiel it")["hits"][0]
    assert (bakery["title"], bakery["partner"], bakery["facts"]) == ("Bakery", "Nord Telecom (NORD)", ["E-BAKERY"])
    assert [pbx["url"] for pbx in bakery["pbxs"]] == ["/desk/pbxs/PBX-COMMITTED/", "/desk/pbxs/PBX-FREE/"]
    assert (kiel["kind"], kiel["title"], kiel["partner"]) == ("Reseller", "Kiel IT", "Nord Telecom (NORD)")
    for number in range(3):
        EndUser.objects.create(code=f"E-MORE-{number}", partner=cast.sud, name=f"Bakery {number}", country="IT")
    assert titles(search_page("bakery")) == ["Bakery", "Bakery 0", "Bakery 1", "More match: enter more of the name"]
    assert titles(search_page("bakery 2")) == ["Bakery 2"]
    assert titles(search_page("ba")) == [], "two letters begin too many names"
    Order.objects.create(number="BAKERY", partner=cast.nord, placed_on=cast.today)
    assert titles(search_page("bakery")) == ["BAKERY"], "what has exactly this name is meant"


@pytest.mark.parametrize(
    ("code", "answers"),
    [
        ("did_cancel", {"dids": ["+498981000400"]}),
        ("commitment_request", {"pbx": "PBX-FREE", "years": "3"}),
        ("hwaas_return", {"serials": ["SN-SERVICE"], "pickup_address": "Hauptstraße 1, Kiel"}),
    ],
)
def test_requests_are_found_by_end_user_and_pbx(search_page, cast, now, code, answers):
    ticket = ask(cast.nora, code, now, **answers)
    for words in ("bakery", "Pbx-Free"):
        assert [row["number"] for row in search_page(words)["tickets"]] == [ticket.pk]
        assert search(Ticket.objects.visible_to(cast.nora), words).get() == ticket


def test_request_with_rows_is_found_by_end_user(search_page, cast, now):
    ticket = ask(cast.sara, "emergency_activation", now, locations=[ADDRESS | {"did": cast.winery_did.number}])
    assert [row["number"] for row in search_page("winery")["tickets"]] == [ticket.pk]


def test_contacts_are_found_by_their_names(client, search_page, cast):
    nora = search_page("nora")["hits"][0]
    assert (nora["kind"], nora["title"], nora["partner"], nora["facts"]) == (
        "Contact",
        "Nora Nord",
        "Nord Telecom (NORD)",
        [cast.nora.email],
    )
    assert client.get(nora["url"]).context["hits"][0]["title"] == "Nora Nord"
    assert titles(search_page("ben agent")) == [], "colleagues are on the team's page"
    User.objects.filter(pk=cast.nora.pk).update(is_active=False)
    assert titles(search_page("nora")) == []


def test_palette_leads_to_the_pbx_of_a_company(client, cast):
    client.force_login(cast.agent)
    found = {one["name"]: one for name in ("winery", "bakery", "bari") for one in client.get("/desk/palette/", {"q": name}).json()["found"]}
    assert found["Winery"] == {"name": "Winery", "note": "End user of Sud Voice (SUD)", "href": "/desk/pbxs/PBX-WINERY/"}
    assert found["Bakery"]["href"] == "/desk/?q=Bakery", "it has two: the search lists them"
    assert found["Bari IT"] == {"name": "Bari IT", "note": "Reseller of Sud Voice (SUD)", "href": "/desk/?q=Bari+IT"}


def test_partners_are_suggested_before_typing(client, cast):
    client.force_login(cast.agent)
    assert set(client.get("/desk/new/").context["partners"]) == {cast.nord, cast.sud, cast.albion}


def test_exact_names_are_found_in_any_notation(search_page, cast, ticket, today):
    Invoice.objects.create(number="INV-NORD-1", partner=cast.nord, issued_on=today, currency="EUR")
    Order.objects.create(number="ORD-NORD-1", partner=cast.nord, country="DE", placed_on=today)
    number = "+49 89 81000400"
    for written in ("+498981000400", "498981000400", "00498981000400", "+49 89 81 000 400", "+49 (89) 8100-0400"):
        context = search_page(written)
        assert titles(context) == [number], written
        assert [t["number"] for t in context["hits"][0]["tickets"]] == [row["number"] for row in context["tickets"]] == [ticket.pk]
    within = search_page("+498981000507")
    assert titles(within) == ["+49 89 8100050X"] and "includes +49 89 81000507" in within["hits"][0]["facts"]
    assert [row["number"] for row in within["tickets"]] == [ticket.pk]
    named = {"SN-OWNED": "SN-OWNED", "sn-owned": "SN-OWNED", "PBX-FREE": "Pbx-Free (PBX-FREE)", "INV-NORD-1": "INV-NORD-1"}
    named |= {"ord-nord-1": "ORD-NORD-1", "NORA@nord.example": "Nora Nord"}
    assert titles(search_page(f"#{ticket.pk}", view="all")) == [f"#{ticket.pk} {ticket.subject}"]
    assert {text: titles(search_page(text)) for text in named} == {text: [title] for text, title in named.items()}
    assert titles(search_page("nobody@nowhere.example")) == titles(search_page("+499999999999")) == titles(search_page("the office")) == []


def test_number_without_country_code_is_found_in_each_country(search_page, cast, ticket, client, fetch):
    number, bari = "+49 89 81000400", "+39 080 123 4567"
    for written in ("089 81000400", "(0)89 81000400", "089/81 000-400", "89 81000400", "+49 (0)89 81000400", "0049 (0)89 81000400"):
        context = search_page(written)
        assert titles(context) == [number], written
        assert [row["number"] for row in context["tickets"]] == [ticket.pk], written
    assert titles(search_page("089 81000507")) == ["+49 89 8100050X"] and titles(search_page("080 1234567")) == [bari]
    make_did("+448981000400", cast.pbx)
    assert titles(search_page("089 81000400")) == ["+44 898 100 0400", number]
    assert [hit["name"] for hit in client.get("/desk/palette/?q=089 81000400").json()["found"]] == ["+44 898 100 0400", number]
    assert fetch("/desk/?q=089 81000400")[1] <= 12
    assert titles(search_page("00 89 81000400")) == titles(search_page("+89 81000400")) == titles(search_page("0800 0000000")) == []


def test_ticket_number_alone_opens_the_ticket(client, cast, ticket):
    client.force_login(cast.agent)
    for typed in (ticket.pk, f"#{ticket.pk}", f" #{ticket.pk} "):
        assert client.get("/desk/", {"q": typed}).url == f"/desk/{ticket.pk}/"
    for more in ({"q": ticket.pk, "view": "all"}, {"q": f"{ticket.pk} office"}, {"q": ticket.pk + 1}, {"q": "#"}, {"q": "9" * 30}):
        assert client.get("/desk/", more).status_code == 200, more


def test_words_of_messages_notes_and_files_are_found_and_marked(search_page, cast, ticket):
    for word in ("juggler", "hippopotamus", "walrus", "office", "floor", "ledger", "floor_plan-kiel.txt"):
        assert [row["number"] for row in search_page(word)["tickets"]] == [ticket.pk], word
    assert ("juggler", True) in search_page("juggler")["tickets"][0]["found"]
    assert ("ledger", True) in search_page("ledger")["tickets"][0]["found"]
    assert not search_page("juggler", partner="SUD")["tickets"] and not search_page("juggler", view="open")["tickets"]
    assert not search_page("elephant")["tickets"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("router-photo_2.jpg", "[router-photo_2.jpg]"),
        ("ROUTER-Photo_2.JPG", "[router-photo_2.jpg]"),
        ("router-photo_2", "[router]-[photo]_[2].jpg"),
        ("photo", "router-[photo]_2.jpg"),
        ("photo router", "[router]-[photo]_2.jpg"),
        ("INV-2024.01.pdf", "[INV-2024.01.pdf]"),
        ("Übersicht_März-2.pdf", "[Übersicht]_[März-2].[pdf]"),
        ("märz", "Übersicht_[März]-2.pdf"),
        ("tag photo", "[tag]<b>[photo].jpg"),
    ],
)
def test_matches_in_file_names_are_marked(client, cast, ticket, now, typed, found):
    """Each name is shown on the ticket as stored; one predates the rules about names and has brackets."""
    plain = found.replace("[", "").replace("]", "")
    search_index.add(ticket, search_index.name_in_words(plain))
    Attachment.objects.filter(ticket=ticket, is_internal=False).update(name=plain)
    client.force_login(cast.agent)
    page = client.get("/desk/", {"q": typed})
    assert [row["number"] for row in page.context["tickets"]] == [ticket.pk]
    assert "".join(f"[{part}]" if is_marked else part for part, is_marked in page.context["tickets"][0]["found"]) == found
    assert escape(found).replace("[", "<mark>").replace("]", "</mark>") in page.content.decode()


def test_found_text_is_escaped(client, cast, ticket):
    client.force_login(cast.agent)
    text = client.get("/desk/?q=juggler").content.decode()
    assert "<mark>juggler</mark> &lt; clown &amp; needs" in text


def test_partners_never_find_internal_notes(cast, ticket):
    mine = Ticket.objects.visible_to(cast.nora)
    assert {word: search(mine, word).exists() for word in ("juggler", "walrus", "plan", "hippopotamus", "ledger")} == {
        **dict.fromkeys(("juggler", "walrus", "plan"), True),
        **dict.fromkeys(("hippopotamus", "ledger"), False),
    }


def test_ticket_saved_twice_in_a_transaction_is_found(cast, now, search_page):
    """The status of a transfer changes in the very transaction that creates it."""
    moved = ask(cast.nora, "reseller_transfer", now, reseller="R-NORD", new_partner="SUD", description="A pelican asked us for it.")
    assert [row["number"] for row in search_page("pelican")["tickets"]] == [moved.pk]


@pytest.mark.django_db(transaction=True)
def test_too_slow_search_asks_for_a_filter(search_page, ticket, client, cast, settings, now):
    settings.SEARCH_SECONDS = settings.LISTING_SECONDS = 0.2
    client.force_login(cast.agent)
    views = (("All", "view=all"), ("Overridden", "overridden_by=agent%40care.example"))
    SavedView.objects.bulk_create(SavedView(owner=cast.agent, name=name, query=query, created_at=now) for name, query in views)
    with locked_tables("tickets_event", "tickets_override", "billing_ledgerentry"):
        answer = client.get("/desk/", {"q": "juggler", "topic": "CLASSOUND"})
        total = client.get(f"/desk/count/?{views[1][1]}").content.decode()
        counts, pause = client.get("/desk/views/counts/").json().values()
        late = [client.get(path) for path in ("/desk/reports/", "/desk/reports/overrides.csv", f"/desk/tickets.csv?{views[1][1]}")]
    assert total == "too many to count" and list(counts.values()) == ["1", "many"]
    assert pause >= 800, "what takes long is asked for less often"
    assert [(one.status_code, "This would take too long" in one.content.decode()) for one in late] == [(422, True)] * 3
    assert answer.status_code == 422 and "Too many tickets contain these words" in answer.content.decode()
    assert {"q=juggler", "topic=CLASSOUND"} == set(answer.context["action_url"].split("?")[1].split("&"))
    assert [row["number"] for row in search_page("juggler")["tickets"]] == [ticket.pk]
