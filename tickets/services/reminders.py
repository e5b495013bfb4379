"""DID-6: partners are reminded to configure the PBX before a number is ported."""

from collections import defaultdict

from classound.services import portings_ahead
from policies.models import PolicyValue
from tickets.models import Mail
from tickets.services import delivery


def remind_of_portings(*, at):
    """Owe every contact one mail about what its partner's numbers are ported on a day, and one more for those that are confirmed later.

    Safe to run at any time again.
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
    delivery.nudge()


def _mails(code, day, dids, *, time, at):
    """A mail for each contact who was not told of all of these numbers yet. The key counts what was told: two runs at once make one."""
    about = f"porting_reminder:{code}:{day}:"
    told = defaultdict(set)
    for to, data in Mail.objects.filter(key__startswith=about).values_list("to", "data"):
        told[to].update(number for number, _pbx in data["dids"])
    for contact in dids[0].pbx.end_user.partner.contacts.all():
        fresh = [[did.number, did.pbx.name] for did in dids if did.number not in told[contact.email]]
        if fresh and contact.is_active:
            data = {"reader": str(contact), "dids": fresh, "date": day.isoformat(), "time": time}
            key = f"{about}{contact.pk}:{len(told[contact.email])}"
            yield Mail(key=key, kind="porting_reminder", to=contact.email, data=data, created_at=at)
