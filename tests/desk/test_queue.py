"""The queue: filters, orders, columns, news, and how few queries it takes."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk.filters import ORDERS, matching
from desk.models import Agent
from tests.tickets.actions import ask
from tickets.models import Ticket, TicketCharge
from tickets.services import agent_actions, conversation


def three_tickets(cast, now):
    """`question` (mine, critical, due), `rma` (waits for the partner, tagged) and `moved` (waits for its parties), an hour apart."""
    hour = datetime.timedelta(hours=1)
    asked = {"topic": "HWaaS", "subject": "Phones", "message": "How much are ten desk phones?"}
    question = ask(cast.nora, "general_question", now - 3 * hour, **asked)
    device = {"serial": "SN-OWNED", "kind": "doa", "fault": "There is no sound.", "replacement": "new", "delivery_address": "Kiel"}
    rma = ask(cast.nora, "rma", now - 2 * hour, **device)
    moved = ask(cast.nora, "reseller_transfer", now - hour, reseller="R-NORD", new_partner="SUD", description="It asked us.")
    agent_actions.assign(question.pk, cast.agent, actor=cast.agent, at=now - 2 * hour)
    conversation.ask_partner(rma.pk, "Which colour is it?", author=cast.agent2, at=now - hour)
    Ticket.objects.filter(pk=question.pk).update(priority=1, due_at=now + hour)
    Ticket.objects.filter(pk=rma.pk).update(tags=["urgent"])
    return {"question": question.pk, "rma": rma.pk, "moved": moved.pk}


SCENES = {"tickets": three_tickets}


@pytest.fixture
def tickets(cast):
    """{name: number} of the three tickets."""
    return cast.tickets


@pytest.fixture
def found(cast, tickets, now):
    """found(query) returns the names of the tickets that a query of Ada's finds."""
    names = {number: name for name, number in tickets.items()}
    return lambda query: {names[t.pk] for t in matching(query, user=cast.agent, now=now)}


ASKED = {
    "": {"question", "rma", "moved"},
    "view=mine": {"question"},
    "view=unassigned": {"rma", "moved"},
    "view=waiting": {"rma", "moved"},
    "view=parties": {"moved"},
    "view=soon": {"question"},
    "status=pending&status=solved&view=all": {"rma"},
    "type=rma&type=general_question": {"question", "rma"},
    "partner=nord&owner=me": {"question"},
    "partner=Nord+Tel": {"question", "rma", "moved"},
    "partner=telecom+nor": {"question", "rma", "moved"},
    "partner=SUD": set(),
    "owner=nobody": {"rma", "moved"},
    "owner=agent%40care.example": {"question"},
    "priority=1": {"question"},
    "tag=urgent": {"rma"},
    "tag=urg": set(),
    "waiting_for=partner": {"rma"},
    "outcome=executed&view=all": set(),
    "fee=yes": {"moved"},
    "fee=no": {"question", "rma"},
    "created_from=2026-11-18&created_to=2026-11-18": {"question", "rma", "moved"},
    "created_to=2026-11-17": set(),
    "due_to=2026-11-18": {"question"},
    "order=due": {"question"},
    "partner=Nobody+Ltd&owner=stranger%40x.example&created_from=soon&status=odd&priority=9": {"question", "rma", "moved"},
}


def test_filters_match_and_invalid_values_are_ignored(found):
    assert {query: found(query) for query in ASKED} == ASKED


def test_sorting_and_paging_work_in_both_directions(client, cast, tickets, now):
    client.force_login(cast.agent)
    for name, (column, _number) in ORDERS.items():
        for sign in ("", "-"):
            rows = client.get(f"/desk/?view=all&order={sign}{name}").context["tickets"]
            values = [getattr(Ticket.objects.get(pk=row["number"]), column) for row in rows]
            assert values == sorted(values, reverse=bool(sign)), (sign, name)
    asked = {"topic": "PBX/Licences", "subject": "Phones", "message": "And then?"}
    for place in range(30):
        ask(cast.nora, "general_question", now + datetime.timedelta(minutes=place), **asked)
    first = client.get("/desk/?type=general_question&order=created")
    older = client.get(f"/desk/{first.context['page'].older_url}")
    assert [len(page.context["tickets"]) for page in (first, older)] == [25, 6]
    assert client.get(f"/desk/{older.context['page'].newer_url}").context["tickets"] == first.context["tickets"]
    assert client.get(f"/desk/{first.context['page'].older_url.replace('order=created', 'order=priority')}").status_code == 404
    assert client.get("/desk/count/?type=general_question").content == b"31"


