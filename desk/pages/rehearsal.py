"""A policy value tested on past requests before it is added: progress and results."""

from decimal import Decimal

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from billing.amounts import format_amount
from desk.models import Rehearsal, RehearsedRequest
from desk.pages.preview import OUTCOMES
from desk.services.rehearsal import PAST
from policies.catalog import POLICIES
from policies.change import is_same, value_in_force
from web import spreadsheets

Effect = RehearsedRequest.Effect
# Effects on requests: (tone, sentence for a number of them).
EFFECTS = {
    Effect.REFUSED: ("bad", _("%(n)s would have been refused")),
    Effect.LATER: ("bad", _("%(n)s would have been possible later")),
    Effect.DEARER: ("warn", _("%(n)s would have cost more")),
    Effect.REVIEW: ("warn", _("%(n)s would have needed a review")),
    Effect.OTHERWISE: ("info", _("%(n)s would have been decided for different reasons")),
    Effect.NO_REVIEW: ("ok", _("%(n)s would have needed no review")),
    Effect.CHEAPER: ("ok", _("%(n)s would have cost less")),
    Effect.SOONER: ("ok", _("%(n)s would have been possible sooner")),
    Effect.ALLOWED: ("ok", _("%(n)s would not have been refused")),
}
WIDTH = 960
LATEST = 5  # shown on the policy page
FEW = 8  # changes: up to this many are shown expanded, more are collapsed by kind
MOST = 50  # of each kind on the page; the files contain all
HEADING = (
    *(_("Request"), _("Submitted"), _("Partner"), _("Subject"), _("What would have become of it")),
    *(
        _("Judged"),
        _("Costs"),
        _("Possible from"),
        _("Judged by the new value"),
        _("Costs by the new value"),
        _("Possible by the new value"),
    ),
)


def read(told):
    """Return the context of desk/rehearsal.html for a Rehearsal."""
    policy = POLICIES[told.code]
    return progress(told) | {
        "code": policy.code,
        "sentence": policy.say(told.value),
        "new": policy.unit.show(told.value),
        "old": policy.unit.show(value_in_force(policy, told, known_at=told.asked_at).value),
        "day": told.valid_from,
        "posted": [] if is_same(value_in_force(policy, told), policy, told) else told.posted,
        "asks_approval": settings.POLICY_APPROVAL,
        "new_url": reverse("admin:policies_policyvalue_new", args=[policy.code]),
        "timeline_url": reverse("admin:policies_policyvalue_timeline", args=[policy.code]),
    }


def progress(told):
    """Return progress and results so far: the part of the page that is polled while it runs."""
    said = summary(told)
    is_moving, changes = said["is_moving"], said["counts"]
    return said | {
        "through": told.judged + told.unknown,
        "total": told.total,
        "most": MOST if any(count > MOST for count in changes.values()) else None,
        "groups": _groups(told, changes),
        "files": spreadsheets.addresses("desk:rehearsal_file", told.pk) if changes and not is_moving else None,
        "progress_url": reverse("desk:rehearsal_progress", args=[told.pk]) if is_moving else "",
        "stop_url": reverse("desk:rehearsal_stop", args=[told.pk]) if is_moving else "",
    }


def summary(told):
    """Return the summary, which the page of a proposed value also shows."""
    is_moving = told.finished_at is None
    counts = dict(told.changes.values_list("effect").annotate(n=Count("pk")))
    return {
        "by": str(told.by),
        "at": told.asked_at,
        "is_moving": is_moving,
        "judged": told.judged,
        "unknown": told.unknown,
        "rest": 0 if is_moving or told.total is None else max(told.total - told.judged - told.unknown, 0),
        "counts": counts,  # changes by effect
        "changes": sum(counts.values()),
        "money": [_signed(Decimal(amount), currency) for currency, amount in sorted(told.money.items())],
        "days": PAST.days,
        "url": reverse("desk:rehearsal", args=[told.pk]),
    }


def latest(policy):
    """Return a policy's latest rehearsals for its page, with author and number of changed results. One query."""
    found = Rehearsal.objects.filter(code=policy.code).select_related("by").annotate(changed=Count("changes"))
    return [
        {
            "shown": policy.unit.show(told.value),
            "day": told.valid_from,
            "is_moving": told.finished_at is None,
            "judged": told.judged,
            "changes": told.changed,
            "by": str(told.by),
            "at": told.asked_at,
            "url": reverse("desk:rehearsal", args=[told.pk]),
        }
        for told in found.order_by("-pk")[:LATEST]
    ]


def file_rows(told):
    """Yield every request whose result would differ as a row under HEADING, ordered by effect."""
    for change in told.changes.select_related("ticket__partner").order_by("effect", "-ticket").iterator(chunk_size=1000):
        ticket, sides = change.ticket, [_side(change.before), _side(change.after)]
        row = [ticket.pk, ticket.created_at, ticket.partner.name, ticket.subject, change.get_effect_display()]
        yield (*row, *(cell for side in sides for cell in (str(side["outcome"][2]), side["costs"], side["possible_from"])))


def _groups(told, counts):
    """Return the changes grouped by effect, followed by the unchanged requests: each a segment of a bar WIDTH wide.

    While the rehearsal runs, the requests are left out: a group the reader expands would collapse at the next poll.
    """
    found = _rows(told) if told.finished_at else {}
    changed = sum(counts.values())
    kinds = [(*EFFECTS[effect], counts[effect], found.get(effect, [])) for effect in EFFECTS if effect in counts]
    if same := told.judged - changed:
        kinds.append(("same", _("%(n)s would have had the same result"), same, []))
    left, shown = 0.0, []
    for tone, words, count, rows in kinds:
        width = WIDTH * count / told.judged
        part = {"x": round(left, 1), "width": round(width, 1), "tone": tone, "words": words % {"n": intcomma(count)}, "rows": rows}
        shown.append(part | {"is_open": changed <= FEW})
        left += width
    return shown


def _rows(told):
    """Return the newest MOST of each kind: {effect: rows}."""
    place, found = Window(RowNumber(), partition_by=F("effect"), order_by=F("ticket").desc()), {}
    for change in told.changes.annotate(place=place).filter(place__lte=MOST).select_related("ticket__partner").order_by("-ticket"):
        found.setdefault(change.effect, []).append(_row(change))
    return found


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


def _side(kept):
    """Return a request's result for a badge, its costs and its earliest date."""
    costs = ", ".join(format_amount(Decimal(amount), currency) for currency, amount in kept["costs"].items())
    return {
        "outcome": OUTCOMES[kept["outcome"]],
        "costs": costs,
        "possible_from": kept["possible_from"] and parse_date(kept["possible_from"]),
    }


def _signed(amount, currency):
    return f"{'+' if amount > 0 else ''}{format_amount(amount, currency)}"
