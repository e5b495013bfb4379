"""The pages of bulk changes, macros, canned answers and automations."""

from datetime import timedelta

from desk.models import Automation, AutomationRun, BulkJob, CannedAnswer, Macro
from desk.services import automations, macros
from tests.tickets.actions import ask
from tickets.models import Ticket
from tickets.services import agent_actions

TAG = [{"do": "tag", "value": "fair"}]


def rows(name, *pairs):
    return {f"{name}-{n}-{part}": value for n, pair in enumerate(pairs) for part, value in zip(("what", "text"), pair, strict=True)}


def test_bulk_change_is_previewed_applied_and_undone(cast, many, sign_in, work):
    client, numbers = sign_in(cast.agent), many(3)
    many(1, tags=["fair"])
    page = client.post("/desk/bulk/", {"query": "topic=General", "do": "tag", "value": "Fair", "back": "/desk/?topic=General"})
    assert "This will change 3 tickets" in page.text and "1 ticket needs no change" in page.text and f"#{numbers[0]}" in page.text
    assert not BulkJob.objects.exists()
    sent = {"query": "topic=General", "do": "tag", "value": "Fair", "back": "/desk/?topic=General", "confirmed": 1}
    answer = client.post("/desk/bulk/", sent | {"key": str(page.context["key"])})
    assert answer.url == "/desk/?topic=General"
    assert "hx-trigger" in client.get("/desk/jobs/toast/").text
    job = work(BulkJob.objects.get())
    assert client.get(f"/desk/jobs/toast/?job={job.pk}").text.count("/undo/") == 1
    assert "Tag" in client.get("/desk/jobs/").text and "Undo" in client.get("/desk/jobs/toast/").text
    BulkJob.objects.update(finished_at=job.created_at - timedelta(minutes=1))
    assert client.get("/desk/jobs/toast/").status_code == 204
    over = client.get(f"/desk/jobs/{job.pk}/progress/").text
    assert "hx-trigger" not in over and "/undo/" in over and "Done: 3 tickets, 1 unchanged" in over
    assert all(f"/desk/{number}/" in over for number in numbers), "they are shown as they are by now"
    client.post(f"/desk/jobs/{job.pk}/undo/")
    work(job)
    assert Ticket.objects.filter(tags=["fair"]).count() == 1
    text = client.get(f"/desk/jobs/{job.pk}/").text
    assert "Undone" in text and all(f"/desk/{number}/" in text for number in numbers)


def test_tickets_created_after_the_preview_are_left_unchanged(cast, many, sign_in, work):
    client, asked = sign_in(cast.agent), {"query": "topic=General", "do": "tag", "value": "fair", "back": "/desk/?topic=General"}
    seen = many(2)
    page = client.post("/desk/bulk/", asked)
    many(1)
    sent = {name: page.context[name] for name in ("key", "newest")} | asked
    again = client.post("/desk/bulk/", asked | {"newest": page.context["newest"]})
    assert "This will change 2 tickets" in again.text, "on the way through its other buttons, too"
    client.post("/desk/bulk/", sent | {"confirmed": 1})
    job = work(BulkJob.objects.get())
    assert job.total == 2 and set(Ticket.objects.filter(tags=["fair"]).values_list("pk", flat=True)) == set(seen)


def test_bulk_reply_shows_its_text_before_confirmation(cast, many, sign_in):
    """The title alone does not show what is sent, and it cannot be taken back."""
    answer = CannedAnswer.objects.create(title="Soon", body="Dear {requester.name},\nwe write <soon>.")
    page = sign_in(cast.agent).post("/desk/bulk/", {"numbers": many(2), "do": f"canned:{answer.pk}"}).text
    assert "Reply with Soon<br>“Dear {requester.name},<br>we write &lt;soon&gt;.”" in page
    assert f"<blockquote>Reply with Soon<br>“Dear {cast.nora},<br>we write &lt;soon&gt;.”</blockquote>" in page


