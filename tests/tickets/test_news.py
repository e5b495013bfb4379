"""A partner's page polls for news: mostly there is none, never anything internal, and then all of it at once."""

import re
from html import unescape

import pytest

from tests.tickets.actions import ask
from tickets.models import Ticket
from tickets.services import conversation, history


@pytest.fixture
def asked(cast, now):
    return ask(cast.nora, "did_cancel", now, dids=[cast.did.number], reason="The customer has closed this office.")


@pytest.fixture
def news(client, cast, asked):
    """The response to a page that has seen everything that existed when the test began."""
    client.force_login(cast.nora)
    last = asked.events.latest("pk").pk
    return lambda: client.get(f"/portal/requests/{asked.pk}/news/?last={last}")


def test_no_news_returns_204_with_few_queries(news, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        assert news().status_code == 204


def test_reply_is_news_but_a_note_is_not(news, cast, asked, now):
    conversation.note(asked.pk, "Known for such texts.", author=cast.agent, at=now)
    assert news().status_code == 204
    conversation.reply(asked.pk, "We are looking at it.", author=cast.agent, at=now)
    assert "We are looking at it." in (page := news().text) and "Known for such texts." not in page


def test_outsiders_get_no_news(news, client, cast):
    address = news().wsgi_request.get_full_path()
    client.force_login(cast.sara)
    assert client.get(address).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302


def test_closed_request_is_not_polled(client, cast, asked):
    client.force_login(cast.nora)
    page = f"/portal/requests/{asked.pk}/"
    assert "/news/" in client.get(page).text
    Ticket.objects.filter(pk=asked.pk).update(status=Ticket.Status.CLOSED)
    assert "/news/" not in client.get(page).text


@pytest.mark.parametrize("odd", ["", "x", "-1", "1" * 40, "\x00", "٣"])
def test_invalid_position_starts_from_the_beginning(news, client, asked, odd):
    news()
    assert client.get(f"/portal/requests/{asked.pk}/news/", {"last": odd}).status_code == 200


def entries(answer):
    """Return the keys of the entries of a page, and those that its links to earlier ones begin with."""
    return tuple([int(key) for key in re.findall(part, answer.text)] for part in (r'id="event-(\d+)"', r'href="[^"]*\?from=(\d+)#'))


def test_long_request_shows_newest_entries_and_keeps_its_start_on_polling(client, cast, asked, now):
    client.force_login(cast.nora)
    page = f"/portal/requests/{asked.pk}/"
    for number in range(2 * history.NEWEST + 9):
        conversation.reply(asked.pk, f"Message {number}", author=cast.agent, at=now)
    conversation.note(asked.pk, "Not theirs.", author=cast.agent, at=now)
    everything = list(asked.events.filter(is_internal=False).order_by("pk").values_list("pk", flat=True))
    shown, [since, first] = entries(client.get(page))
    assert shown == everything[-history.NEWEST :] and first == everything[0]
    shown, [again] = entries(client.get(page, {"from": since}))
    assert shown == everything[-2 * history.NEWEST :] and again == everything[0]
    assert entries(client.get(page, {"from": first})) == (everything, [])
    assert entries(client.get(page, {"from": 10**18})) == entries(client.get(page))

    news = unescape(re.search(r'hx-get="([^"]+/news/[^"]+)"', client.get(page, {"from": since}).text)[1])
    assert client.get(news).status_code == 204
    conversation.reply(asked.pk, "And one more.", author=cast.agent, at=now)
    come = client.get(news)
    assert entries(come)[0] == [*everything[-2 * history.NEWEST :], asked.events.latest("pk").pk]
    assert client.get(unescape(re.search(r'hx-get="([^"]+/news/[^"]+)"', come.text)[1])).status_code == 204
