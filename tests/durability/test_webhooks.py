"""A worker dies in the middle of a call to a partner's system: the call is repeated, and no other waits for it."""

from datetime import timedelta

import pytest
import redis
from django.utils import timezone

from tests.durability.stack import until
from tests.webhooks.conftest import receiver, webhook  # noqa: F401
from webhooks.deliveries import LEASE, send_test
from webhooks.models import Webhook, WebhookCall
from webhooks.tasks import ALONE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]


def sent_at(call):
    call.refresh_from_db()
    return call.sent_at


@pytest.fixture
def pass_claim(stack, settings):
    """Act as if the seconds had passed for which the task of a killed worker keeps others from running."""

    def act():
        queue, name = redis.Redis(unix_socket_path=str(stack.socket)), f"{settings.REDIS_PREFIX}webhooks"
        assert 0 < queue.ttl(name) <= ALONE
        queue.delete(name)

    return act


def test_call_of_a_killed_worker_is_repeated_and_blocks_no_other(stack, cast, now, receiver, webhook, pass_claim):  # noqa: F811
    stack.set_trap("after_call", None, "kill")
    send_test(webhook, at=now)
    call = WebhookCall.objects.get()
    until(lambda: receiver.calls and not stack.is_set("after_call", None), "the death of the worker")
    webhook.refresh_from_db()
    assert sent_at(call) is None and LEASE - timedelta(minutes=1) < webhook.next_at - timezone.now() <= LEASE
    pass_claim()
    other = Webhook.objects.create(partner=cast.albion, url=receiver.url, made_by=cast.nora, made_at=now, seen_event=webhook.seen_event)
    send_test(other, at=now)
    beside = other.calls.get()
    until(lambda: sent_at(beside), "the call to another partner")
    assert sent_at(call) is None
    Webhook.objects.filter(pk=webhook.pk).update(next_at=timezone.now())  # two minutes have passed
    until(lambda: sent_at(call), "the call that comes again, by the scheduler")
    names = [headers["webhook-id"] for _path, headers, _body in receiver.calls]
    assert names == [f"msg_{call.pk}", f"msg_{beside.pk}", f"msg_{call.pk}"] and call.attempts == 1
