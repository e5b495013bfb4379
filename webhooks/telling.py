"""What a webhook is told: an event and its request, in the words of the API."""

import json
from types import SimpleNamespace

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse

from tickets.api.representation import TicketJson, TicketRow
from tickets.models import Event

TRIAL = "ping"
K = Event.Kind
# What partners read on their timelines. The others are the care team's own.
KINDS = [kind for kind in K if kind not in {K.NOTE, K.ASSIGNED, K.OVERRIDDEN, K.EXECUTION_REQUESTED, K.REFUSED, K.FAILED}]


def name(call):
    """What the receiver knows a call by: the same however often it is made."""
    return f"msg_{call.pk}"


def body(call, partner):
    """The JSON of a call, as bytes: type, timestamp and data. It says what the partner's people read through the API, and no more."""
    if call.event is None:
        return _json(TRIAL, call.made_at, {"message": "This is a trial. Nothing has happened."})
    context = {"request": SimpleNamespace(user=_People(partner))}
    ticket = call.event.ticket
    told = TicketRow(context=context).to_representation(ticket) | {"url": settings.SITE_URL + reverse("portal:request", args=[ticket.pk])}
    return _json(type_of(call.event.kind), call.event.at, {"ticket": told, "event": TicketJson(context=context).event(call.event)})


def type_of(kind):
    """What the receiver reads as the type of an event of this kind."""
    return f"ticket.{kind}"


def _json(kind, at, data):
    return json.dumps({"type": kind, "timestamp": at, "data": data}, cls=DjangoJSONEncoder).encode()


class _People:
    """Whoever of the partner's people reads it."""

    is_care = False

    def __init__(self, partner):
        self.partner_id = partner
