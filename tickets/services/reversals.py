"""Reversing a mistaken charge: by a second entry, since entries are never changed (GEN-3)."""

from django.db import transaction
from django.utils.translation import gettext as _

from tickets import consents
from tickets.models import Event
from tickets.services import outbox, search_index
from tickets.services.lifecycle import NotNow, lock, owe_email, record
from tickets.services.progress import reverse, reversible


@transaction.atomic
def reverse_charge(number, fee, text, *, actor, at):
    """Reverse a charge of the ticket; e-mail the partner the reason, and the payer the fact. Raise NotNow, PermissionError.

    The ticket itself does not change, even if closed: its execution is not undone.
    """
    if not actor.may_override:
        raise PermissionError(_("Only team leads can reverse charges."))
    ticket = lock(number)
    charge = next((charge for charge in reversible(ticket.charges.select_related("payer")) if charge.fee == fee), None)
    if charge is None:
        raise NotNow(_("This charge does not exist or has already been reversed."))
    reverse(ticket, [charge], at=at)
    event = record(ticket, Event.Kind.MESSAGE, actor=actor, at=at, body=text)
    search_index.add(ticket, text, updated_at=at)
    owe_email(ticket, "message", at=at, about=event.pk)
    consents.notify_refunded(ticket, charge, event, at=at)
    outbox.notify_after_commit()
    return charge
