"""GEN-6: Did this help? Asked on the page and in the e-mail of a solved request, answered by its partner, changed once within a few
days."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import transaction

from tests.desk.figures import client_of
from tests.tickets.actions import ask, carry_out, send_mails
from tickets.models import Event
from tickets.services import agent_actions, conversation, lifecycle, satisfaction
from tickets.services.lifecycle import NotNow


@pytest.fixture
def solved(cast, now):
    return carry_out(ask(cast.nora, "did_cancel", now, dids=[cast.did.number]), cast.agent, now)


def test_email_and_page_ask_but_opening_a_link_changes_nothing(solved, cast, now):
    send_mails(now)
    last = mail.outbox[-1].body
    assert "Did this help?" in last and f"/portal/requests/{solved.pk}/#opinion" in last
    assert "Did this help?" not in mail.outbox[0].body or len(mail.outbox) == 1
    client = client_of(cast.nora)
    with time_machine.travel(now, tick=True):
        page = client.get(f"/portal/requests/{solved.pk}/?satisfied=yes")
        assert "Did this help?" in page.content.decode() and client.get(f"/portal/requests/{solved.pk}/rate/").status_code == 405
    solved.refresh_from_db()
    assert solved.is_satisfied is None


def test_rating_is_stored_shown_and_can_be_changed_once_in_time(solved, cast, now):
    client, url = client_of(cast.nora), f"/portal/requests/{solved.pk}/rate/"
    with time_machine.travel(now, tick=True):
        refused = client.post(url, {"note": "Faster, please"})
        assert refused.status_code == 400 and "Faster, please" in refused.content.decode()
        client.post(url, {"satisfied": "no", "note": "It took a while to hear from you"})
        agents = client_of(cast.agent).get(f"/desk/{solved.pk}/").content.decode()
        assert "said this did not help" in agents and "It took a while to hear from you" in agents
    solved.refresh_from_db()
    assert (solved.is_satisfied, solved.satisfaction_note, solved.rated_at.date()) == (
        False,
        "It took a while to hear from you",
        now.date(),
    )
    with time_machine.travel(now + timedelta(days=7), tick=True):
        page = client.get(f"/portal/requests/{solved.pk}/").content.decode()
        assert "Change your answer" in page and re.findall(r'name="satisfied" value="(\w+)"[^>]* checked', page) == ["no"]
        client.post(url, {"satisfied": "yes"})
        assert "Change your answer" not in client.get(f"/portal/requests/{solved.pk}/").content.decode()
        late = client.post(url, {"note": "From a page that was open all the time"}, follow=True)
        assert "can no longer be changed" in late.content.decode()
        client.post(url, {"satisfied": "no"})
    solved.refresh_from_db()
    assert solved.is_satisfied is True
    assert list(solved.events.filter(kind="rated").values_list("data__satisfied", flat=True)) == [False, True]


def test_rating_is_final_after_its_days_and_a_new_solution_asks_again(solved, cast, now):
    satisfaction.rate(solved.pk, True, "", by=cast.nora, at=now)
    satisfaction.rate(solved.pk, True, "", by=cast.nora, at=now)  # sent twice: it is the same answer, which can still be changed
    assert Event.objects.filter(ticket=solved, kind="rated").count() == 1
    with pytest.raises(NotNow):
        satisfaction.rate(solved.pk, False, "", by=cast.nora, at=now + timedelta(days=8))
    conversation.reply(solved.pk, "One more thing about this.", author=cast.nora, at=now + timedelta(days=8))
    with pytest.raises(NotNow):
        satisfaction.rate(solved.pk, False, "", by=cast.nora, at=now + timedelta(days=8))
    solved.refresh_from_db()
    with transaction.atomic():
        lifecycle.move(lifecycle.lock(solved.pk), "solved", at=now + timedelta(days=9))
    satisfaction.rate(solved.pk, False, "", by=cast.nora, at=now + timedelta(days=10))
    satisfaction.rate(solved.pk, True, "", by=cast.nora, at=now + timedelta(days=11))  # answers about the first solution do not count
    assert Event.objects.filter(ticket=solved, kind="rated").count() == 3


def test_changed_remark_alone_is_a_changed_answer(solved, cast, now):
    for note in ("", "The number still rang for a day."):
        satisfaction.rate(solved.pk, True, note, by=cast.nora, at=now)
    solved.refresh_from_db()
    assert (solved.satisfaction_note, solved.events.filter(kind="rated").count()) == ("The number still rang for a day.", 2)


def test_no_rating_for_open_or_withdrawn_requests_or_by_outsiders(solved, cast, now):
    running = ask(cast.nora, "did_cancel", now, dids=[cast.range.number])
    for _round in range(2):
        with pytest.raises(NotNow):
            satisfaction.rate(running.pk, True, "", by=cast.nora, at=now)
        if not running.outcome:
            running = agent_actions.withdraw(running.pk, actor=cast.nora, at=now)
    with time_machine.travel(now, tick=True):
        assert "Did this help?" not in client_of(cast.nora).get(f"/portal/requests/{running.pk}/").content.decode()
        assert client_of(cast.sara).post(f"/portal/requests/{solved.pk}/rate/", {"satisfied": "no"}).status_code == 404
    solved.refresh_from_db()
    assert solved.is_satisfied is None
