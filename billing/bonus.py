"""The bonus increase on a partner's account (BIL-7): posting it exactly once, and describing it on pages."""

from collections import defaultdict

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import bonus_rules as rules
from billing.amounts import format_amount, sum_by_currency
from billing.models import BonusTerms, LedgerEntry, MonthlyResult
from billing.services import post
from partners.models import Partner
from policies.days import after
from policies.wording import day_in_full
from web.user_input import parse_month

SLICE = 200  # partners processed per batch
CREDIT, WITHDRAWAL = "bonus.credit", "bonus.withdrawal"
STATES = {
    rules.RUNNING: (gettext_lazy("In progress"), "", "clock"),
    rules.BELOW: (gettext_lazy("Target not reached"), "", "circle"),
    rules.CREDITED: (gettext_lazy("Credited"), "ok", "check"),
    rules.WITHDRAWN: (gettext_lazy("Withdrawn"), "bad", "undo"),
    rules.DROPPED: (gettext_lazy("Below the target"), "bad", "alert"),
    rules.ENDED: (gettext_lazy("Increase already ended"), "", "ban"),
    rules.KEPT: (gettext_lazy("Target met"), "ok", "check"),
}


def source_of(partner):
    """Return the source of a partner's bonus entries in the ledger."""
    return f"bonus:{partner.code}"


def months_of(partner, *, book, today):
    """Return the outcome of each of the partner's months (BIL-7)."""
    results = list(MonthlyResult.objects.of_partner(partner).values_list("month", "result"))
    agreed = results and BonusTerms.objects.filter(partner=partner).first()
    return _judged(results, agreed, book, today)


def _judged(rows, agreed, book, today):
    results = [rules.Result(*row) for row in rows]
    terms = rules.Terms(agreed.target, agreed.rate) if agreed else rules.Terms()
    return rules.bonus_months(results, terms, book=book, today=today)


def partners_due(*, book, today):
    """Yield the ids of partners with bonus entries to post or withdraw. Four queries per SLICE of partners with results, no locks."""
    ids = list(MonthlyResult.objects.order_by("partner").values_list("partner", flat=True).distinct())
    for start in range(0, len(ids), SLICE):
        partners = Partner.objects.in_bulk(ids[start : start + SLICE])
        results, entries = defaultdict(list), defaultdict(list)
        for pk, *row in MonthlyResult.objects.filter(partner__in=partners).values_list("partner", "month", "result"):
            results[pk].append(row)
        terms = {agreed.partner_id: agreed for agreed in BonusTerms.objects.filter(partner__in=partners)}
        for entry in LedgerEntry.objects.filter(source__in=[source_of(partner) for partner in partners.values()]):
            entries[entry.partner_id].append(entry)
        for pk, partner in partners.items():
            if _missing(partner, _judged(results[pk], terms.get(pk), book, today), _by_month(entries[pk])):
                yield pk


@transaction.atomic
def post_bonus(partner_id, *, book, at):
    """Post the credits the partner is entitled to and the withdrawals of forfeited ones; return the number of entries.

    Safe to run repeatedly and concurrently: each month is credited at most once and withdrawn at most once. While an import or the
    administration is changing a result, nothing is posted; the next run does it.
    """
    partner = Partner.objects.select_for_update(no_key=True).get(pk=partner_id)
    results = MonthlyResult.objects.of_partner(partner)
    if len(results.select_for_update(no_key=True, skip_locked=True, of=("self",)).values_list("pk")) < results.count():
        return 0
    entries = _missing(partner, months_of(partner, book=book, today=at.date()), posted_of(partner))
    for fee, month, amount, currency in entries:
        _post(partner, fee, month, amount, currency, at)
    return len(entries)


def _missing(partner, months, posted):
    """Return the entries missing from the ledger, ordered by month: (fee, month, amount, currency)."""
    standing = {m.month: m.credit for m in months if m.state == rules.CREDITED and m.credit}
    entries = [(CREDIT, month, -credit, partner.currency) for month, credit in standing.items() if (CREDIT, month) not in posted]
    for (fee, month), entry in posted.items():
        if fee == CREDIT and month not in standing and (WITHDRAWAL, month) not in posted:
            entries.append((WITHDRAWAL, month, -entry.amount, entry.currency))
    return sorted(entries, key=lambda entry: entry[1])


