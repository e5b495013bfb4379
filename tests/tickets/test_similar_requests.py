"""A form lists earlier requests of the same type about the same things, as long as they are open."""

import pytest

from tests.tickets.actions import ask
from tickets.models import Ticket

FORM = "/portal/requests/new/did_cancel/"
WORDS = "about the same"
WHY = "The customer has closed this office."


@pytest.fixture
def first(cast, now):
    return ask(cast.nora, "did_cancel", now, dids=[cast.did.number], reason=WHY)


@pytest.fixture
def check(client, cast):
    def answer(*numbers, user=cast.nora, query=""):
        client.force_login(user)
        return client.post(f"{FORM}check/{query}", {"dids": numbers, "reason": WHY}).text

    return answer


def test_open_request_about_the_same_number_is_linked(check, client, cast, first):
    said = check(cast.did.number)
    assert WORDS in said and f'href="/portal/requests/{first.pk}/"' in said
    assert f"#{first.pk} Cancel" in client.get(f"{FORM}?dids={cast.did.number.replace('+', '%2B')}").text


def test_notice_asks_to_reply_in_the_open_request_or_one_of_several(check, cast, now, first):
    assert "reply to that request instead." in check(cast.did.number)
    ask(cast.nora, "did_cancel", now, dids=[cast.did.number], reason="The same once more.")
    assert "reply to one of these requests instead." in check(cast.did.number)


def test_agents_are_linked_to_the_desk(check, cast, first):
    assert f'href="/desk/{first.pk}/"' in check(cast.did.number, user=cast.agent, query="?partner=NORD")


def test_no_notice_for_other_numbers_or_before_one_is_chosen(check, cast, first):
    assert WORDS not in check() and WORDS not in check(cast.range.number)


def test_request_that_only_mentions_the_number_does_not_count(check, cast, now):
    ask(cast.nora, "did_cancel", now, dids=[cast.range.number], reason=f"{WHY} Not {cast.did.number}.")
    assert WORDS not in check(cast.did.number)


def test_request_of_another_type_does_not_count(check, cast, now):
    ask(cast.nora, "general_question", now, topic="General", subject="Hello", message=f"What about {cast.did.number}?")
    assert WORDS not in check(cast.did.number)


def test_finished_request_does_not_count(check, cast, first):
    Ticket.objects.filter(pk=first.pk).update(status="solved", outcome="withdrawn")
    assert WORDS not in check(cast.did.number)


def test_other_partners_see_no_notice(check, cast, first):
    assert WORDS not in check(cast.did.number, user=cast.sara)


def test_ranges_and_serials_are_matched_too(check, client, cast, now):
    ask(cast.nora, "did_cancel", now, dids=[cast.range.number], reason=WHY)
    assert WORDS in check(cast.did.number, cast.range.number)
    broken = {"serial": "SN-OWNED", "kind": "doa", "fault": "It never rang.", "replacement": "new", "delivery_address": "Kiel"}
    ask(cast.nora, "rma", now, accepted=None, **broken)
    assert WORDS in client.post("/portal/requests/new/rma/check/", {"serial": "SN-OWNED"}).text
