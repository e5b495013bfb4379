"""A charge that should not have been is taken back: by a second entry, since none is ever changed (GEN-3)."""

from django.db import transaction
from django.utils.translation import gettext as _

from tickets import consents
from tickets.models import Event
from tickets.services import delivery, finding
from tickets.services.lifecycle import NotNow, lock, record, tell
from tickets.services.progress import give_back, reversible


@transaction.atomic
def take_back(number, fee, text, *, actor, at):
    """Give a charge of the ticket back to its payer, and mail the partner why, and the payer that. Raises NotNow, PermissionError.

    The ticket stays as it is, also a closed one: what was carried out stays carried out.
    """
    if not actor.may_override:
        raise PermissionError(_("Only team leads take charges back."))
    ticket = lock(number)
    charge = next((charge for charge in reversible(ticket.charges.select_related("payer")) if charge.fee == fee), None)
    if charge is None:
        raise NotNow(_("This charge is not there, or was taken back already."))
    give_back(ticket, [charge], at=at)
    event = record(ticket, Event.Kind.MESSAGE, actor=actor, at=at, body=text)
    finding.add(ticket, text, updated_at=at)
    tell(ticket, "message", at=at, about=event.pk)
    consents.tell_that_it_is_given_back(ticket, charge, event, at=at)
    delivery.nudge()
    return charge
