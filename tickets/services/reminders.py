"""DID-6: partners are reminded to configure the PBX before a number is ported."""

from classound.services import portings_ahead
from policies.models import PolicyValue
from tickets.models import Mail
from tickets.services import delivery


def remind_of_portings(*, at):
    """Owe every contact of the partner one mail a porting; safe to run at any time again."""
    book = PolicyValue.objects.book(on=at.date())
    dids = (
        portings_ahead(book=book, today=at.date())
        .select_related("pbx__end_user__partner")
        .prefetch_related("pbx__end_user__partner__contacts")
    )
    mails = [
        Mail(
            key=f"porting_reminder:{did.number}:{did.porting_date}:{contact.pk}",
            kind="porting_reminder",
            to=contact.email,
            data={
                "reader": str(contact),
                "did": did.number,
                "pbx": did.pbx.name,
                "date": did.porting_date.isoformat(),
                "time": f"{book.value('porting.default_time'):%H:%M}",
            },
            created_at=at,
        )
        for did in dids
        for contact in did.pbx.end_user.partner.contacts.all()
        if contact.is_active
    ]
    Mail.objects.bulk_create(mails, ignore_conflicts=True)
    delivery.nudge()
