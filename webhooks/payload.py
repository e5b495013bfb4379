"""The content of a webhook call: an event and its request, in the format of the API."""

import json
from types import SimpleNamespace

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse

from tickets.api.representation import TicketJson, TicketRow
from tickets.models import Event

TRIAL = "ping"
K = Event.Kind
# The events that partners see on their timelines; the others are internal.
KINDS = [kind for kind in K if kind not in {K.NOTE, K.ASSIGNED, K.OVERRIDDEN, K.EXECUTION_REQUESTED, K.REFUSED, K.FAILED}]


def call_id(call):
    """Return the ID of a call, which is the same for repeated calls."""
    return f"msg_{call.pk}"


def body(call, partner):
    """Return the JSON of a call as bytes: type, timestamp and data, with no more than the partner's people can read through the API."""
    if call.event is None:
        return _json(TRIAL, call.made_at, {"message": "This is a test call. Nothing has happened."})
    context = {"request": SimpleNamespace(user=_People(partner))}
    ticket = call.event.ticket
    told = TicketRow(context=context).to_representation(ticket) | {"url": settings.SITE_URL + reverse("portal:request", args=[ticket.pk])}
    return _json(event_type(call.event.kind), call.event.at, {"ticket": told, "event": TicketJson(context=context).event(call.event)})


def event_type(kind):
    """Return the `type` of calls for this kind of event."""
    return f"ticket.{kind}"


def _json(kind, at, data):
    return json.dumps({"type": kind, "timestamp": at, "data": data}, cls=DjangoJSONEncoder).encode()


class _People:
    """Stands for any of the partner's people."""

    is_care = False

    def __init__(self, partner):
        self.partner_id = partner
