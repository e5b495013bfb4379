"""A partner's page asks now and then for what is new: mostly nothing, never what is internal, and at once all of it."""

import pytest

from tests.tickets.acts import ask
from tickets.models import Ticket
from tickets.services import conversation


@pytest.fixture
def asked(cast, now):
    return ask(cast.nora, "did_cancel", now, dids=[cast.did.number], reason="The customer has closed this office.")


@pytest.fixture
def news(client, cast, asked):
    """The answer to a page that has seen everything there was when the test began."""
    client.force_login(cast.nora)
    last = asked.events.latest("pk").pk
    return lambda: client.get(f"/portal/requests/{asked.pk}/news/?last={last}")


def test_nothing_new_is_no_content_and_costs_little(news, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        assert news().status_code == 204


def test_a_note_is_no_news_but_an_answer_is(news, cast, asked, now):
    conversation.note(asked.pk, "Known for such texts.", author=cast.agent, at=now)
    assert news().status_code == 204
    conversation.reply(asked.pk, "We are looking at it.", author=cast.agent, at=now)
    assert "We are looking at it." in (page := news().text) and "Known for such texts." not in page


def test_strangers_find_nothing(news, client, cast):
    address = news().wsgi_request.get_full_path()
    client.force_login(cast.sara)
    assert client.get(address).status_code == 404
    client.logout()
    assert client.get(address).status_code == 302


def test_a_closed_request_is_not_asked_about(client, cast, asked):
    client.force_login(cast.nora)
    page = f"/portal/requests/{asked.pk}/"
    assert "/news/" in client.get(page).text
    Ticket.objects.filter(pk=asked.pk).update(status=Ticket.Status.CLOSED)
    assert "/news/" not in client.get(page).text


@pytest.mark.parametrize("odd", ["", "x", "-1", "1" * 40, "\x00", "٣"])
def test_an_odd_place_is_the_beginning(news, client, asked, odd):
    news()
    assert client.get(f"/portal/requests/{asked.pk}/news/", {"last": odd}).status_code == 200
