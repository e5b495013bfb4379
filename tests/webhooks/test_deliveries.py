"""Webhooks report what happens, in order, until it is accepted."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator, FormatChecker

from config.settings import SECRET_KEY
from engine import hints
from partners.models import User
from tests.api.openapi import description
from tests.tickets.actions import ask
from tickets.mails import compose
from tickets.models import Mail
from tickets.services import conversation
from webhooks import deliveries, signing, tasks
from webhooks.models import Webhook, WebhookCall

MINUTE = timedelta(minutes=1)


def submit_request(cast, now):
    return ask(cast.nora, "did_cancel", now, dids=[cast.did.number])


def received(receiver):
    return [(json.loads(body)["type"], json.loads(body)["data"]) for _path, _headers, body in receiver.calls]


def deliver(webhook, at):
    """Do what the worker's task does, at that time. Return the number of accepted calls."""
    deliveries.collect_calls(at=at)
    return sum(1 for _ in iter(lambda: webhook.pk in deliveries.due_webhooks(at=at) and deliveries.deliver_next(webhook.pk, at=at), False))


def test_partner_is_told_only_what_its_own_people_can_read(cast, now, receiver, webhook):
    for partner, user in ((cast.nord, cast.nora), (cast.sud, cast.sara)):
        Webhook.objects.get_or_create(partner=partner, url=receiver.url, defaults={"made_by": user, "made_at": now, "seen_event": 0})
    ticket = submit_request(cast, now)
    conversation.note(ticket.pk, "Only for colleagues.", author=cast.agent, at=now)
    conversation.reply(ticket.pk, "We look at it.", author=cast.agent, at=now)
    assert deliver(webhook, now) == 2
    assert deliver(Webhook.objects.get(partner=cast.sud), now) == 0
    (first, submitted), (second, message) = received(receiver)
    assert (first, second) == ("ticket.submitted", "ticket.message")
    assert submitted["ticket"]["number"] == ticket.pk and submitted["ticket"]["url"].endswith(f"/portal/requests/{ticket.pk}/")
    assert message["event"]["body"] == "We look at it." and message["event"]["by"] == str(cast.agent)
    assert message["ticket"]["due_at"] is None, "by when the care team has to answer is its own business"
    assert message["ticket"]["requester"]["email"] == cast.nora.email
    assert receiver.calls[0][0] == "/careline?from=us"
    assert deliver(webhook, now + MINUTE) == 0, "each once"
    with CaptureQueriesContext(connection) as asked:
        deliveries.collect_calls(at=now + MINUTE)
    assert not [query["sql"] for query in asked if query["sql"].startswith("UPDATE")], "where nothing has happened nothing is written"


def test_webhook_gets_the_kinds_it_selected_and_others_get_all(cast, now, receiver, webhook):
    Webhook.objects.filter(pk=webhook.pk).update(kinds=["message", "question"])
    every = Webhook.objects.create(partner=cast.nord, url=f"{receiver.url}&all", made_by=cast.nora, made_at=now, seen_event=0)
    ticket = submit_request(cast, now)
    conversation.reply(ticket.pk, "We look at it.", author=cast.agent, at=now)
    deliveries.send_test(webhook, at=now)
    assert deliver(webhook, now) == 2 and [kind for kind, _data in received(receiver)] == ["ping", "ticket.message"]
    assert not webhook.calls.filter(event__kind="submitted").exists(), "what is not wanted costs no row"
    receiver.calls.clear()
    assert deliver(every, now) == 2 and [kind for kind, _data in received(receiver)] == ["ticket.submitted", "ticket.message"]


def test_calls_match_their_api_description(cast, now, receiver, webhook):
    deliveries.send_test(webhook, at=now)
    submit_request(cast, now)
    assert deliver(webhook, now) == 2
    news = description()["webhooks"]["news"]["post"]
    schema = news["requestBody"]["content"]["application/json"]["schema"] | {"components": description()["components"]}
    for _path, headers, body in receiver.calls:
        Draft202012Validator(schema, format_checker=FormatChecker()).validate(json.loads(body))
        assert {parameter["name"] for parameter in news["parameters"]} <= set(headers)


