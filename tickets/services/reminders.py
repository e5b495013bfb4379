"""Reminders: to configure the PBX before a number is ported (DID-6), and to answer before a link or API token expires (ORG-1).

Each is safe to repeat at any time: an occasion is reminded of once.
"""

from collections import defaultdict
from datetime import timedelta

from classound.services import portings_ahead
from partners.users import ApiToken
from policies.days import moment_after
from policies.models import PolicyValue
from tickets.consents import has_left, send_reminder
from tickets.models import Mail
from tickets.services import outbox
from tickets.services.consents import awaited

NOTICE = timedelta(days=14)  # before an API token expires


def remind_of_portings(*, at):
    """Owe every contact one e-mail per day on which numbers of its partner are ported, and another for numbers confirmed later.

    Safe to repeat at any time.
    """
    book = PolicyValue.objects.book(on=at.date())
    dids = (
        portings_ahead(book=book, today=at.date())
        .select_related("pbx__end_user__partner")
        .prefetch_related("pbx__end_user__partner__contacts")
        .order_by("porting_date", "number")
    )
    together = defaultdict(list)
    for did in dids:
        together[did.pbx.end_user.partner.code, did.porting_date].append(did)
    time = f"{book.value('porting.default_time'):%H:%M}"
    mails = [mail for (code, day), ported in together.items() for mail in _mails(code, day, ported, time=time, at=at)]
    Mail.objects.bulk_create(mails, ignore_conflicts=True)
    outbox.notify_after_commit()


def _mails(code, day, dids, *, time, at):
    """Yield an e-mail for each contact not notified of all these numbers. The key has the number notified, so parallel runs send one."""
    about = f"porting_reminder:{code}:{day}:"
    notified = defaultdict(set)
    for to, data in Mail.objects.filter(key__startswith=about).values_list("to", "data"):
        notified[to].update(number for number, _pbx in data["dids"])
    for contact in dids[0].pbx.end_user.partner.contacts.all():
        fresh = [[did.number, did.pbx.name] for did in dids if did.number not in notified[contact.email]]
        if fresh and contact.is_active:
            data = {"reader": str(contact), "dids": fresh, "date": day.isoformat(), "time": time}
            key = f"{about}{contact.pk}:{len(notified[contact.email])}"
            yield Mail(key=key, kind="porting_reminder", to=contact.email, data=data, created_at=at)


def remind_of_confirmations(*, at):
    """Owe one e-mail to each party whose link is about to expire unanswered, but not soon after the e-mail with the link."""
    ahead = PolicyValue.objects.book(on=at.date()).value("confirmation.remind_before")
    found = awaited().filter(expires_at__gt=at, expires_at__lte=moment_after(at, ahead)).exclude(email="").exclude(sent_at=None)
    for confirmation in found.select_related("partner", "ticket").order_by("pk"):
        if moment_after(confirmation.sent_at, ahead) <= at and not has_left(confirmation):
            send_reminder(confirmation, at=at)
    outbox.notify_after_commit()


def remind_of_tokens(*, at):
    """Owe one e-mail to the owner of each API token that is about to expire, unless it was created for such a short time."""
    tokens = ApiToken.objects.valid(at=at).filter(expires_at__lte=at + NOTICE, created_at__lte=at - NOTICE)
    mails = [
        Mail(
            key=f"token_expires:{token.pk}",
            kind="token_expires",
            to=token.user.email,
            data={"reader": str(token.user), "token": token.pk},
            created_at=at,
        )
        for token in tokens.filter(user__is_active=True).select_related("user").order_by("pk")
    ]
    Mail.objects.bulk_create(mails, ignore_conflicts=True)
    outbox.notify_after_commit()
