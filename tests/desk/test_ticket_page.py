"""The ticket page: as quick with a hundred events as with one, its timeline by tabs and pages, news, other viewers."""

import re
from html import unescape

import pytest

from desk.models import DraftFile, Macro
from desk.services import drafts, presence
from tests.cast import make_pbx
from tests.every_url.scene import text_file
from tests.markup import flat
from tests.tickets.actions import ask, carry_out
from tickets.models import Event, Override, Ticket
from tickets.services import agent_actions, consents, conversation, dossier, execution, followers, history, links, merging, tags

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def add_events(ticket, cast, now, count):
    """Add this number of events of every kind."""
    kinds = ("message", "note", "status", "confirmation")
    Event.objects.bulk_create(
        Event(
            ticket=ticket,
            kind=kinds[place % 4],
            actor=cast.agent,
            at=now,
            body=f"Entry {place}.",
            is_internal=place % 4 == 1,
            data={"field": "tags", "old": "", "new": "x", "party": "subject", "decision": "", "name": ""},
        )
        for place in range(count)
    )


def entries(answer):
    return re.findall(r'id="event-(\d+)"', answer.content.decode())


def test_query_count_is_independent_of_events(cast, now, ticket, client, fetch):
    client.force_login(cast.agent)
    fetch(f"/desk/{ticket.pk}/")
    few = fetch(f"/desk/{ticket.pk}/")[1]
    add_events(ticket, cast, now, 60)
    some = fetch(f"/desk/{ticket.pk}/")[1]
    add_events(ticket, cast, now, 100)
    lots = fetch(f"/desk/{ticket.pk}/")[1]
    assert (few, some, lots) == (6, 8, 8)
    for tab in ("conversation", "internal", "changes", "money", "confirmations", "nonsense"):
        assert fetch(f"/desk/{ticket.pk}/?tab={tab}")[1] <= 12


