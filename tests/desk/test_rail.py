"""The rail's counts, which stay current by themselves, and what Ctrl-K finds."""

from datetime import timedelta

import pytest

from desk.models import Notice, SavedView
from tickets.models import Ticket


def test_counts_match_the_lists_of_each_agent(cast, now, many, client, django_assert_num_queries):
    mine, *_others = many(3)
    Ticket.objects.filter(pk=mine).update(assignee=cast.agent, topic="Billing", status="pending")
    Notice.objects.create(user=cast.agent, kind="mention", key="a", at=now)
    for user, own, news in ((cast.agent, "1", "1"), (cast.agent2, "", "")):
        client.force_login(user)
        client.get("/desk/live/")  # service level values are cached for a minute
        with django_assert_num_queries(3):
            counts = client.get("/desk/live/").json()["counts"]
        assert (counts["open"], counts["mine"], counts["unassigned"], counts["waiting"]) == ("3", own, "2", "1")
        assert (counts["notices"], counts["topic:Billing"], counts["topic:General"], counts["failed"]) == (news, "1", "2", "")


def test_review_list_excludes_tickets_waiting_for_others(cast, many, client):
    numbers = many(5)
    Ticket.objects.filter(pk__in=numbers[1:]).update(verdict={"outcome": "needs_review"})
    for number, (status, whom) in zip(numbers[2:], (("on_hold", "parties"), ("pending", "partner"), ("new", "")), strict=True):
        Ticket.objects.filter(pk=number).update(status=status, waiting_for=whom)
    client.force_login(cast.agent)
    rows = client.get("/desk/?view=review").context["tickets"]
    assert {row["number"] for row in rows} == {numbers[1], numbers[4]}
    assert client.get("/desk/live/").json()["counts"]["review"] == "2"


@pytest.mark.usefixtures("that_day")
def test_due_soon_view_is_sorted_by_due_time(cast, now, many, client):
    for hours, number in zip((2, -2, 90, -1), many(4), strict=True):
        Ticket.objects.filter(pk=number).update(due_at=now + timedelta(hours=hours))
    client.force_login(cast.agent)
    entry = next(view for view in client.get("/desk/").context["desk_rail"]["views"]() if view["key"] == "soon")
    page = client.get(entry["url"])
    assert [(row["due"], row["due_at"] - now) for row in page.context["tickets"]] == [
        (state, timedelta(hours=hours)) for state, hours in (("over", -2), ("over", -1), ("soon", 2))
    ]


def test_rail_shows_only_shared_views_of_others(cast, now, client):
    SavedView.objects.create(owner=cast.lead, name="Everybody’s numbers", query="topic=CLASSOUND", is_shared=True, created_at=now)
    SavedView.objects.create(owner=cast.lead, name="Only the lead’s", query="topic=HWaaS", created_at=now)
    client.force_login(cast.agent)
    page = client.get("/desk/").content.decode()
    assert "Everybody’s numbers" in page and "Only the lead’s" not in page and "data-shortcuts" in page


def test_menu_label_contains_its_visible_name(cast, client):
    """WCAG 2.5.3: speech input uses the visible text."""
    client.force_login(cast.agent)
    assert f'aria-label="User menu: {cast.agent.get_full_name()}"' in client.get("/desk/").content.decode()


def test_palette_finds_tickets_numbers_and_partners(cast, many, client):
    (number,) = many(1)
    client.force_login(cast.agent)
    found = {
        words: client.get("/desk/palette/", {"q": words}).json()["found"] for words in (str(number), cast.did.number, "Nord", "", "\x00")
    }
    assert found[str(number)][0]["href"] == f"/desk/{number}/"
    assert "/desk/pbxs/PBX-FREE/" in [one["href"] for one in found[cast.did.number]]
    assert {"name": "Nord Telecom", "note": "NORD", "href": "/desk/?view=all&partner=NORD"} in found["Nord"]
    assert found[""] == found["\x00"] == []
    client.force_login(cast.nora)
    assert client.get("/desk/palette/?q=Nord").status_code == client.get("/desk/live/").status_code == 404


def test_palette_finds_articles_and_policy_values(cast, client):
    for user, values in ((cast.agent, []), (cast.admin, ["warranty.standard_years", "warranty.extended_years"])):
        client.force_login(user)
        found = client.get("/desk/palette/", {"q": "warran"}).json()["found"]
        assert ("How to check whether a device is under warranty", "Article") in [(one["name"], one["note"]) for one in found]
        told = [one for one in found if "policyvalue" in one["href"]]
        assert sorted(one["note"] for one in told) == sorted(values)
        assert not values or "A device can be replaced under warranty for 1 year from its order." in [one["name"] for one in told]