def test_calls_are_signed_per_the_standard_webhooks_specification(cast, now, receiver, webhook):
    # The example of the Standard Webhooks libraries.
    signed = b'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}'
    assert signing.sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", signed) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    submit_request(cast, now)
    deliver(webhook, now)
    _path, headers, body = receiver.calls[0]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    assert headers["webhook-signature"] == signing.sign(signing.secret(webhook), signed)
    assert int(headers["webhook-timestamp"]) == int(now.timestamp())
    assert headers["Content-Type"] == "application/json"


def test_new_secret_works_immediately_and_the_previous_one_for_a_day(now, webhook, settings):
    old = signing.secret(webhook)
    webhook.generation, webhook.renewed_at = 2, now
    assert signing.secret(webhook) != old

    def signatures(at):
        sent = signing.headers(webhook, "msg_1", b"{}", at=at)
        return sent["webhook-signature"].split(), f"msg_1.{sent['webhook-timestamp']}.".encode() + b"{}"

    both, signed = signatures(now + timedelta(hours=23))
    assert both == [signing.sign(signing.secret(webhook), signed), signing.sign(old, signed)]
    assert len(signatures(now + timedelta(hours=24))[0]) == 1
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another one", [SECRET_KEY]
    after, signed = signatures(now + timedelta(hours=24))
    assert signing.sign(signing.secret(webhook, 2, SECRET_KEY), signed) in after, (
        "the key of the server was replaced, receivers know the old"
    )


@pytest.mark.parametrize("status", [500, 404, 301, 300])
def test_refused_call_is_repeated_first_at_growing_intervals(cast, now, receiver, webhook, status):
    ticket = submit_request(cast, now)
    conversation.reply(ticket.pk, "We look at it.", author=cast.agent, at=now)
    receiver.status, at = status, now
    for seconds in (10, 20, 40, 80):
        assert deliver(webhook, at) == 0
        assert webhook.pk not in deliveries.due_webhooks(at=at + timedelta(seconds=seconds - 1))
        at += timedelta(seconds=seconds)
    assert {kind for kind, _data in received(receiver)} == {"ticket.submitted"} and len(receiver.calls) == 4
    assert {headers["webhook-id"] for _path, headers, _body in receiver.calls} == {receiver.calls[0][1]["webhook-id"]}
    assert {path for path, _headers, _body in receiver.calls} == {"/careline?from=us"}, "a redirect is not followed"
    receiver.status = 200
    assert deliver(webhook, at) == 2
    assert [kind for kind, _data in received(receiver)][-2:] == ["ticket.submitted", "ticket.message"]
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.failing_since, webhook.next_at) == (0, None, None)


def test_failing_webhook_is_disabled_after_two_days_and_its_creator_told(cast, now, receiver, webhook):
    submit_request(cast, now)
    receiver.status, at, end = 503, now, now + timedelta(days=2)
    while at < end:
        deliver(webhook, at)
        webhook.refresh_from_db()
        assert webhook.off_at is None and at < webhook.next_at <= at + timedelta(hours=6)
        at = webhook.next_at
    deliver(webhook, at)
    webhook.refresh_from_db()
    assert webhook.off_at == at and webhook.why_off == "Response 503" and deliveries.due_webhooks(at=at + timedelta(days=1)) == []
    mail = Mail.objects.get(kind="webhook_off")
    message = compose(mail, at=at)
    assert mail.to == cast.nora.email and message.subject == "Your webhook to 127.0.0.1 has been switched off"
    assert receiver.url in message.body and "/portal/webhooks/" in message.body
    assert len(receiver.calls) < 30
    deliveries.switch_on(webhook)
    receiver.status = 204
    assert deliver(webhook, at) == 0, "what was while it was off is not told"


def test_team_is_told_if_the_creator_has_left(cast, now, receiver, webhook):
    cast.nora.is_active = False
    cast.nora.save()
    colleague = User.objects.create_user("nils@nord.example", full_name="Nils", role="contact", partner=cast.nord)
    deliveries.switch_off(webhook, why="Response 503", at=now)
    assert list(Mail.objects.values_list("to", flat=True)) == [colleague.email]


def test_webhook_answering_gone_is_not_called_again(cast, now, receiver, webhook):
    submit_request(cast, now)
    receiver.status = 410
    deliver(webhook, now)
    webhook.refresh_from_db()
    assert webhook.off_at == now and len(receiver.calls) == 1


