"""Requests to move what has been given to another partner: nobody can agree to them any more (ORG-1, docs/decisions/0306)."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.fields.json import KT

from partners.models import EndUser, Reseller
from tickets.models import Ticket
from tickets.services.execution import hand_back
from tickets.types import TYPES

MOVED = {"reseller": Reseller, "end_user": EndUser}


@transaction.atomic
def look(*, at):
    """Hand back to the care team what waits for parties about a reseller or end user that is not its partner's (any more).

    In the transaction of an import, and every minute: what was filed while an import or another move was about to commit was seen by
    neither. It asks once for each kind of move, however many wait; who waits in vain are few.
    """
    for kind in TYPES.values():
        if kind.moved:
            theirs = MOVED[kind.moved].objects.filter(code=OuterRef("asked"), partner=OuterRef("partner"))
            asked = Ticket.objects.filter(type_code=kind.code).annotate(asked=KT(f"answers__{kind.moved}"))
            hand_back(asked.filter(~Exists(theirs)), at=at)