def test_bulk_form_without_an_action_asks_for_one(cast, many, sign_in):
    client, numbers = sign_in(cast.agent), many(2)
    page = client.post("/desk/bulk/", {"numbers": numbers})
    assert page.status_code == 200 and "Choose a change" in page.text and page.text.count('name="numbers"') == 2
    assert client.post("/desk/bulk/", {"numbers": numbers, "do": "tag", "value": ""}).status_code == 400
    said = "We are sorry.\n" * 9 + "That was all."
    assert "That was all." in client.post("/desk/bulk/", {"numbers": numbers, "do": "reply", "value": said}).text, "it is read to its end"
    page = client.post("/desk/bulk/", {"numbers": numbers, "do": "reply", "value": "Hello {requester.name}, thank you."}).text
    assert (
        "Hello {requester.name}, thank you." in page and f"For #{max(numbers)}, it reads:" in page and "Hello Nora Nord, thank you." in page
    )
    assert client.post("/desk/bulk/", {"do": "tag", "value": "x"}).status_code == 302
    assert client.post("/desk/bulk/", {"query": "status=burnt", "do": "tag", "value": "x"}).status_code == 302
    assert "evil" not in client.post("/desk/bulk/", {"back": "https://evil.example/"}).url


def test_macro_is_created_without_javascript_and_runs_atomically(cast, open_question, sign_in):
    client = sign_in(cast.agent)
    one = {"title": "Fair", **rows("actions", ("tag", "fair"))}
    again = client.post("/desk/macros/new/", one | {"more": "actions"})
    assert again.status_code == 200 and 'name="actions-1-what"' in again.text and 'value="Fair"' in again.text
    wrong = client.post("/desk/macros/new/", {"title": "Fair", **rows("actions", ("tag", "fair"), ("reply", "Dear {nobody}"))})
    assert wrong.status_code == 400 and "{nobody} is not a known variable" in wrong.text and "Dear {nobody}" in wrong.text
    sent = {"title": "Fair", **rows("actions", ("tag", "fair"), ("assign:me", ""), ("reply", "Dear {requester.name}"))}
    assert client.post("/desk/macros/new/", sent).status_code == 302
    macro = Macro.objects.get(owner=cast.agent)
    assert [a["do"] for a in macro.actions] == ["tag", "assign", "reply"]
    assert "This macro" not in client.get(f"/desk/macros/{macro.pk}/").text
    assert client.post("/desk/macros/new/", sent).status_code == 400
    client.post(f"/desk/{open_question.pk}/macro/", {"macro": macro.pk})
    open_question.refresh_from_db()
    assert (open_question.tags, open_question.assignee) == (["fair"], cast.agent)
    offered = client.get(f"/desk/{open_question.pk}/macro/").text
    assert "Undo “" in offered and "data-clock>" in offered, "until when is told by the reader's clock"
    assert "Fair (only you) – messages the partner" in offered
    job = BulkJob.objects.get()
    at_end = job.created_at + timedelta(minutes=10)
    assert [macros.undoable(job, at=at) for at in (at_end - timedelta(seconds=1), at_end)] == [True, False]
    client.post(f"/desk/{open_question.pk}/macro/", {"undo": job.pk})
    open_question.refresh_from_db()
    assert (open_question.tags, open_question.assignee) == ([], None)
    Ticket.objects.filter(pk=open_question.pk).update(status="closed")
    client.post(f"/desk/{open_question.pk}/macro/", {"macro": macro.pk})
    open_question.refresh_from_db()
    assert open_question.tags == [] and BulkJob.objects.count() == 1


def test_undone_macro_says_what_others_have_changed_since(cast, now, open_question, sign_in):
    client = sign_in(cast.agent)
    macro = Macro.objects.create(title="Fair", actions=[{"do": "priority", "value": "1"}, {"do": "tag", "value": "fair"}])
    client.post(f"/desk/{open_question.pk}/macro/", {"macro": macro.pk})
    agent_actions.prioritize(open_question.pk, 2, actor=cast.lead, at=now)
    undo = {"undo": BulkJob.objects.get().pk}
    answer = client.post(f"/desk/{open_question.pk}/macro/", undo, follow=True)
    assert "Undone, except for what has changed since: priority." in answer.text
    open_question.refresh_from_db()
    assert (open_question.tags, open_question.priority) == ([], 2)
    assert "This can no longer be undone." in client.post(f"/desk/{open_question.pk}/macro/", undo, follow=True).text


def test_shared_macros_are_edited_by_leads_and_own_ones_by_owners(cast, sign_in):
    shared, own = Macro.objects.create(title="All", actions=TAG), Macro.objects.create(title="Own", actions=TAG, owner=cast.agent)
    client = sign_in(cast.agent2)
    listed = client.get("/desk/macros/").text
    assert "All" in listed and "Own" not in listed
    assert client.get(f"/desk/macros/{shared.pk}/").status_code == client.get(f"/desk/macros/{own.pk}/").status_code == 404
    client = sign_in(cast.lead)
    assert (
        client.post(f"/desk/macros/{shared.pk}/", {"title": "Renamed", "for_all": "on", **rows("actions", ("priority:1", ""))}).status_code
        == 302
    )
    shared.refresh_from_db()
    assert (shared.title, shared.owner, shared.actions) == ("Renamed", None, [{"do": "priority", "value": "1"}])
    client.post(f"/desk/macros/{shared.pk}/retire/")
    assert "Renamed" not in client.get("/desk/bulk/").text