def values(row):
    """Return every column of a row."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_transfer_page_stays_within_its_query_limit(cast, now, client, fetch):
    moved = ask(
        cast.nora,
        "reseller_transfer",
        now,
        reseller=cast.north_reseller.code,
        new_partner=cast.albion.code,
        description="The branch moves.",
        accepted=None,
    )
    conversation.reply(moved.pk, "See this.", author=cast.nora, at=now, files=[text_file("paper.txt")])
    client.force_login(cast.agent)
    fetch(f"/desk/{moved.pk}/")
    assert fetch(f"/desk/{moved.pk}/")[1] <= 16


def test_timeline_is_paged_and_filtered_by_tabs(cast, now, ticket, client):
    add_events(ticket, cast, now, 120)
    client.force_login(cast.agent)
    page = client.get(f"/desk/{ticket.pk}/")
    newest = entries(page)
    assert len(newest) == 50 and newest == sorted(newest, key=int)
    earlier = unescape(re.search(r'hx-get="([^"]+after=[^"]+)"', page.content.decode())[1])
    part = client.get(earlier, headers={"HX-Request": "true"})
    whole = client.get(earlier)
    assert entries(part) == entries(whole) and "<html" not in part.content.decode() and "<html" in whole.content.decode()
    assert int(entries(part)[-1]) < int(newest[0]) and len(entries(part)) == 50
    notes = client.get(f"/desk/{ticket.pk}/?tab=internal").content.decode()
    assert notes.count("event-note") == 30 and "Entry 0." not in notes
    counts = dict(re.findall(r'href="[^"?]+\?(?:tab=)?(\w*)#h-timeline"[^>]*>[^<]*<span class="count">([^<]+)', notes))
    assert counts == {"": "121", "conversation": "31", "internal": "30", "changes": "30", "confirmations": "30"}


def test_live_update_returns_new_events_or_204(cast, now, ticket, client, own_hints):
    client.force_login(cast.agent)
    last = Event.objects.latest("pk").pk
    live = f"/desk/{ticket.pk}/live/?last={last}&tab=all&here="
    assert client.get(live).status_code == 204
    said = conversation.reply(ticket.pk, "One more thing.", author=cast.nora, at=now)
    agent_actions.assign(ticket.pk, cast.agent2, actor=cast.agent2, at=now)
    part = client.get(live).content.decode()
    assert "One more thing." in part and f"last={said.pk + 1}" in part and "This ticket has changed" in part
    assert entries(client.get(live.replace("tab=all", "tab=conversation"))) == [str(said.pk)]
    page = client.get(f"/desk/{ticket.pk}/").content.decode()
    parts = [name.strip() for name in re.search(r'hx-select-oob="([^"]+)"', part)[1].split(",")]
    assert parts[-1] == "#changed" and all(f'id="{name[1:]}"' in page for name in parts), "what has changed is exchanged, each part"
    other = live.replace(f"last={last}", f"last={said.pk}")
    client.force_login(cast.agent2)
    assert "This ticket has changed" in client.get(other).content.decode(), "one’s own change too: a reply sets the status later"
    for odd in ("", "?last=x", "?last=%D9%A1", f"?last={'9' * 30}"):
        assert client.get(f"/desk/{ticket.pk}/live/{odd}").status_code in (200, 204)


def test_most_urgent_due_time_stands_once_in_full(cast, ticket, client):
    client.force_login(cast.agent)
    page = " ".join(client.get(f"/desk/{ticket.pk}/").text.split())
    assert re.search(r"First answer (was )?due <time", page) and page.count("data-due=") == 1


def test_other_viewers_are_shown_and_expire(cast, ticket, client, own_hints):
    presence.look(ticket.pk, cast.agent2, typing=True)
    client.force_login(cast.agent)
    page = client.get(f"/desk/{ticket.pk}/").content.decode()
    assert "Ben Agent" in page.partition("</header>")[2] and "is typing" in page
    here = re.search(r"here=([\w.]+)", page)[1]
    assert client.get(f"/desk/{ticket.pk}/live/?last=1{'0' * 9}&here={here}").status_code == 204
    assert "Ada Agent" in str(presence.look(ticket.pk, cast.agent2))
    later = presence.time.time() + presence.GONE + 1
    assert presence.look(ticket.pk, cast.agent, now=later) == []


def test_page_works_without_redis(cast, ticket, client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    client.force_login(cast.agent)
    assert client.get(f"/desk/{ticket.pk}/").status_code == 200
    assert client.get(f"/desk/{ticket.pk}/live/").status_code == 204


def test_changes_since_submission_are_shown_side_by_side(cast, now, client):
    asked_for = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    cast.commitment.pbx = cast.pbx
    cast.commitment.save()
    client.force_login(cast.agent)
    for path in ("", "recheck/"):
        page = client.get(f"/desk/{asked_for.pk}/{path}").content.decode()
        table = page.partition('differences"')[2].partition("</table>")[0]
        assert "Not possible" in re.search(r"<h3>(.*?)</h3>", page.partition("verdict-head")[2], re.S)[1], "below the section's own heading"
        assert "Allowed" in table and "Not possible" in table and "under a Commitment" in table


def test_pending_transfer_shows_no_difference_until_a_party_declines(cast, now, client):
    moved = {"reseller": cast.north_reseller.code, "new_partner": cast.albion.code, "description": "It moves."}
    asked_for = ask(cast.nora, "reseller_transfer", now, **moved)
    client.force_login(cast.agent)
    assert 'differences"' not in client.get(f"/desk/{asked_for.pk}/").content.decode()
    consents.decide(asked_for.confirmations.get(party="subject"), "declined", name="Kai", at=now)
    assert "has declined" in client.get(f"/desk/{asked_for.pk}/").content.decode().partition('differences"')[2].partition("</table>")[0]


def test_number_formatting_is_no_difference_in_findings(cast, now, client):
    asked_for = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    cast.commitment.pbx = cast.pbx
    cast.commitment.save()
    asked_for = Ticket.objects.get(pk=asked_for.pk)
    asked_for.verdict = execution.judge_again(asked_for, at=now)[2].as_json()
    finding = next(f for f in asked_for.verdict["findings"] if f["effect"] == "deny")
    client.force_login(cast.agent)
    for message, is_other in ((finding["message"].replace(" ", ""), False), (f"Not so: {finding['message']}", True)):
        finding["message"] = message
        asked_for.save()
        page = client.get(f"/desk/{asked_for.pk}/").content.decode()
        assert [words in page for words in ('differences"', "Changes since the request")] == [is_other, is_other]


def test_price_still_to_be_quoted_is_no_change_however_its_finding_was_worded(cast, now, client):
    unlimited = make_pbx("PBX-UNLIMITED", cast.bakery, cast.today, expires_on=None)
    asked_for = ask(cast.nora, "licence_change", now, pbx=unlimited.serial, changes=[{"licence_type": "business", "quantity": 99}])
    finding = next(f for f in asked_for.verdict["findings"] if f.get("needs") == "quote")
    client.force_login(cast.agent)
    for changed, is_new in (({"message": "The price is worked out."}, False), ({"message": "Paid.", "needs": "approval"}, True)):
        finding.update(changed)
        asked_for.save()
        assert ("Changes since the request" in client.get(f"/desk/{asked_for.pk}/").content.decode()) is is_new


def test_prices_link_administrators_to_policy_values(cast, now, client):
    other = make_pbx("PBX-OTHER", cast.bakery, cast.today)
    ticket = ask(cast.nora, "did_transfer", now, accepted="50", dids=[cast.did.number], target_pbx=other.serial)
    for user, leads in ((cast.admin, True), (cast.agent, False)):
        client.force_login(user)
        assert ("/admin/policies/policyvalue/fee.did_transfer/" in client.get(f"/desk/{ticket.pk}/").content.decode()) is leads


def test_checklist_names_people(cast, now, client):
    done = carry_out(ask(cast.nora, "did_cancel", now, dids=[cast.did.number]), cast.agent, now)
    client.force_login(cast.agent2)
    steps = client.get(f"/desk/{done.pk}/").content.decode().partition('<ol class="steps')[2].partition("</ol>")[0]
    assert "Nora Nord" in steps and "Ada Agent" in steps


def test_open_card_depends_on_the_type(cast, now, ticket, client):
    client.force_login(cast.agent)

    def first(number):
        page = flat(client.get(f"/desk/{number}/"))
        return re.search(r'<details class="card" id="card-\w+" open><summary><h2>(\w+)', page)[1]

    assert first(ask(cast.nora, "did_cancel", now, dids=[cast.did.number]).pk) == "Asset"
    assert first(ticket.pk) == "Partner"
    moved = {"reseller": cast.north_reseller.code, "new_partner": cast.albion.code, "description": "It moves."}
    assert first(ask(cast.nora, "reseller_transfer", now, **moved).pk) == "Confirmations"


def test_sidebar_lists_linked_merged_and_similar_tickets(cast, now, ticket, client):
    similar = ask(cast.sara, "general_question", now, topic="Billing", subject="Sud asks", message="A question of ours.")
    linked = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    links.link(ticket.pk, linked.pk, actor=cast.agent, at=now)
    merged = ask(cast.nora, "general_question", now, topic="Billing", subject="Merged", message="The same again.")
    merging.merge(merged.pk, ticket.pk, actor=cast.agent, at=now)
    client.force_login(cast.agent)
    part = client.get(f"/desk/{ticket.pk}/beside/").content.decode()
    assert all(f"/desk/{t.pk}/" in part for t in (similar, linked, merged))
    assert "was merged into this" in part and "is related to" in part


def test_closed_ticket_offers_only_note_and_follow_up(cast, ticket, client):
    Ticket.objects.update(status="closed", outcome="answered")
    client.force_login(cast.agent)
    page = client.get(f"/desk/{ticket.pk}/").content.decode()
    assert 'value="reply"' not in page and re.search('value="note"[^>]* checked', page) and "Open follow-up" in page


@pytest.fixture
def ticket_with_everything(cast, now, ticket):
    """Consents, files, charges, links, tags, followers, a macro, a draft with a file, an override and a merge."""
    papers = [text_file("signed.txt"), text_file("plan.txt")]
    answers = {"reseller": cast.north_reseller.code, "new_partner": cast.albion.code, "description": "It moves."}
    moved = ask(cast.nora, "reseller_transfer", now, **answers, files=papers)
    Override.objects.create(ticket=moved, rule="ORG-1", reason="Known", by=cast.lead, at=now)
    Event.objects.create(ticket=moved, kind="overridden", actor=cast.lead, at=now, body="Known", is_internal=True, data={"rule": "ORG-1"})
    links.link(moved.pk, ask(cast.nora, "did_cancel", now, dids=[cast.did.number]).pk, actor=cast.agent, at=now)
    tags.change(moved.pk, add=("urgent", "move"), actor=cast.agent, at=now)
    for person in (cast.agent2, cast.lead):
        followers.follow(moved.pk, person, by=person, at=now)
    Macro.objects.create(title="First", owner=cast.agent, actions=[{"do": "tag", "value": "first"}])
    conversation.reply(ticket.pk, "See this, too.", author=cast.nora, at=now, files=[text_file("merged.txt")])
    merging.merge(ticket.pk, moved.pk, actor=cast.agent, at=now)
    DraftFile.objects.create(draft=drafts.keep(moved.pk, cast.agent, kind="reply", text="Dear", at=now), name="mine.txt", size=3)
    agent_actions.assign(moved.pk, cast.agent, actor=cast.lead, at=now)
    return moved


def test_full_ticket_needs_at_most_twelve_queries(cast, now, client, fetch, ticket_with_everything):
    """Also with other viewers, and after a long conversation."""
    moved = ticket_with_everything
    paths = {cast.agent: f"/desk/{moved.pk}/", cast.nora: f"/portal/requests/{moved.pk}/"}

    def measured():
        presence.look(moved.pk, cast.agent2, typing=True)
        pages = {}
        for person, path in paths.items():
            client.force_login(person)
            client.get(path)  # service level values are cached for a minute
            pages[path] = fetch(path)
        assert all("signed.txt" in page.content.decode() for page, _count in pages.values())
        desks = pages[paths[cast.agent]][0].content.decode()
        assert "mine.txt" in desks and "Known" in desks
        return desks, {path: count for path, (_page, count) in pages.items()}

    page, counts = measured()
    assert "merged.txt" in page and max(counts.values()) <= 12, counts
    whole = dossier.whole(cast.agent, moved.pk)
    for name in ("attachments", "charges", "confirmations", "overrides"):
        rows, fresh = getattr(whole, name).all(), getattr(moved, name).order_by("pk")
        assert rows and [values(row) for row in rows] == [values(row) for row in fresh], name
    assert (whole.charges.all()[0].payer, whole.overrides.all()[0].by.email) == (cast.albion, cast.lead.email)
    for number in range(history.NEWEST + 2):
        conversation.note(moved.pk, f"Note {number}", author=cast.agent2, at=now)
    page, counts = measured()
    assert "Show earlier" in page and max(counts.values()) <= 12, counts
    client.force_login(cast.agent)
    refused = client.post(f"/desk/{moved.pk}/reply/", {"kind": "note", "text": ""})
    earlier = re.search(r'class="more-events"><span class="row"><a class="btn btn-s" href="([^"#]+)', flat(refused))[1]
    assert refused.status_code == 400 and earlier.startswith(f"/desk/{moved.pk}/?") and client.get(unescape(earlier)).status_code == 200


def test_long_timeline_starts_at_the_linked_entry(client, cast, open_question, now):
    add_events(open_question, cast, now, history.NEWEST + 9)
    keys = [str(key) for key in open_question.events.order_by("at", "pk").values_list("pk", flat=True)]
    page = f"/desk/{open_question.pk}/"
    client.force_login(cast.agent)
    assert entries(client.get(page)) == keys[-history.NEWEST :]
    led = client.get(f"{page}?from={keys[3]}")
    assert entries(led) == keys[3:] and "Show earlier" in led.text
    whole = unescape(re.search(r'href="([^"#]+)#h-timeline">Show all', led.text)[1])
    assert entries(everything := client.get(whole)) == keys and "Show earlier" not in everything.text
    notes = entries(client.get(f"{page}?tab=internal&from={keys[3]}"))
    assert notes == [key for key in keys[3:] if open_question.events.filter(pk=key, kind="note")]
    stranger = ask(cast.sara, "general_question", now, topic="General", subject="Fair in Rome", message="Are you at the fair in Rome?")
    assert entries(client.get(f"{page}?from={stranger.events.get().pk}")) == keys[-history.NEWEST :]
