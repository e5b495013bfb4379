"""BIL-9: each partner with calls is mailed the usage of a month once, some days after it."""

from dateutil.relativedelta import relativedelta
from django.db import transaction

from classound.usage import partners_to_tell
from policies.days import after
from policies.models import PolicyValue
from tickets.models import Mail
from tickets.services import delivery


def tell_usage(*, at):
    """Owe the contacts of every partner the report of the last month, once its day has come; safe to run again and to be killed."""
    this_month = at.date().replace(day=1)
    book = PolicyValue.objects.book(on=at.date())
    if at.date() < after(this_month, book.value("usage.report_after")):
        return
    month = this_month - relativedelta(months=1)
    for pk in partners_to_tell(month).values_list("pk", flat=True):
        _tell(pk, month, at)


@transaction.atomic
def _tell(pk, month, at):
    """The mails and the mark that they are written, together: who joins the team later does not get an old report."""
    partner = partners_to_tell(month).select_for_update(no_key=True, skip_locked=True, of=("self",)).filter(pk=pk).first()
    if partner is None:
        return
    mails = [
        Mail(
            key=f"usage_report:{partner.code}:{month:%Y-%m}:{contact.pk}",
            kind="usage_report",
            to=contact.email,
            data={"reader": str(contact), "partner": partner.pk, "month": month.isoformat()},
            created_at=at,
        )
        for contact in partner.contacts.filter(is_active=True)
    ]
    Mail.objects.bulk_create(mails, ignore_conflicts=True)
    partner.usage_reported_for = month
    partner.save(update_fields=["usage_reported_for"])
    delivery.nudge()
