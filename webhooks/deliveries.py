"""Webhook calls: derived from events, made in order, and repeated until they are accepted (docs/decisions/0301).

A webhook that fails is called at longer and longer intervals and does not delay others. Calls are delivered at least once.
"""

import logging
from collections import defaultdict
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from partners.models import User
from tickets.models import Event, Mail
from tickets.services import event_reader, outbox
from webhooks import outbound_http, payload, signing
from webhooks.models import EventReader, Webhook, WebhookCall

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)  # longer than a task's time limit; then the call of a dead worker is repeated
PAUSE, LONGEST = timedelta(seconds=10), timedelta(hours=6)  # after the first failure, doubled by every further one
PATIENCE = timedelta(days=2)  # of continuous failure, as for e-mails
GONE = 410  # the receiver wants no more calls (RFC 9110)
AT_ONCE = 200
_RELATED = ("event__actor__partner", *(f"event__ticket__{name}" for name in ("partner", "requester", "assignee")))
_WAITING = Exists(WebhookCall.objects.filter(webhook=OuterRef("pk"), sent_at=None))


@transaction.atomic
def collect_calls(*, at):
    """Read the next events and record the calls they lead to. Return whether there may be more."""
    reader = event_reader.lock_reader(EventReader)
    if reader is None:  # another worker is reading
        return False
    # None is deleted before its calls are recorded, nor switched off.
    webhooks = list(Webhook.objects.filter(off_at=None).order_by("pk").select_for_update(no_key=True))
    if not webhooks:
        event_reader.skip_to_end(reader)
        return False
    reader.seen = max(reader.seen, min(webhook.seen_event for webhook in webhooks))
    numbers, is_more = event_reader.read_batch(reader, at=at)
    of_partner = defaultdict(list)
    for webhook in webhooks:
        of_partner[webhook.partner_id].append(webhook)
    told = Event.objects.filter(pk__in=numbers, is_internal=False, ticket__partner__in=of_partner)
    events = list(told.order_by("pk").values_list("pk", "ticket__partner", "kind"))
    WebhookCall.objects.bulk_create(
        [
            WebhookCall(webhook=webhook, event_id=pk, made_at=at)
            for pk, partner, kind in events
            for webhook in of_partner[partner]
            if webhook.seen_event < pk and webhook.wants(kind)
        ],
        ignore_conflicts=True,
    )
    return is_more


def due_webhooks(*, at):
    """Return at most AT_ONCE webhooks that are owed calls and may be called now, those without recent failures first."""
    free = Webhook.objects.filter(_WAITING, Q(next_at=None) | Q(next_at__lte=at), off_at=None)
    return list(free.order_by(F("next_at").asc(nulls_first=True)).values_list("pk", flat=True)[:AT_ONCE])


def deliver_next(pk, *, at):
    """Make the oldest pending call of a webhook unless another worker does. Return whether it was accepted and there may be more."""
    mine = Webhook.objects.filter(Q(next_at=None) | Q(next_at__lte=at), pk=pk, off_at=None).update(next_at=at + LEASE)
    webhook = mine and Webhook.objects.filter(pk=pk, next_at=at + LEASE).first()
    if not webhook:
        return False
    call = webhook.calls.filter(sent_at=None).select_related(*_RELATED).order_by("pk").first()
    if call is None:
        Webhook.objects.filter(pk=pk).update(next_at=None)
        return False
    status, answer = _make(webhook, call, at)
    is_taken = 200 <= status < 300
    WebhookCall.objects.filter(pk=call.pk).update(
        attempts=call.attempts + 1, tried_at=at, answer=answer[:300], sent_at=at if is_taken else None
    )
    if not Webhook.objects.filter(pk=pk, next_at=webhook.next_at).exists():  # this worker stalled, and another took over
        return False
    if is_taken:
        Webhook.objects.filter(pk=pk).update(next_at=None, failures=0, failing_since=None)
    else:
        _failed(webhook, answer, is_gone=status == GONE, at=at)
    return is_taken


def _make(webhook, call, at):
    """Return the response's status, or 0 without a response, and the result in words."""
    name = payload.call_id(call)
    try:
        body = payload.body(call, webhook.partner_id)
        status = outbound_http.post(webhook.url, body, signing.headers(webhook, name, body, at=at))
    except outbound_http.Unreachable as error:
        return 0, str(error)
    except Exception as error:  # including the task's time limit: this call must not block others
        log.exception("Call %s of webhook %s failed (%s).", name, webhook.pk, type(error).__name__)
        return 0, _("Error on our side")
    return status, _("Response %(status)s") % {"status": status}


def _failed(webhook, answer, *, is_gone, at):
    since = webhook.failing_since or at
    pause = min(PAUSE * 2 ** min(webhook.failures, 20), LONGEST)
    state = {"failures": min(webhook.failures + 1, 30_000), "failing_since": since, "next_at": at + pause}
    if is_gone or at - since >= PATIENCE:
        switch_off(webhook, why=answer, at=at, **state)
    else:
        Webhook.objects.filter(pk=webhook.pk).update(**state)


@transaction.atomic
def switch_off(webhook, *, at, why="", **state):
    """Switch the webhook off, dropping pending calls; with `why`, because of failures, so its creator is sent an e-mail."""
    Webhook.objects.filter(pk=webhook.pk).update(**state | {"off_at": at, "why_off": why[:300], "next_at": None})
    if why:
        told = {"url": webhook.url, "why": why}
        Mail.objects.bulk_create(
            Mail(
                key=f"webhook_off:{webhook.pk}:{person.pk}:{at.isoformat()}",
                kind="webhook_off",
                to=person.email,
                data=told | {"reader": str(person)},
                created_at=at,
            )
            for person in _recipients(webhook)
        )
        outbox.notify_after_commit()


def _recipients(webhook):
    """Return who is notified about a webhook: its creator, or the team if that person has left it."""
    team = User.objects.filter(partner=webhook.partner_id, is_active=True)
    return team.filter(pk=webhook.made_by_id) or team


def switch_on(webhook):
    """Switch the webhook on for events from now on."""
    webhook.calls.filter(sent_at=None).delete()
    Webhook.objects.filter(pk=webhook.pk).update(
        off_at=None, why_off="", failures=0, failing_since=None, next_at=None, seen_event=event_reader.last_event()
    )


def delete(webhook):
    """Delete the webhook, which is locked, and its calls, in the caller's transaction."""
    webhook.calls.all().delete()
    webhook.delete()


def send_test(webhook, *, at):
    """Queue a test call without an event."""
    WebhookCall.objects.create(webhook=webhook, made_at=at)
    notify_after_commit()


def retry(call):
    """Queue a call again, whatever its result."""
    WebhookCall.objects.filter(pk=call.pk).update(sent_at=None)
    Webhook.objects.filter(pk=call.webhook_id, failing_since__isnull=False).update(next_at=None)
    notify_after_commit()


def notify_after_commit():
    """Queue the calling task on commit; if the queue is unavailable, the scheduler does it later."""
    transaction.on_commit(lambda: outbox.send_task("webhooks.tasks.call"))