def _post(partner, fee, month, amount, currency, at):
    title = _("Bonus increase for %(month)s") if fee == CREDIT else _("Bonus increase for %(month)s withdrawn")
    kind = LedgerEntry.Kind.CREDIT_NOTE if fee == CREDIT else LedgerEntry.Kind.REVERSAL
    post(
        partner_id=partner.pk,
        fee=f"{fee}:{month:%Y-%m}",
        title=title % {"month": date_format(month, "F Y")},
        amount=amount,
        currency=currency,
        source=source_of(partner),
        at=at,
        kind=kind,
    )


def posted_of(partner):
    """Return the partner's posted bonus entries as {(fee, month): LedgerEntry}."""
    return _by_month(LedgerEntry.objects.of_partner(partner).filter(source=source_of(partner)))


def _by_month(entries):
    found = {}
    for entry in entries:
        fee, _sep, month = entry.fee.partition(":")
        found[fee, parse_month(month)] = entry
    return found


def bonus_of(partner, *, book, today):
    """Return the bonus section of an account for templates/billing/_bonus.html; None if there are no results."""
    months = months_of(partner, book=book, today=today)
    if not months:
        return None
    posted = posted_of(partner)
    rows = [_row(m, posted, partner.currency) for m in months]
    return {"summary": _summary(months, posted, book), "rows": rows, "currency": partner.currency}


def _row(month, posted, currency):
    """Return a month as a row. A posted credit is shown in its entry's currency, since the partner's may have changed."""
    label, tone, icon = STATES[month.state]
    credit, withdrawal = posted.get((CREDIT, month.month)), posted.get((WITHDRAWAL, month.month))
    if month.credit and month.state == rules.CREDITED and not credit:
        label, tone, icon = _("To be credited shortly"), "info", "clock"
    return {
        "month": month.month,
        "result": month.result,
        "target": month.target,
        "state": {"text": label, "tone": tone, "icon": icon},
        "credit": -credit.amount if credit else month.credit if month.state == rules.CREDITED else 0,
        "credit_currency": credit.currency if credit else currency,
        "withdrawn_at": withdrawal.created_at if withdrawal else None,
    }


def _summary(months, posted, book):
    """Return the status in the latest programme as a sentence."""
    months = [m for m in months if m.programme == months[-1].programme]
    taken = [entry for (fee, month), entry in posted.items() if fee == WITHDRAWAL and month in {m.month for m in months}]
    dropped = next((m for m in months if m.state == rules.DROPPED), None)
    if dropped:
        text = _("The result for %(month)s was below the target, so the credited increases are withdrawn.")
        summary = text % {"month": date_format(dropped.month, "F Y")}
        if taken:
            until = max(payable_until(entry, book) for entry in taken)
            sums = sum_by_currency((entry.amount, entry.currency) for entry in taken)
            amounts = _(" and ").join(format_amount(amount, currency) for currency, amount in sorted(sums.items()))
            values = {"amount": amounts, "day": day_in_full(until)}
            summary += " " + _("%(amount)s is payable by %(day)s.") % values
        return summary
    begun = next((m for m in months if m.state == rules.CREDITED), None)
    if begun is None:
        return _("The target has not been reached yet. The increase is credited from the first month that reaches it.")
    watched = book.at(begun.month).value("bonus.watched_until")
    if book.on <= watched or months[-1].month < watched.replace(day=1):
        text = _("The target was reached in %(month)s. The increase is kept as long as no month until %(day)s falls below the target.")
    else:
        text = _("The target was reached in %(month)s, and no month until %(day)s fell below it, so the increase is kept.")
    return text % {"month": date_format(begun.month, "F Y"), "day": day_in_full(watched)}


def is_final(result):
    """Return whether an entry has been posted on the basis of a month's result, which can then no longer be changed."""
    posted = posted_of(result.partner)
    return (CREDIT, result.month) in posted or any(fee == WITHDRAWAL for fee, _month in posted)


def payable_until(entry, book):
    """Return the last day on which a withdrawal can be repaid in time, counted from its posting (BIL-7)."""
    return after(entry.created_at.date(), book.at(entry.created_at.date()).value("bonus.payback_days"))