def test_numbers_in_canned_answers_are_grouped_for_reading(cast, now, sign_in):
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number, cast.range.number])
    CannedAnswer.objects.create(title="About", body="About {asset}")
    found = sign_in(cast.agent).get("/desk/canned/", {"ticket": ticket.pk})
    assert [row["text"] for row in found.json()["rows"]] == ["About +49 89 81000400, +49 89 8100050X"]


def test_canned_answers_are_filled_in_for_the_composer(cast, open_question, sign_in):
    client = sign_in(cast.agent)
    wrong = client.post("/desk/answers/new/", {"title": "Hello", "body": "Dear {requester}"})
    assert wrong.status_code == 400 and "Dear {requester}" in wrong.text
    client.post("/desk/answers/new/", {"title": "Hello", "body": "Dear {requester.name}, {allowed_from}", "topic": "Billing"})
    CannedAnswer.objects.create(title="Zoo", body="For {partner.name}", type_code="general_question")
    CannedAnswer.objects.create(title="Other’s", body="No", owner=cast.agent2)
    found = client.get("/desk/canned/", {"ticket": open_question.pk})
    assert found.json()["rows"] == [
        {"title": "Zoo", "hint": "For Nord Telecom", "text": "For Nord Telecom"},
        {"title": "Hello", "hint": "only you · Dear Nora Nord, {allowed_from}", "text": "Dear Nora Nord, {allowed_from}"},
    ]
    days = [{"allowed_from": day} for day in ("2027-04-19", None, "2026-12-31")]
    Ticket.objects.filter(pk=open_question.pk).update(verdict=open_question.verdict | {"findings": days})
    narrowed = client.get("/desk/canned/", {"ticket": open_question.pk, "q": "dear"})
    assert [row["text"] for row in narrowed.json()["rows"]] == ["Dear Nora Nord, 19 April 2027"]
    assert client.get("/desk/canned/", {"ticket": "x"}).status_code == 404


def test_automations_are_edited_by_leads_and_visible_to_all(cast, many, sign_in):
    many(2, tags=["fair"])
    sent = {"title": "Late", "when": "time:created", "hours": "0"}
    sent |= rows("conditions", ("tag", "fair"), ("type:general_question", "")) | rows("actions", ("priority:1", ""))
    client = sign_in(cast.lead)
    looked = client.post("/desk/automations/new/", sent | {"look": 1})
    assert looked.context["matched"]["count"] == 2 and not Automation.objects.exists()
    assert client.post("/desk/automations/new/", sent | {"hours": ""}).status_code == 400
    assert client.post("/desk/automations/new/", sent | rows("actions", ("assign:me", ""))).status_code == 400
    half = client.post("/desk/automations/new/", sent | rows("conditions", ("", "fair")))
    assert half.status_code == 400 and "This field is required." in half.text, "a text without what it is about is no condition"
    empty = client.get("/desk/automations/new/").context["form"]
    needed = {name: empty.fields[name].widget.listed(name, [])["rows"][0].fields["what"].required for name in ("conditions", "actions")}
    assert needed == {"conditions": False, "actions": True}, "no condition means every ticket, and no row says otherwise"
    more = client.post("/desk/automations/new/", sent | {"more": "conditions"})
    assert 'name="conditions-2-what"' in more.text and 'value="Late"' in more.text
    client.post("/desk/automations/new/", sent)
    made = Automation.objects.get()
    assert (made.when, made.since, made.hours, made.is_active) == ("time", "created", 0, False)
    page = f"/desk/automations/{made.pk}/"
    client.post(f"{page}switch/", {"on": "1"})
    made.refresh_from_db()
    assert made.is_active
    at = made.changed_at
    automations.find_due(at=at)
    for pk in automations.to_do():
        automations.run(pk, at=at)
    assert Ticket.objects.filter(priority=1).count() == AutomationRun.objects.count() == 2
    client = sign_in(cast.agent)
    assert "set the priority to Critical" in client.get(page).text and "Run history" in client.get(page).text
    assert client.get("/desk/automations/").status_code == 200
    assert (
        client.post(page, sent).status_code
        == client.post(f"{page}switch/").status_code
        == client.get("/desk/automations/new/").status_code
        == 404
    )
