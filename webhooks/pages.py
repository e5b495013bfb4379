"""The contexts of the webhook pages."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from webhooks import payload, signing

SHOWN = 20
SOON = timedelta(minutes=1)  # while the page refreshes by itself


def url(name, webhook, **more):
    """Return the address of one of a webhook's pages."""
    return reverse(f"portal:{name}", kwargs={"pk": webhook.pk} | more)


def row(webhook):
    """Return a webhook's row in the list."""
    return {"webhook": webhook, "state": state(webhook), "kinds": events_in_words(webhook), "url": url("webhook", webhook)}


def events_in_words(webhook):
    """Return in words which events the webhook is called for."""
    if not webhook.kinds:
        return _("All events")
    return _("%(some)d of %(all)d kinds of events") % {"some": len(webhook.kinds), "all": len(payload.KINDS)}


def state(webhook):
    """Return the webhook's state as a chip."""
    if webhook.off_at:
        return {"text": _("Off"), "tone": "bad" if webhook.why_off else "", "icon": "ban"}
    if webhook.failing_since:
        return {"text": _("Not responding"), "tone": "warn", "icon": "alert"}
    return {"text": _("On"), "tone": "ok", "icon": "check"}


def page(webhook, *, at, form):
    """Return the context of a webhook's page, with the form that chooses its events."""
    urls = {f"{name}_url": url(f"webhook_{name}", webhook) for name in ("try", "switch", "renew", "delete")}
    return row(webhook) | {"form": form, "secret": signing.secret(webhook)} | urls | calls(webhook, at=at)


def calls(webhook, *, at):
    """Return the latest calls, the newest first; `is_waiting` while one is expected to be made soon."""
    found = list(webhook.calls.select_related("event__ticket")[:SHOWN])
    is_waiting = not webhook.off_at and any(call.sent_at is None and (call.tried_at or call.made_at) > at - SOON for call in found)
    return {"calls": [_call(webhook, call) for call in found], "is_waiting": is_waiting, "calls_url": url("webhook_calls", webhook)}


def _call(webhook, call):
    ticket = call.event and call.event.ticket
    return {
        "call": call,
        "type": payload.event_type(call.event.kind) if call.event else payload.TRIAL,
        "title": call.event.title if call.event else _("Test call"),
        "ticket": ticket,
        "ticket_url": ticket and reverse("portal:request", args=[ticket.pk]),
        "state": _state(webhook, call),
        "again_url": "" if webhook.off_at else url("webhook_again", webhook, call=call.pk),
    }


def _state(webhook, call):
    if call.sent_at:
        return {"text": call.answer, "tone": "ok", "icon": "check"}
    if webhook.off_at:
        return {"text": call.answer or _("Not sent"), "tone": "", "icon": "ban"}
    if call.attempts:
        return {"text": call.answer, "tone": "warn", "icon": "alert"}
    return {"text": _("On its way"), "tone": "info", "icon": "clock"}