@pytest.mark.parametrize("asked", ["created_to=9999-12-31", "due_to=9999-12-31", "posted_after=0001-01-01&posted_before=9999-12-31"])
def test_days_at_calendar_limits_are_reported_and_ignored(client, cast, tickets, asked):
    client.force_login(cast.agent)
    page, plain = client.get(f"/desk/?{asked}"), client.get("/desk/")
    assert any(chip["bad"] and "Enter a date" in chip["label"] for chip in page.context["filters"])
    assert [row["number"] for row in page.context["tickets"]] == [row["number"] for row in plain.context["tickets"]] != []
    assert client.get(f"/desk/tickets.csv?{asked}").status_code == 200


def test_finished_tickets_are_found_by_status_or_outcome(client, cast, tickets, now):
    agent_actions.reject(tickets["question"], "other", "We have none.", actor=cast.agent, at=now)
    client.force_login(cast.agent)
    for asked, title, found in (
        ("status=solved", "Tickets", [tickets["question"]]),
        ("outcome=rejected", "Tickets", [tickets["question"]]),
        ("status=solved&status=pending", "Tickets", [tickets["question"], tickets["rma"]]),
        ("status=pending", "All open", [tickets["rma"]]),
        ("view=mine&status=solved", "Mine", []),
    ):
        page = client.get(f"/desk/?{asked}")
        assert (page.context["title"], [row["number"] for row in page.context["tickets"]]) == (title, found), asked
        assert list(matching(asked, user=cast.agent, now=now).order_by("-updated_at").values_list("pk", flat=True)) == found
    assert 'href="?status=solved&amp;view=all"' in page.content.decode()


def test_filters_are_shown_as_removable_chips(client, cast, tickets):
    client.force_login(cast.agent)
    shown = client.get("/desk/?status=new&status=pending&owner=nobody&partner=Nobody+Ltd&before_that=x").context["filters"]
    assert [(chip["label"], chip["bad"]) for chip in shown] == [
        ("Status: New", False),
        ("Status: Waiting for partner", False),
        ("Partner: Nobody Ltd. No partner matches.", True),
        ("Owner: unassigned", False),
    ]
    assert shown[0]["url"] == "?status=pending&partner=Nobody+Ltd&owner=nobody"
    assert shown[2]["url"] == "?status=new&status=pending&owner=nobody"
    asked = {"view=mine&tag=x": ["Tag: x"], "view=mine&q=phones": ["Search: phones", "View: Mine"], "view=all&q=x": ["Search: x"]}
    assert {q: [chip["label"] for chip in client.get(f"/desk/?{q}").context["filters"]] for q in asked} == asked
    tidy = client.get("/desk/?status=new&tag=&partner=&order=-updated&strange=1")
    assert (tidy.status_code, tidy.url) == (302, "/desk/?status=new")


def test_screen_readers_get_owner_names_and_row_headers(client, cast, tickets):
    Ticket.objects.filter(pk=tickets["rma"]).update(assignee=cast.agent2)
    client.force_login(cast.agent)
    page = client.get("/desk/?view=all").content.decode()
    assert 'aria-hidden="true">BA</span><span class="visually-hidden">Ben Agent</span>' in page
    assert '<span class="visually-hidden">Unassigned</span>' in page
    assert page.count('role="rowheader"') == page.count('name="numbers"') > 0


def test_columns_are_saved_per_person(client, cast, tickets):
    client.force_login(cast.agent)
    page = client.post("/desk/columns/?status=pending", {"columns": ["tags", "last", "created"]}, follow=True)
    assert page.redirect_chain == [("/desk/?status=pending", 302)]
    assert [head["key"] for head in page.context["heads"]] == ["subject", "tags", "created"]
    text = page.content.decode()
    assert "Which colour is it?" in text and '<span class="tag">urgent</span>' in text and "Nord Telecom" not in text.split("<tbody")[1]
    assert client.post("/desk/columns/", {"columns": ["password"]}).status_code == 400
    client.post("/desk/columns/", {"usual": "1", "columns": ["tags"]})
    assert Agent.objects.get(user=cast.agent).columns == []
    assert client.get("/desk/columns/").context["form"].initial["columns"][0] == "number"


