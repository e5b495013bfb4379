"""Two people send forms about the same thing: the second one sees what it would have seen a second later, and undoes nothing."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from django.test import Client

from desk.models import Automation, CannedAnswer, Draft, Macro, SavedView
from desk.services import automations, drafts
from hwaas.models import Item
from partners import team
from partners.models import ApiToken, CompanyEvent, Reseller, User
from tests.cast import make_device
from tests.desk.figures import client_of
from tests.interleaving import meanwhile
from tests.tickets.actions import ask, carry_out, take
from tickets.services import conversation
from webhooks import deliveries
from webhooks.models import EventReader, Webhook

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("that_day")]
ROW = {"actions-0-what": "priority:1", "actions-0-text": ""}
PERSON = {"email": "kai@care.example", "full_name": "Kai Keller", "role": "agent", "is_active": "on"}
PRICES = {"name": "Headset", "capex_price": "49", "hwaas_monthly_price": "2", "stock": "3"}
FORMS = {
    "saved view": (SavedView, "lead", "/desk/views/new/", {"name": "Mine"}),
    "macro": (Macro, "lead", "/desk/macros/new/", {"title": "Mine", **ROW}),
    "canned answer": (CannedAnswer, "lead", "/desk/answers/new/", {"title": "Mine", "body": "A long answer, typed for minutes."}),
    "automation": (Automation, "lead", "/desk/automations/new/", {"title": "Mine", "when": "submitted", **ROW}),
    "person": (User, "admin", "/admin/partners/user/add/", PERSON),
    "item": (Item, "admin", "/admin/hwaas/item/add/", {"code": "HEADSET", **PRICES}),
}


def sender(client, path, data):
    return lambda: client.post(path, data)


@pytest.mark.parametrize("what", FORMS)
def test_name_taken_at_the_same_moment_is_a_field_error(cast, what):
    model, who, path, typed = FORMS[what]
    before, clients = model.objects.count(), [client_of(getattr(cast, who)) for _tab in range(2)]
    forms = [sender(client, path, typed | {"csrfmiddlewaretoken": str(tab)}) for tab, client in enumerate(clients)]
    late, early = meanwhile(forms[0], f'INSERT INTO "{model._meta.db_table}"', forms[1])
    assert (early.status_code, model.objects.count()) == (302, before + 1)
    assert late.status_code in (200, 400), "the administration shows its errors with 200"
    page = late.content.decode()
    assert "already" in page and all(text in page for text in typed.values() if " " in text), "everything typed is still there"


LIMITED = {
    "token": (ApiToken, "agent", "/desk/tokens/", {"name": "Script", "days": "30"}, "You already have a token with this name."),
    "reseller": (Reseller, "nora", "/portal/resellers/", {"name": "Husum IT"}, "You already have a reseller with this name."),
    "webhook": (Webhook, "nora", "/portal/webhooks/", {"url": "https://nord.example/{}"}, "You already have 5 webhooks."),
}


@pytest.mark.parametrize("what", LIMITED)
def test_limit_that_no_constraint_keeps_is_kept_at_the_same_moment(cast, now, what):
    model, who, path, typed, error = LIMITED[what]
    for place in range(4):
        seen = {"partner": cast.nord, "made_by": cast.nora, "made_at": now, "seen_event": 0}
        Webhook.objects.create(url=f"https://nord.example/old/{place}", **seen)
    before, clients = model.objects.count(), [client_of(getattr(cast, who)) for _tab in range(2)]
    fields = [{name: text.format(tab) for name, text in typed.items()} | {"csrfmiddlewaretoken": str(tab)} for tab in range(2)]
    forms = [sender(client, path, data) for client, data in zip(clients, fields, strict=True)]
    early, late = meanwhile(forms[0], f'INSERT INTO "{model._meta.db_table}"', forms[1])
    assert (early.status_code, late.status_code) == (200 if what == "token" else 302, 400)
    assert error in late.content.decode() and model.objects.count() == before + 1


def test_call_of_the_api_that_is_overtaken_is_409(cast, now):
    case = {"kind": "warranty", "fault": "The display stays black.", "replacement": "new", "delivery_address": "Kai 1, Kiel"}
    make_device("SN-SECOND", cast.item, cast.pbx, ordered_on=cast.phone.ordered_on)
    token, calls = ApiToken.issue(cast.agent, name="Script", expires_at=now + timedelta(days=9)), []
    for serial in (cast.phone.serial, "SN-SECOND"):
        rma = carry_out(ask(cast.nora, "rma", now, accepted="34", serial=serial, **case), cast.agent, now)
        take(rma, "received", cast.agent, now)
        send = partial(Client().post, f"/api/v1/tickets/{rma.pk}/steps/dispatch/", headers={"Authorization": f"Token {token}"})
        calls.append(partial(send, {"serial": "SN-NEW"}, content_type="application/json"))
    early, late = meanwhile(calls[0], 'INSERT INTO "hwaas_device"', calls[1])
    assert (early.status_code, late.status_code, late.json()["type"]) == (200, 409, "urn:careline:not-now")
    assert "serial" in calls[1]().json()["errors"]


def test_reply_taken_back_while_another_is_typed_keeps_both(cast, now):
    ticket = ask(cast.nora, "general_question", now, topic="General", subject="Fair", message="Are you at the fair in Kiel?")
    sent = drafts.send(ticket.pk, cast.agent, text="Yes, in hall 2.", at=now)
    clients = [client_of(cast.agent) for _tab in range(2)]
    back = sender(clients[0], f"/desk/{ticket.pk}/unsend/", {"draft": sent.pk, "csrfmiddlewaretoken": "back"})
    type_more = sender(clients[1], f"/desk/{ticket.pk}/draft/", {"text": "See you there.", "kind": "reply"})
    late, _saved = meanwhile(back, 'UPDATE "desk_draft"', type_more)
    assert (late.status_code, Draft.objects.get().text) == (302, "Yes, in hall 2.\n\nSee you there.")


def test_automation_switched_off_while_it_is_edited_stays_off(cast, now):
    it = Automation(title="Ours", when="message", actions=[{"do": "tag", "value": "ours"}])
    automations.save(it, by=cast.lead, at=now)
    automations.switch(it, True, by=cast.lead, at=now)
    typed = {"title": "Ours, for questions", "when": "submitted", **ROW}
    edit = sender(client_of(cast.lead), f"/desk/automations/{it.pk}/", typed)
    switch = sender(client_of(cast.admin), f"/desk/automations/{it.pk}/switch/", {"on": "0"})
    meanwhile(edit, 'UPDATE "desk_automation"', switch)
    it.refresh_from_db()
    assert (it.title, it.when, it.is_active) == ("Ours, for questions", "submitted", False)


def test_macro_retired_while_it_is_edited_stays_retired(cast):
    macro = Macro.objects.create(title="Ours", actions=[{"do": "priority", "value": "2"}])
    edit = sender(client_of(cast.lead), f"/desk/macros/{macro.pk}/", {"title": "Ours again", "for_all": "on", **ROW})
    retire = sender(client_of(cast.admin), f"/desk/macros/{macro.pk}/retire/", {"offer": "0"})
    meanwhile(edit, 'UPDATE "desk_macro"', retire)
    macro.refresh_from_db()
    assert (macro.title, macro.is_active) == ("Ours again", False)


@pytest.fixture
def edited(cast, now):
    """A macro, a canned answer and an automation of the team, each with its page and a form that is filled in for it."""
    automation = Automation(title="Ours", when="submitted", actions=[{"do": "tag", "value": "ours"}])
    automations.save(automation, by=cast.lead, at=now)
    macro = Macro.objects.create(title="Ours", actions=[{"do": "tag", "value": "ours"}])
    answer = CannedAnswer.objects.create(title="Ours", body="Hello.")
    return {
        "macro": (macro, f"/desk/macros/{macro.pk}/", {"for_all": "on", **ROW}),
        "answer": (answer, f"/desk/answers/{answer.pk}/", {"for_all": "on", "body": "Good day."}),
        "automation": (automation, f"/desk/automations/{automation.pk}/", {"when": "submitted", **ROW}),
    }


@pytest.mark.parametrize("is_late", [True, False])
@pytest.mark.parametrize("what", ["macro", "answer", "automation"])
def test_what_a_colleague_has_just_saved_is_not_replaced_unseen(cast, edited, what, is_late):
    row, path, typed = edited[what]
    lea, ari = client_of(cast.lead), client_of(cast.admin)
    seen = {"seen": lea.get(path).context["form"]["seen"].value()}
    mine = sender(lea, path, typed | seen | {"title": "Mine", "csrfmiddlewaretoken": "mine"})
    theirs = sender(ari, path, typed | seen | {"title": "Theirs", "csrfmiddlewaretoken": "theirs"})
    answers = [theirs(), mine()] if is_late else meanwhile(theirs, f'UPDATE "{row._meta.db_table}"', mine)
    assert [answer.status_code for answer in answers] == [302, 400]
    page = answers[1].content.decode()
    row.refresh_from_db()
    assert "Somebody else has changed this in the meantime." in page and 'value="Mine"' in page and row.title == "Theirs"
    again = {"seen": answers[1].context["form"]["seen"].value()}
    assert lea.post(path, typed | again | {"title": "Mine", "csrfmiddlewaretoken": "again"}).status_code == 302
    row.refresh_from_db()
    assert row.title == "Mine"


def test_view_deleted_while_it_is_renamed_does_not_return(cast, now):
    view = SavedView.objects.create(owner=cast.lead, name="Mine", query="status=open", created_at=now)
    clients = [client_of(cast.lead) for _tab in range(2)]
    rename = sender(clients[0], f"/desk/views/{view.pk}/", {"name": "Ours", "csrfmiddlewaretoken": "rename"})
    delete = sender(clients[1], f"/desk/views/{view.pk}/delete/", {"csrfmiddlewaretoken": "delete"})
    late, early = meanwhile(rename, 'UPDATE "desk_savedview"', delete)
    assert (late.status_code, early.status_code, SavedView.objects.count()) == (404, 302, 0)


@pytest.mark.parametrize(("begins", "hold"), [("reader", 'INSERT INTO "webhooks_webhookcall"'), ("page", '"webhook_id" IN')])
def test_webhook_is_deleted_while_its_events_are_read(cast, now, begins, hold):
    ticket = ask(cast.nora, "general_question", now, topic="General", subject="Fair", message="Are you at the fair in Kiel?")
    seen = ticket.events.latest("pk").pk
    webhook = Webhook.objects.create(partner=cast.nord, url="https://nord.example", made_by=cast.nora, made_at=now, seen_event=seen)
    EventReader.objects.create(pk=1, seen=seen)
    conversation.reply(ticket.pk, "In which hall?", author=cast.nora, at=now)
    delete = sender(client_of(cast.nora), f"/portal/webhooks/{webhook.pk}/delete/", {"csrfmiddlewaretoken": "delete"})
    acts = {"reader": partial(deliveries.collect_calls, at=now), "page": delete}
    results = meanwhile(acts.pop(begins), hold, acts.popitem()[1])
    assert sorted(str(getattr(one, "status_code", one)) for one in results) == ["302", "False"]
    assert not Webhook.objects.exists()


@pytest.fixture
def item_page(cast):
    """Return send: send(**typed) posts the form of an item, opened while five were in stock."""
    client, path = client_of(cast.admin), f"/admin/hwaas/item/{cast.item.pk}/change/"
    shown = {"name": "Desk phone", "capex_price": "129.00", "hwaas_monthly_price": "4.90", "stock": "5"}
    page = client.get(path).content.decode()
    seen = {f"initial-{name}": value for name, value in shown.items()}
    assert all(f'name="{name}" value="{value}"' in page for name, value in seen.items())
    return lambda **typed: client.post(path, shown | seen | {"csrfmiddlewaretoken": str(typed)} | typed)


def test_untouched_field_keeps_what_others_have_set(cast, item_page):
    Item.objects.filter(pk=cast.item.pk).update(stock=4)  # one was sent
    assert item_page(capex_price="119").status_code == 302
    item = Item.objects.get(pk=cast.item.pk)
    assert (item.capex_price, item.stock) == (119, 4)


def test_field_changed_by_both_is_asked_again(cast, item_page):
    Item.objects.filter(pk=cast.item.pk).update(stock=4)
    page = item_page(stock="15").content.decode()
    assert "Somebody else has changed this to “4”" in page and 'name="initial-stock" value="4"' in page and 'value="15"' in page
    assert Item.objects.get(pk=cast.item.pk).stock == 4
    assert item_page(stock="15", **{"initial-stock": "4"}).status_code == 302
    assert Item.objects.get(pk=cast.item.pk).stock == 15


@pytest.mark.parametrize("hold", ['UPDATE "partners_user"', 'INSERT INTO "django_admin_log"'])
def test_access_ended_by_a_colleague_is_not_restored_by_another_change(cast, now, hold):
    client, path = client_of(cast.admin), f"/admin/partners/user/{cast.sara.pk}/change/"
    shown = {"email": cast.sara.email, "role": "contact", "partner": str(cast.sud.pk), "label": "", "is_active": "on"}
    seen = {f"initial-{name}": value for name, value in shown.items()} | {"initial-is_active": "True", "initial-full_name": "Sara Sud"}
    sent = shown | seen | {"full_name": "Sara South", "csrfmiddlewaretoken": hold}
    end = transaction.atomic(lambda: team.end_access(User.objects.get(pk=cast.sara.pk), cast.sud, actor=cast.agent, at=now))
    answer, _ended = meanwhile(sender(client, path, sent), hold, end)
    assert answer.status_code == 302 and client.post(path, sent | {"csrfmiddlewaretoken": "later"}).status_code == 302
    person = User.objects.get(pk=cast.sara.pk)
    assert (person.full_name, person.is_active, person.has_usable_password()) == ("Sara South", False, False)
    assert list(CompanyEvent.objects.values_list("kind", flat=True)) == ["access_ended"]
