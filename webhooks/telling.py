"""What a webhook is told: an event and its request, in the words of the API."""

import json
from types import SimpleNamespace

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse

from tickets.api.representation import TicketJson, TicketRow

TRIAL = "ping"


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
    return _json(f"ticket.{call.event.kind}", call.event.at, {"ticket": told, "event": TicketJson(context=context).event(call.event)})


def _json(kind, at, data):
    return json.dumps({"type": kind, "timestamp": at, "data": data}, cls=DjangoJSONEncoder).encode()


class _People:
    """Whoever of the partner's people reads it."""

    is_care = False

    def __init__(self, partner):
        self.partner_id = partner
