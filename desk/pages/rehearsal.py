"""What a new policy value would have changed, for the one who is about to add it."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext_lazy

from billing.amounts import in_words
from desk.pages.preview import OUTCOMES
from policies.change import present
from policies.verdict import ALLOWED, DENIED
from tickets.services.rehearsal import PAST, total

# What becomes of requests, the most hurtful first: (tone, what is said of so many).
EFFECTS = {
    "refused": ("bad", gettext_lazy("%(n)s would have been refused")),
    "later": ("bad", gettext_lazy("%(n)s would be possible later")),
    "dearer": ("warn", gettext_lazy("%(n)s would have cost more")),
    "review": ("warn", gettext_lazy("%(n)s would have needed a review")),
    "otherwise": ("info", gettext_lazy("%(n)s would have been judged for other reasons")),
    "no_review": ("ok", gettext_lazy("%(n)s would have needed no review")),
    "cheaper": ("ok", gettext_lazy("%(n)s would have cost less")),
    "sooner": ("ok", gettext_lazy("%(n)s would be possible sooner")),
    "allowed": ("ok", gettext_lazy("%(n)s would not have been refused")),
}
SAME = ("same", ngettext_lazy("%(n)s would have been judged as it was", "%(n)s would have been judged as they were", "n"))
WIDTH = 960
FEW = 8  # changes: as many are shown at once, more unfold by their kind


def read(policy, row, told, posted):
    """The context of desk/rehearsal.html: `told` is the Rehearsal, or None while another one goes on; `posted` what the form has sent."""
    return _told(told) | {
        "code": policy.code,
        "sentence": policy.say(row.value),
        "new": policy.unit.show(row.value),
        "old": policy.unit.show(present(policy, row).value),
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
        "changes": len(told.changes),
        "groups": groups(told),
    }


def groups(told):
    """The changes by what becomes of the requests, and at last how many stay as they were: each a part of a bar that is WIDTH wide."""
    found = {}
    for change in told.changes:
        found.setdefault(_effect(change), []).append(_row(change))
    same = told.judged - len(told.changes)
    kinds = [(*EFFECTS[effect], len(rows), rows) for effect in EFFECTS if (rows := found.get(effect))] + [(*SAME, same, [])] * bool(same)
    place, shown = 0.0, []
    for tone, words, count, rows in kinds:
        width = WIDTH * count / told.judged
        part = {"x": round(place, 1), "width": round(width, 1), "tone": tone, "words": words % {"n": count}, "rows": rows}
        shown.append(part | {"is_open": len(told.changes) <= FEW})
        place += width
    return shown


def _effect(change):
    """Which of EFFECTS it is: whether it is possible at all weighs more than from when, and that more than what it costs."""
    before, after = change.before, change.after
    if DENIED in (before.outcome, after.outcome) and before.outcome != after.outcome:
        return "refused" if after.outcome == DENIED else "allowed"
    if before.possible_from and after.possible_from and before.possible_from != after.possible_from:
        return "later" if after.possible_from > before.possible_from else "sooner"
    more = sum(total(after).values()) - sum(total(before).values())  # of one partner, so of one currency
    if more:
        return "dearer" if more > 0 else "cheaper"
    if before.outcome != after.outcome:
        return "no_review" if after.outcome == ALLOWED else "review"
    return "otherwise"


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