def test_unreachable_webhook_delays_no_other(cast, now, receiver, webhook):
    nobody = Webhook.objects.create(partner=cast.nord, url="http://127.0.0.1:9/", made_by=cast.nora, made_at=now, seen_event=0)
    submit_request(cast, now)
    assert deliver(nobody, now) == 0 and deliver(webhook, now) == 1
    assert nobody.calls.get().answer == "The server could not be reached."


def test_many_unreachable_webhooks_do_not_crowd_out_a_working_one(cast, now, receiver, webhook, monkeypatch):
    Webhook.objects.create(partner=cast.nord, url="http://127.0.0.1:9/", made_by=cast.nora, made_at=now, seen_event=0, next_at=now - MINUTE)
    submit_request(cast, now)
    deliveries.collect_calls(at=now)
    monkeypatch.setattr(deliveries, "AT_ONCE", 1)
    assert deliveries.due_webhooks(at=now) == [webhook.pk]


def test_call_of_a_dead_worker_is_repeated(cast, now, receiver, webhook):
    submit_request(cast, now)
    deliveries.collect_calls(at=now)
    Webhook.objects.update(next_at=now + deliveries.LEASE)  # as left behind by a worker that is killed during its call
    assert not deliveries.deliver_next(webhook.pk, at=now + MINUTE), "another worker may be at it"
    assert deliveries.deliver_next(webhook.pk, at=now + deliveries.LEASE)
    assert len(receiver.calls) == 1


def test_worker_that_stalled_leaves_the_webhook_to_the_one_that_took_over(cast, now, webhook, monkeypatch):
    submit_request(cast, now)
    deliveries.collect_calls(at=now)
    later = now + deliveries.LEASE * 2

    def stall(*_args):
        assert Webhook.objects.get().next_at == now + deliveries.LEASE
        Webhook.objects.update(next_at=later, failures=3)
        return 200

    monkeypatch.setattr(deliveries.outbound_http, "post", stall)
    assert not deliveries.deliver_next(webhook.pk, at=now)
    webhook.refresh_from_db()
    assert (webhook.next_at, webhook.failures) == (later, 3)
    assert webhook.calls.get().sent_at == now, "it was accepted all the same"


def test_failing_webhook_is_called_immediately_on_request(cast, now, receiver, webhook):
    submit_request(cast, now)
    receiver.status = 500
    deliver(webhook, now)
    assert deliveries.due_webhooks(at=now) == []
    deliveries.retry(webhook.calls.get())
    assert deliveries.due_webhooks(at=now) == [webhook.pk]


def test_call_in_progress_is_not_made_twice_on_request(cast, now, receiver, webhook):
    submit_request(cast, now)
    deliver(webhook, now)
    Webhook.objects.update(next_at=now + deliveries.LEASE)  # of a worker that makes another call
    deliveries.retry(webhook.calls.get())
    assert deliveries.due_webhooks(at=now) == []


def test_earlier_events_are_not_sent(cast, now, receiver):
    submit_request(cast, now)
    deliveries.collect_calls(at=now)
    webhook = Webhook.objects.create(
        partner=cast.nord, url=receiver.url, made_by=cast.nora, made_at=now, seen_event=deliveries.event_reader.last_event()
    )
    assert deliver(webhook, now) == 0 and not receiver.calls


def test_trial_call_reports_no_event(now, receiver, webhook, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        deliveries.send_test(webhook, at=now)
    assert deliver(webhook, now) == 1
    assert received(receiver) == [("ping", {"message": "This is a test call. Nothing has happened."})]


def test_webhooks_occupy_at_most_one_worker_slot(cast, now, that_day, own_hints, receiver, webhook):
    submit_request(cast, now)
    assert hints.claim("webhooks", 60), "another one is at it"
    tasks.call()
    assert not receiver.calls
    hints.release("webhooks")
    tasks.call()
    tasks.call()
    assert len(receiver.calls) == 1 and hints.claim("webhooks", 60)


def test_calls_are_deleted_after_a_month(cast, now, that_day, receiver, webhook):
    submit_request(cast, now)
    deliver(webhook, now)
    for days, left in ((29, 1), (31, 0)):
        WebhookCall.objects.update(made_at=now - timedelta(days=days))
        tasks.forget_calls()
        assert WebhookCall.objects.count() == left
