"""The pages on which a partner manages its webhooks."""

import pytest

from partners.models import CompanyEvent
from tests.desk.figures import client_of
from webhooks import deliveries, payload, signing
from webhooks.forms import MOST
from webhooks.models import Webhook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_day")]
LIST = "/portal/webhooks/"


def test_webhook_is_added_tried_out_and_deleted(cast, now, receiver):
    client = client_of(cast.nora)
    assert "No addresses yet" in client.get(LIST).content.decode()
    page = client.post(LIST, {"url": receiver.url}, follow=True).content.decode()
    webhook = Webhook.objects.get()
    assert (webhook.partner, webhook.made_by) == (cast.nord, cast.nora) and signing.secret(webhook) in page and "No calls yet" in page
    page = client.post(f"{LIST}{webhook.pk}/try/", follow=True).content.decode()
    assert "On its way" in page and f'hx-get="{LIST}{webhook.pk}/calls/"' in page
    page = client.post(f"{LIST}{webhook.pk}/try/", follow=True).content.decode()
    assert "A test call is already on its way." in page and webhook.calls.count() == 1
    deliveries.deliver_next(webhook.pk, at=now)
    part = client.get(f"{LIST}{webhook.pk}/calls/").content.decode()
    assert "Response 204" in part and "hx-get" not in part and len(receiver.calls) == 1
    assert "cannot" not in part and "no longer called" in client.get(f"{LIST}{webhook.pk}/delete/").content.decode()
    client.post(f"{LIST}{webhook.pk}/delete/")
    assert not Webhook.objects.exists()
    kinds = list(CompanyEvent.objects.filter(partner=cast.nord).values_list("kind", flat=True))
    assert kinds[:2] == ["webhook_deleted", "webhook_added"]


def test_call_is_repeated_on_request(cast, now, receiver, webhook):
    deliveries.send_test(webhook, at=now)
    deliveries.deliver_next(webhook.pk, at=now)
    call = webhook.calls.get()
    client_of(cast.nora).post(f"{LIST}{webhook.pk}/calls/{call.pk}/again/")
    assert deliveries.deliver_next(webhook.pk, at=now)
    first, second = receiver.calls
    assert first[1]["webhook-id"] == second[1]["webhook-id"] and first[2] == second[2]
    call.refresh_from_db()
    assert call.attempts == 2 and call.sent_at


def test_disabled_webhook_is_not_called(cast, now, receiver, webhook):
    client = client_of(cast.nora)
    deliveries.send_test(webhook, at=now)
    deliveries.deliver_next(webhook.pk, at=now)
    deliveries.send_test(webhook, at=now)
    page = client.post(f"{LIST}{webhook.pk}/switch/", follow=True).content.decode()
    assert "Switch on" in page and "/try/" not in page and "Not sent" in page and "/again/" not in page
    assert deliveries.due_webhooks(at=now) == []
    call = webhook.calls.get(sent_at=None)
    assert client.post(f"{LIST}{webhook.pk}/calls/{call.pk}/again/").status_code == 404
    assert "no longer called" in client.post(f"{LIST}{webhook.pk}/switch/", {"on": "0"}, follow=True).content.decode()
    webhook.refresh_from_db()
    assert webhook.off_at and CompanyEvent.objects.filter(kind="webhook_off").count() == 1, "in another tab: what is off stays off"
    client.post(f"{LIST}{webhook.pk}/switch/", {"on": "1"})
    webhook.refresh_from_db()
    assert webhook.off_at is None and webhook.calls.get().sent_at, "what was accepted stays on record"


def test_new_secret_requires_confirmation(cast, webhook):
    client, old = client_of(cast.nora), signing.secret(webhook)
    assert "signed with both secrets" in client.get(f"{LIST}{webhook.pk}/secret/").content.decode()
    webhook.refresh_from_db()
    assert signing.secret(webhook) == old
    page = client.post(f"{LIST}{webhook.pk}/secret/", follow=True).content.decode()
    webhook.refresh_from_db()
    assert webhook.generation == 2 and signing.secret(webhook) in page and old not in page


def test_invalid_url_is_reported_at_its_field_and_kept(cast, now):
    client = client_of(cast.nora)
    answer = client.post(LIST, {"url": "ftp://example.com/in"})
    assert (
        answer.status_code == 400 and "start with https://" in answer.content.decode() and "ftp://example.com/in" in answer.content.decode()
    )
    for number in range(MOST):
        Webhook.objects.create(partner=cast.nord, url=f"https://{number}.example/", made_by=cast.nora, made_at=now, seen_event=0)
    assert "Delete one first" in client.post(LIST, {"url": "https://more.example/"}).content.decode()


def test_another_partners_webhooks_are_not_found(cast, now, webhook):
    deliveries.send_test(webhook, at=now)
    client, call = client_of(cast.sara), webhook.calls.get()
    assert webhook.url not in client.get(LIST).content.decode()
    for page in ("", "calls/", "secret/", "delete/"):
        assert client.get(f"{LIST}{webhook.pk}/{page}").status_code == 404
    for act in ("try/", "switch/", "secret/", "delete/", f"calls/{call.pk}/again/"):
        assert client.post(f"{LIST}{webhook.pk}/{act}").status_code == 404
    webhook.refresh_from_db()
    assert (webhook.off_at, webhook.generation, webhook.calls.count()) == (None, 1, 1)


def test_event_kinds_are_chosen_and_choosing_all_is_stored_as_all(cast, webhook):
    client, page = client_of(cast.nora), f"{LIST}{webhook.pk}/"
    every = [kind.value for kind in payload.KINDS]
    assert client.get(page).content.decode().count(" checked") == len(every) and "note" not in every
    answer = client.post(page, {"kinds": ["applied", "posted"]}, follow=True).content.decode()
    webhook.refresh_from_db()
    assert webhook.kinds == ["applied", "posted"] and answer.count(" checked") == 2
    assert f"2 of {len(every)} kinds of events" in answer and f"2 of {len(every)} kinds" in client.get(LIST).content.decode()
    for refused in ([], ["note"], ["applied", "nonsense"]):
        answer = client.post(page, {"kinds": refused})
        assert answer.status_code == 400 and " open>" in answer.content.decode()
    assert "switch the webhook off" in client.post(page).content.decode()
    assert client_of(cast.sara).post(page, {"kinds": every}).status_code == 404
    webhook.refresh_from_db()
    assert webhook.kinds == ["applied", "posted"]
    client.post(page, {"kinds": every})
    webhook.refresh_from_db()
    assert webhook.kinds == [] and "All events" in client.get(LIST).content.decode()
    noted = CompanyEvent.objects.filter(kind="webhook_changed").values_list("detail", flat=True)
    assert list(noted) == ["All events", f"2 of {len(every)} kinds of events"]


def test_reason_for_disabling_is_shown(cast, now, webhook):
    deliveries.switch_off(webhook, why="Response 503", at=now)
    assert "Response 503" in client_of(cast.nora).get(f"{LIST}{webhook.pk}/").content.decode()
