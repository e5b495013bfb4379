"""E-mailing each partner with calls the usage of a month once, some days after its end (BIL-9)."""

from dateutil.relativedelta import relativedelta
from django.db import transaction

from classound.usage import partners_due_report
from partners.models import Partner, User
from policies.days import after
from policies.models import PolicyValue
from tickets.models import Mail
from tickets.services import outbox
from tickets.services.mailing import USAGE_REPORT

SLICE = 100  # partners per transaction
A_MONTH = relativedelta(months=1)


def tell_usage(*, at):
    """Owe the contacts of every partner the report of the latest month that is due; safe to repeat and to be killed."""
    lag = PolicyValue.objects.book(on=at.date()).value("usage.report_after")
    month = _latest_month_due(at.date(), lag)
    waiting = list(partners_due_report(month).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(waiting), SLICE):
        _tell(waiting[start : start + SLICE], month, at)


def _latest_month_due(today, lag):
    """Return the first day of the latest month whose end lies at least `lag` (a Duration, which may be longer than a month) back."""
    next_month = today.replace(day=1)
    while today < after(next_month, lag):
        next_month -= A_MONTH
    return next_month - A_MONTH


@transaction.atomic
def _tell(pks, month, at):
    """Write the e-mails and the mark that they are written together, so that contacts who join later get no old report."""
    waiting = partners_due_report(month).select_for_update(no_key=True, skip_locked=True, of=("self",))
    partners = waiting.order_by("pk").in_bulk(pks)
    mails = [
        Mail(
            key=f"{USAGE_REPORT}:{partners[contact.partner_id].code}:{month:%Y-%m}:{contact.pk}",
            kind=USAGE_REPORT,
            to=contact.email,
            data={"reader": str(contact), "partner": contact.partner_id, "month": month.isoformat()},
            created_at=at,
        )
        for contact in User.objects.filter(partner__in=partners, is_active=True).order_by("pk")
    ]
    Mail.objects.bulk_create(mails, ignore_conflicts=True)
    Partner.objects.filter(pk__in=partners).update(usage_reported_for=month)
    outbox.notify_after_commit()
