"""The calls that webhooks are owed: found in the events, made in their order, made again until they are taken (docs/decisions/0301).

A webhook that does not answer is left alone for longer and longer, and keeps no other waiting. A call may come twice, never not at all.
"""

import logging
from collections import defaultdict
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from partners.models import User
from tickets.models import Event, Mail
from tickets.services import delivery, reading
from webhooks import outside, signing, telling
from webhooks.models import EventReader, Webhook, WebhookCall

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)  # longer than a task may last: a call whose worker died is made again then
PAUSE, LONGEST = timedelta(seconds=10), timedelta(hours=6)  # after the first failure; every further one doubles it
PATIENCE = timedelta(days=2)  # of failures on end, as for mails
GONE = 410  # the receiver says that it wants no more of it (RFC 9110)
AT_ONCE = 200
_TOLD = ("event__actor__partner", *(f"event__ticket__{name}" for name in ("partner", "requester", "assignee")))
_WAITING = Exists(WebhookCall.objects.filter(webhook=OuterRef("pk"), sent_at=None))


@transaction.atomic
def find(*, at):
    """Read the next events and write down which webhooks are to be told of them. Gives whether there may be more."""
    reader = reading.locked(EventReader)
    if reader is None:  # somebody else is reading
        return False
    webhooks = list(Webhook.objects.filter(off_at=None))
    if not webhooks:
        reading.skip(reader)
        return False
    reader.seen = max(reader.seen, min(webhook.seen_event for webhook in webhooks))
    numbers, is_more = reading.read(reader, at=at)
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


def waiting(*, at):
    """The webhooks that are owed calls and may be called now, AT_ONCE at most: those that answer first, however many do not."""
    free = Webhook.objects.filter(_WAITING, Q(next_at=None) | Q(next_at__lte=at), off_at=None)
    return list(free.order_by(F("next_at").asc(nulls_first=True)).values_list("pk", flat=True)[:AT_ONCE])


def make_next(pk, *, at):
    """Make the oldest call that a webhook is owed, unless another worker is at it. Gives whether it was taken, and there may be more."""
    mine = Webhook.objects.filter(Q(next_at=None) | Q(next_at__lte=at), pk=pk, off_at=None).update(next_at=at + LEASE)
    webhook = mine and Webhook.objects.filter(pk=pk, next_at=at + LEASE).first()
    if not webhook:
        return False
    call = webhook.calls.filter(sent_at=None).select_related(*_TOLD).order_by("pk").first()
    if call is None:
        Webhook.objects.filter(pk=pk).update(next_at=None)
        return False
    status, answer = _make(webhook, call, at)
    is_taken = 200 <= status < 300
    WebhookCall.objects.filter(pk=call.pk).update(
        attempts=call.attempts + 1, tried_at=at, answer=answer[:300], sent_at=at if is_taken else None
    )
    if not Webhook.objects.filter(pk=pk, next_at=webhook.next_at).exists():  # this worker stood still, and others have gone on without it
        return False
    if is_taken:
        Webhook.objects.filter(pk=pk).update(next_at=None, failures=0, failing_since=None)
    else:
        _failed(webhook, answer, is_gone=status == GONE, at=at)
    return is_taken


def _make(webhook, call, at):
    """The status of the answer, 0 for none, and the answer in words."""
    name = telling.name(call)
    try:
        body = telling.body(call, webhook.partner_id)
        status = outside.post(webhook.url, body, signing.headers(webhook, name, body, at=at))
    except outside.NotReached as error:
        return 0, str(error)
    except Exception as error:  # also the end of a task's time: this call has failed, others are not to wait for it
        log.exception("The call %s of webhook %s failed (%s).", name, webhook.pk, type(error).__name__)
        return 0, _("This failed on our side.")
    return status, _("Answered %(status)s") % {"status": status}


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
    """No more calls; with `why` it was us, and whoever made it gets a mail. What was owed is not told any more."""
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
            for person in _minding(webhook)
        )
        delivery.nudge()


def _minding(webhook):
    """Who is told about a webhook: who made it, or the team when that person is not on it any more."""
    team = User.objects.filter(partner=webhook.partner_id, is_active=True)
    return team.filter(pk=webhook.made_by_id) or team


def switch_on(webhook):
    """Tell it again of what happens from now on."""
    webhook.calls.filter(sent_at=None).delete()
    Webhook.objects.filter(pk=webhook.pk).update(
        off_at=None, why_off="", failures=0, failing_since=None, next_at=None, seen_event=reading.last_event()
    )


def delete(webhook):
    """Take it away, with the list of its calls; in the caller's transaction."""
    webhook.calls.all().delete()
    webhook.delete()


def try_out(webhook, *, at):
    """Owe it a call that tells of nothing."""
    WebhookCall.objects.create(webhook=webhook, made_at=at)
    call_soon()


def again(call):
    """Make a call once more, whatever became of it, as soon as the worker comes by."""
    WebhookCall.objects.filter(pk=call.pk).update(sent_at=None)
    Webhook.objects.filter(pk=call.webhook_id, failing_since__isnull=False).update(next_at=None)
    call_soon()


def call_soon():
    """Tell the queue after the commit that somebody waits for a call; when it is away, the scheduler comes by."""
    transaction.on_commit(lambda: delivery.tell_queue("webhooks.tasks.call"))
