"""The partner’s first page: what waits for the partner and what is in progress; progress; and links in the care team's messages."""

from datetime import timedelta

from tests.desk.conftest import question
from tests.markup import flat
from tests.tickets.test_transfer import links, transfer
from tickets.models import Event
from tickets.pages import tracker
from tickets.services import agent_actions, consents, conversation
from tickets.services.lifecycle import record
from tickets.views import portal


def test_requests_waiting_for_the_partner_come_first_and_only_once(client, cast, now):
    waits, runs = question(cast, now, subject="Which invoice"), question(cast, now, subject="A case")
    conversation.ask_partner(waits.pk, "Which one? See https://careline.example/help", author=cast.agent, at=now)
    client.force_login(cast.nora)
    page = client.get("/portal/")
    numbers = {name: [row["number"] for row in page.context[name]] for name in ("waiting", "open_requests")}
    assert numbers == {"waiting": [waits.pk], "open_requests": [runs.pk]}
    text = page.content.decode()
    assert "Which one? See https://careline.example/help" in text
    assert text.index("h-waiting") < text.index("h-open") < text.index("h-start")
    assert "/portal/requests/new/did_cancel/" in text


def test_own_words_are_not_shown_as_what_a_request_waits_for(client, cast, now):
    """A bulk change can set the status without a question."""
    ticket = question(cast, now, message="Please explain both lines.")

    def shown():
        client.force_login(cast.nora)
        return flat(client.get("/portal/")).partition('id="h-waiting"')[2].partition('id="h-start"')[0]

    agent_actions.set_status(ticket.pk, "pending", actor=cast.agent, at=now)
    assert "It is your turn." in shown() and "Please explain" not in shown()
    conversation.reply(ticket.pk, "Line 3 is the surcharge.", author=cast.agent, at=now + timedelta(minutes=1))
    assert "Line 3 is the surcharge." in shown() and "It is your turn." not in shown()
    record(ticket, Event.Kind.STEP, actor=cast.nora, at=now + timedelta(minutes=2), body="Please send us the device.")
    assert "Please send us the device." in shown(), "a partner's step is answered in our words"


def test_page_says_when_more_requests_wait_than_are_shown(client, cast, now, monkeypatch):
    monkeypatch.setattr(portal, "WAITING", 1)
    client.force_login(cast.nora)
    for is_more in (False, True):
        conversation.ask_partner(question(cast, now).pk, "Which one?", author=cast.agent, at=now)
        page = client.get("/portal/")
        badge = page.content.decode().partition('class="count-badge">')[2].partition("<")[0]
        assert (len(page.context["waiting"]), badge, b"?show=waiting" in page.content) == (1, "1+" if is_more else "1", is_more)


def test_list_of_waiting_requests(client, cast, now):
    waits, _runs = question(cast, now), question(cast, now)
    conversation.ask_partner(waits.pk, "Which one?", author=cast.agent, at=now)
    client.force_login(cast.nora)
    assert [row["number"] for row in client.get("/portal/requests/?show=waiting").context["requests"]] == [waits.pk]


def test_home_lists_pending_agreements_for_each_company_asked(client, cast, now):
    ticket = transfer(cast, now)
    tokens = links(ticket, now)

    def waiting(user):
        client.force_login(user)
        page = client.get("/portal/")
        return [(row["address"], row["url"]) for row in page.context["agreements"]], flat(page)

    (mine, text), (theirs, told) = waiting(cast.nora), waiting(cast.alba)
    assert mine == [(cast.nora.email, f"/portal/requests/{ticket.pk}/")] and "Your own company also has to agree." in text
    assert [url for _address, url in theirs] == [""], "the request of another partner is not opened"
    assert "Nord Telecom is asking your company to agree." in told and 'class="count-badge">1<' in told
    assert waiting(cast.sara)[0] == []
    consents.decide(consents.by_token(tokens["billing@albion.example"]), "agreed", name="Alba Albion", at=now)
    assert (waiting(cast.alba)[0], len(waiting(cast.nora)[0])) == ([], 1)
    agent_actions.withdraw(ticket.pk, actor=cast.nora, at=now)
    assert waiting(cast.nora)[0] == []


def test_all_agreements_are_listed_if_the_home_page_shows_only_some(client, cast, now, monkeypatch):
    monkeypatch.setattr(portal, "WAITING", 1)
    tickets = [transfer(cast, now), transfer(cast, now)]
    client.force_login(cast.alba)
    home = client.get("/portal/")
    assert len(home.context["agreements"]) == 1 and 'class="count-badge">1+<' in home.content.decode()
    assert b'href="/portal/agreements/"' in home.content
    assert len(client.get("/portal/agreements/").context["agreements"]) == len(tickets)
    agent_actions.withdraw(tickets[0].pk, actor=cast.nora, at=now)
    assert b"/portal/agreements/" not in client.get("/portal/").content
    client.force_login(cast.sara)
    assert "Nothing to agree to" in flat(client.get("/portal/agreements/"))


def test_addresses_become_links_only_in_care_team_messages(client, cast, now):
    ticket = question(cast, now, message="Is https://elsewhere.example/ right? It looks odd.")
    conversation.answer(ticket.pk, "No: <b>https://careline.example/help</b> is.", author=cast.agent, at=now)
    client.force_login(cast.nora)
    text = client.get(f"/portal/requests/{ticket.pk}/").content.decode()
    assert 'href="https://careline.example/help"' in text and "&lt;b&gt;" in text
    assert "https://elsewhere.example/" in text and 'href="https://elsewhere.example/' not in text


def test_progress_shows_who_has_the_open_request(client, cast, now):
    ticket = question(cast, now)
    assert [(s["title"], s["state"]) for s in tracker.stations(ticket)] == [
        ("Submitted", "done"),
        ("With the care team", "current"),
        ("Answered", "todo"),
    ]
    conversation.ask_partner(ticket.pk, "Which one?", author=cast.agent, at=now)
    ticket.refresh_from_db()
    assert tracker.stations(ticket)[1]["title"] == "Your turn"
    client.force_login(cast.agent)
    assert client.get(f"/desk/{ticket.pk}/").context["steps"][1]["title"] == "With the partner"
