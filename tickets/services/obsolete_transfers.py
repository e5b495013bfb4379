"""Requests to move something that now belongs to another partner: nobody can agree to them any more (ORG-1, docs/decisions/0306)."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.fields.json import KT

from partners.models import EndUser, Reseller
from tickets.models import Ticket
from tickets.services.execution import hand_back
from tickets.types import TYPES

MOVED = {"reseller": Reseller, "end_user": EndUser}


@transaction.atomic
def hand_back_obsolete(*, at):
    """Return to the care team tickets that wait for parties about a reseller or end user that is not (or no longer) their partner's.

    Runs in the transaction of an import, and every minute: a request submitted while an import or another move was about to commit is
    seen by neither. One query per kind of move, however many tickets wait; few of them wait in vain.
    """
    for kind in TYPES.values():
        if kind.moved:
            theirs = MOVED[kind.moved].objects.filter(code=OuterRef("asked"), partner=OuterRef("partner"))
            asked = Ticket.objects.filter(type_code=kind.code).annotate(asked=KT(f"answers__{kind.moved}"))
            hand_back(asked.filter(~Exists(theirs)), at=at)
