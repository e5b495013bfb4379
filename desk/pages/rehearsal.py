"""What a new policy value would have changed, for the one who is about to add it."""

from django.conf import settings
from django.urls import reverse

from billing.amounts import in_words
from desk.pages.preview import OUTCOMES
from tickets.services.rehearsal import PAST, total


def read(policy, row, told, posted):
    """The context of desk/rehearsal.html: `told` is the Rehearsal, or None while another one goes on; `posted` what the form has sent."""
    return _told(told) | {
        "code": policy.code,
        "sentence": policy.say(row.value),
        "day": row.valid_from,
        "days": PAST.days,
        "is_busy": told is None,
        "again_url": reverse("desk:rehearsal", args=[policy.code]),
        "posted": posted,
        "asks_approval": settings.POLICY_APPROVAL,
        "new_url": reverse("admin:policies_policyvalue_new", args=[policy.code]),
        "timeline_url": reverse("admin:policies_policyvalue_timeline", args=[policy.code]),
    }


def _told(told):
    if told is None:
        return {}
    return {
        "judged": told.judged,
        "unknown": told.unknown,
        "most": told.judged + told.unknown if told.is_cut else None,
        "money": [_signed(amount, currency) for currency, amount in sorted(told.money.items()) if amount],
        "changes": [_row(change) for change in told.changes],
    }


def _row(change):
    ticket = change.ticket
    return {
        "number": ticket.pk,
        "url": reverse("desk:ticket", args=[ticket.pk]),
        "subject": ticket.subject,
        "partner": ticket.partner.name,
        "filed_at": ticket.created_at,
        "before": _side(change.before),
        "after": _side(change.after),
    }


def _side(verdict):
    """How a request is judged, in a badge, and what it costs."""
    costs = [in_words(amount, currency) for currency, amount in sorted(total(verdict).items()) if amount]
    return {"outcome": OUTCOMES[verdict.outcome], "costs": ", ".join(costs), "possible_from": verdict.possible_from}


def _signed(amount, currency):
    return f"{'+' if amount > 0 else ''}{in_words(amount, currency)}"
