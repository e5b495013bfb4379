"""My day: every number is the length of the list it links to; notices are for their own reader; viewing writes nothing."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk.models import Agent, Draft, Notice
from tests.desk.figures import client_of, listed, make

pytestmark = pytest.mark.usefixtures("that_day")


@pytest.fixture
def day(cast, now):
    """Return Ada's day: the tickets counted by each number."""
    late, soon = make(cast, now, due_at=now - timedelta(hours=1)), make(cast, now, due_at=now + timedelta(hours=3))
    evening = make(cast, now, due_at=now + timedelta(hours=13), awaiting_since=now)
    make(cast, now, due_at=now + timedelta(hours=15))  # tomorrow
    bens = make(cast, now, assignee=cast.agent2, due_at=now + timedelta(hours=2), awaiting_since=now)
    make(cast, now, status="solved", due_at=now, awaiting_since=now)
    asked = make(cast, now, status="on_hold", waiting_for="parties")
    stopped = make(cast, now, execution="refused")
    drafted = make(cast, now, assignee=None)
    Draft.objects.create(ticket=drafted, author=cast.agent, text="We look into it", saved_at=now)
    Draft.objects.create(ticket=late, author=cast.agent, text="On its way", saved_at=now, send_at=now)
    Draft.objects.create(ticket=soon, author=cast.agent2, text="Somebody else's", saved_at=now)
    Agent.objects.create(user=cast.agent2, away_from=now.date(), takes_tickets=True, capacity=2)
    return [{late, soon, evening}, {evening}, {asked}, {stopped}, {drafted}, {late, soon, bens}]


def test_each_figure_links_to_the_tickets_it_counts(cast, day):
    client = client_of(cast.agent)
    stats = client.get("/desk/day/").context["stats"]
    assert [stat["value"] for stat in stats] == [len(tickets) for tickets in day]
    assert [listed(client, stat["url"]) for stat in stats] == [{t.pk for t in tickets} for tickets in day]


def test_due_ticket_awaiting_reply_is_listed_once(cast, day, now):
    late, soon, evening = sorted(day[0], key=lambda ticket: ticket.due_at)
    calm = make(cast, now, due_at=now + timedelta(days=3), awaiting_since=now)
    page = client_of(cast.agent).get("/desk/day/")
    assert [(row["number"], bool(row["waits"])) for row in page.context["due"]] == [(late.pk, False), (soon.pk, False), (evening.pk, True)]
    assert [row["number"] for row in page.context["answers"]] == [calm.pk]
    assert "awaiting your reply" in page.content.decode()


def test_team_is_visible_to_every_agent(cast, day):
    client = client_of(cast.agent2)
    team = {row["name"]: row for row in client.get("/desk/day/").context["team"]}
    assert set(team) == {"Ada Agent", "Ben Agent", "Lea Lead", "Ari Admin"}
    for row in team.values():
        assert len(listed(client, row["running_url"])) == row["running"]
        assert len(listed(client, row["due_url"])) == row["due"]
    assert (team["Ada Agent"]["running"], team["Ada Agent"]["due"], team["Ada Agent"]["away"]) == (6, 3, False)
    assert (team["Ben Agent"]["running"], team["Ben Agent"]["capacity"], team["Ben Agent"]["away"]) == (1, 2, True)
    Agent.objects.update_or_create(user=cast.agent, defaults={"takes_tickets": True, "capacity": 4})
    page = client.get("/desk/day/")
    assert {row["name"]: row["capacity"] for row in page.context["team"]}["Ada Agent"] == 4 and "of 4" in page.content.decode()


def test_each_agents_load_links_to_the_tickets_it_counts(cast, day):
    client = client_of(cast.agent)
    team = {row["name"]: row for row in client.get("/desk/team/").context["agents"]}
    assert (team["Ada Agent"]["load"], team["Ben Agent"]["load"], team["Lea Lead"]["load"]) == (6, 1, 0)
    for row in team.values():
        assert len(listed(client, row["load_url"])) == row["load"]


def test_only_the_recipient_can_mark_notices_read(cast, now):
    told = [Notice.objects.create(user=cast.agent, kind="mention", key=f"k{n}", ticket=make(cast, now), at=now) for n in range(3)]
    other = Notice.objects.create(user=cast.agent2, kind="mention", key="k", ticket=told[0].ticket, at=now)
    client = client_of(cast.agent)
    assert client.get("/desk/day/").context["unread"] == 3
    assert client.get("/desk/notices/read/", {"notice": told[0].pk}).status_code == 405
    client.post("/desk/notices/read/", {"notice": told[0].pk})
    client.post("/desk/notices/read/", {"notice": other.pk})
    assert set(Notice.objects.filter(read_at=None)) == {told[1], told[2], other}
    assert client.post("/desk/notices/read/", {"notice": [told[0].pk, told[1].pk], "back": "notices"})["Location"] == "/desk/notices/"
    assert set(Notice.objects.filter(read_at=None)) == {told[2], other}  # it was not on the page
    assert [row["is_unread"] for row in client.get("/desk/notices/").context["notices"]] == [True, False, False]
    looked_at = told[2].ticket
    asks = re.search(r"hx-vals='([^']+)'", client.get(f"/desk/{looked_at.pk}/beside/").content.decode())[1]
    later = Notice.objects.create(user=cast.agent, kind="mention", key="later", ticket=looked_at, at=now)
    assert client.post("/desk/notices/read/", json.loads(asks)).status_code == 204
    assert set(Notice.objects.filter(read_at=None)) == {other, later}, "a ticket that is looked at has told its news"
    assert "hx-vals" not in client.get(f"/desk/{told[0].ticket.pk}/beside/").content.decode()
    later.delete()
    assert "Mark these as read" not in client.get("/desk/notices/").content.decode(), "nothing is left to be marked"


def test_viewed_tickets_are_remembered_without_a_write(cast, now):
    tickets = [make(cast, now) for _n in range(12)]
    client = client_of(cast.agent)
    for ticket in (*tickets, tickets[5]):
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/desk/{ticket.pk}/")
        assert not [query["sql"] for query in asked if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    shown = [row["number"] for row in client.get("/desk/day/").context["viewed"]]
    assert shown == [tickets[5].pk, *(t.pk for t in tickets[:1:-1] if t != tickets[5])][:10]
    client.force_login(cast.agent2)
    assert client.get("/desk/day/").context["viewed"] == []
    client.cookies["viewed"] = f"{cast.agent2.pk}.x.999999999999999999999"
    assert client.get("/desk/day/").context["viewed"] == []


def test_query_count_is_constant(cast, now, django_assert_num_queries):
    client = client_of(cast.agent)
    for rows in (1, 3):
        for n in range(rows):
            ticket = make(cast, now, due_at=now, awaiting_since=now)
            Draft.objects.create(ticket=ticket, author=cast.agent, saved_at=now)
            Notice.objects.create(user=cast.agent, kind="mention", key=f"{rows}{n}", ticket=ticket, at=now)
        client.get(f"/desk/{ticket.pk}/")
        with django_assert_num_queries(10):
            client.get("/desk/day/")


def test_empty_day_shows_its_empty_states(cast):
    page = client_of(cast.lead).get("/desk/day/").content.decode()
    assert "You have no tickets due today" in page and "You have no unread notices." in page