def test_new_tickets_are_announced_once_and_match_the_filter(client, cast, tickets, now):
    client.force_login(cast.agent)
    since = (now + datetime.timedelta(minutes=1)).isoformat().replace("+", "%2B")
    later = now + datetime.timedelta(minutes=2)
    ask(cast.nora, "general_question", later, topic="HWaaS", subject="Phones", message="And one more?")
    conversation.reply(tickets["question"], "And a headset, please.", author=cast.nora, at=later)
    told = client.get(f"/desk/fresh/?type=general_question&since={since}&seen=0")
    assert (told.context["new"], told.context["changed"]) == (1, 1)
    assert client.get(f"/desk/fresh/?type=general_question&since={since}&seen=2").status_code == 204
    assert client.get(f"/desk/fresh/?type=rma&since={since}&seen=0").status_code == 204
    assert client.get("/desk/fresh/?since=yesterday").status_code == 204


def test_preview_shows_the_latest_messages_and_changes_nothing(client, cast, tickets, now):
    client.force_login(cast.agent)
    conversation.note(tickets["rma"], "Sold by us in May.", author=cast.agent, at=now)
    before = Ticket.objects.values().get(pk=tickets["rma"])
    text = client.get(f"/desk/{tickets['rma']}/preview/").content.decode()
    assert "Sold by us in May." in text and "Which colour is it?" in text and "Internal" in text
    assert f"SN-OWNED ({cast.item.name})" in text, "things are called as on the ticket's page"
    moved = client.get(f"/desk/{tickets['moved']}/preview/").content.decode()
    assert f"{cast.north_reseller.name} (R-NORD)" in moved and f"{cast.sud.name} (SUD)" in moved
    assert "All three parties must agree" not in moved and "Allowed" in text, "what is found is told while somebody can decide"
    assert Ticket.objects.values().get(pk=tickets["rma"]) == before
    assert client.get("/desk/999999/preview/").status_code == 404


def test_amounts_of_different_currencies_are_not_added(client, cast, tickets):
    client.force_login(cast.agent)
    Agent.objects.create(user=cast.agent, columns=["number", "fee"])
    moved = Ticket.objects.get(pk=tickets["moved"])
    quoted = moved.charges.get()
    TicketCharge.objects.create(ticket=moved, fee="fee.x", title="Delivery", amount=1234, currency="GBP", payer=cast.albion, moment="done")
    sums = {(quoted.amount, quoted.currency), (1234, "GBP")}
    row, head = (client.get(path).content.decode() for path in ("/desk/?fee=yes", f"/desk/{moved.pk}/"))
    for amount, currency in sums:
        assert f'<span class="money">{amount:,.0f} <span class="cur">{currency}</span></span>' in row
        assert f'<span class="money">{amount:,.2f} <span class="cur">{currency}</span></span>' in head


def test_query_count_is_independent_of_rows(client, cast, tickets, now):
    client.force_login(cast.agent)
    Agent.objects.create(user=cast.agent, columns=["number", "fee", "due", "last", "tags"])

    def asked(path):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code in (200, 204)
        return len(queries)

    rows = ("/desk/?type=rma", "/desk/?q=sound&order=created", "/desk/?view=mine&order=due")
    paths = (*rows, "/desk/fresh/", f"/desk/{tickets['rma']}/preview/")
    few = {path: asked(path) for path in paths}
    for _more in range(2):
        fields = {"serial": "SN-SERVICE" if _more else "SN-SCARCE", "kind": "doa", "fault": "No sound.", "replacement": "new"}
        ticket = ask(cast.nora, "rma", now, **fields, delivery_address="Kiel")
        agent_actions.assign(ticket.pk, cast.agent, actor=cast.agent, at=now)
    assert {path: asked(path) for path in paths} == few
    assert max(few.values()) <= 12, few
