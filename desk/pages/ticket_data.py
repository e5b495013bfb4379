"""Request details on the ticket page: whether they can be corrected, the correction form, and earlier policy results."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from desk.pages import ticket_policy
from desk.pages.ticket_urls import urls_of
from policies.verdict import DENIED
from tickets import eligibility
from tickets.pages import verdicts
from tickets.services import correcting
from tickets.types import kind_of

KEPT = 10  # newest earlier policy results that are shown


class Correction(NamedTuple):
    """An open correction: the submitted `form` (None: as the ticket is), the `seen` values, and the Refused result, if any."""

    form: object = None
    seen: dict | None = None
    refused: object = None


def read(ticket):
    """Return the context of desk/ticket/data.html. No query: everything was loaded with the ticket."""
    why = correcting.why_not(ticket)
    return {
        "correct_url": "" if why else urls_of(ticket.pk)("correct"),
        "why_not_correct": why,
        "judged_before": _judged_before(ticket),
    }


def _judged_before(ticket):
    """Return the policy results before each correction, newest first."""
    known = [ticket.partner, *(charge.payer for charge in ticket.charges.all())]
    corrected = [event for event in ticket.landmarks if event.corrections and event.data.get("verdict")]
    return [
        {"at": event.at, "verdict": verdicts.shown(event.data["verdict"], kind=kind_of(ticket), known=known, at=ticket.created_at)}
        for event in corrected[: -KEPT - 1 : -1]
    ]


def opened(ticket, correction, *, now):
    """Return the context of desk/ticket/correct.html: the type's fields with current or submitted values, and any refusal."""
    kind = kind_of(ticket)
    names = correcting.fields(kind)
    form = correction.form or kind.form(partner=ticket.partner, initial=ticket.answers)
    book, filled = ticket.policy_book(), form.data if form.is_bound else form.initial
    chosen = {name: _listed(filled.get(name)) for name in names}
    eligibility.fill_pickers(kind, form, chosen=chosen, book=book, today=now.date(), query=f"?{ticket.partner.query}")
    seen = correcting.texts(kind, ticket.answers) | (correction.seen or {})
    return {
        "correcting": form,
        "correcting_fields": [form[name] for name in names],
        "correcting_seen": [(name, seen[name]) for name in names],
        "correct_url": reverse("desk:correct", args=[ticket.pk]),
        "back_url": reverse("desk:ticket", args=[ticket.pk]),
        "refused": _refused(ticket, correction.refused) if correction.refused else None,
    }


def _listed(value):
    return value if isinstance(value, list) else [value] if value else []


def _refused(ticket, refused):
    """Return why it was not saved: {verdict, is_denied, set_aside: rules, prices: see ticket_policy.prices, question: draft text}."""
    accepted = {
        part: [_charge(row) for row in ticket.charges.all() if row.is_credit == (part == "credits")] for part in ("charges", "credits")
    }
    prices = ticket_policy.prices(accepted, refused.verdict.as_json(), ticket.partner) if refused.is_other_price else []
    return {
        "verdict": verdicts.shown(refused.verdict, kind=kind_of(ticket), known=[ticket.partner], at=ticket.created_at),
        "is_denied": refused.verdict.outcome == DENIED,
        "set_aside": sorted({finding.rule for finding in refused.set_aside}),
        "prices": prices,
        "question": _question(ticket, refused.form, prices) if prices and refused.verdict.outcome != DENIED else "",
    }


def _question(ticket, form, prices):
    """Return a draft question to the partner about a different price: the changes and their cost."""
    lines = [_("We believe you meant the following:")]
    lines += [f"{label}: {old} → {new}" for label, old, new in correcting.differences(kind_of(ticket), ticket.answers, form.as_json())]
    lines += [f"{row['label']}: {row['then'] or '–'} → {row['now'] or '–'}" for row in prices]
    return "\n".join([*lines, _("This changes the price you accepted. If it is correct, please file the request again.")])


def _charge(row):
    return {"fee": row.fee, "payer": row.payer.code, "title": row.title, "amount": f"{row.amount:.2f}", "currency": row.currency}
