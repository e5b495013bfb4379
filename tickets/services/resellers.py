"""A partner's changes to its own resellers and end users, while requests may refer to them (ORG-1, ORG-3, ORG-4)."""

from django.db import transaction
from django.db.models import Q

from partners import services
from partners.models import EndUser, Reseller
from tickets.consents import notify_previous_address
from tickets.models import Ticket
from tickets.models.ticket import RUNNING
from tickets.services import outbox


def running_transfers(partner, codes):
    """Return {reseller code: numbers of the partner's running requests that move it}. One query."""
    named = Ticket.objects.of_partner(partner).filter(RUNNING, type_code="reseller_transfer", answers__reseller__in=list(codes))
    found = {}
    for code, number in named.order_by("number").values_list("answers__reseller", "number"):
        found.setdefault(code, []).append(number)
    return found


def transfers_of(end_users):
    """Return the numbers of running requests that move any of these end users of one partner, alone or with its reseller. One query."""
    alone = Q(type_code="end_user_transfer", answers__end_user__in=[one.code for one in end_users])
    resellers = {one.reseller.code for one in end_users if one.reseller}
    along = Q(type_code="reseller_transfer", answers__reseller__in=list(resellers)) if resellers else Q()
    named = Ticket.objects.of_partner(end_users[0].partner_id).filter(RUNNING, alone | along if along else alone)
    return list(named.order_by("number").values_list("number", flat=True))


@transaction.atomic
def change(pk, *, name, email, actor, at):
    """Change name and address of a reseller visible to the actor; notify the previous address. Raise Reseller.DoesNotExist."""
    reseller = Reseller.objects.visible_to(actor).select_for_update(of=("self",)).select_related("partner").get(pk=pk)
    previous = services.change_reseller(reseller, name=name, email=email, actor=actor, at=at)
    if previous and previous != email:
        about = f"{reseller.code}:{at.isoformat()}"
        notify_previous_address(previous, whose=reseller.name, by=reseller.partner.name, about=about, at=at)
        outbox.notify_after_commit()
    return reseller


@transaction.atomic
def delete(pk, typed, *, actor, at):
    """Delete a reseller visible to the actor. Return how many end users are kept. Raise NotPossible or Reseller.DoesNotExist."""
    reseller = Reseller.objects.visible_to(actor).select_for_update(of=("self",)).select_related("partner").get(pk=pk)
    transfers = running_transfers(reseller.partner, [reseller.code]).get(reseller.code, [])
    return services.delete_reseller(reseller, typed=typed, transfers=transfers, actor=actor, at=at)


@transaction.atomic
def place(pk, reseller, *, actor, at):
    """Move an end user visible to the actor to another reseller, or to none (None). Raise NotPossible or EndUser.DoesNotExist."""
    if reseller:
        # If it is being deleted right now, this waits and then does not find it. Resellers are locked before end users, as by transfers.
        reseller = Reseller.objects.select_for_update(no_key=True).get(pk=reseller.pk)
    # Its old reseller is read afterwards: joined to a row that is waited for, it would be missing (docs/decisions/0409).
    end_user = EndUser.objects.visible_to(actor).select_for_update(of=("self",)).select_related("partner").get(pk=pk)
    codes = [one.code for one in (end_user.reseller, reseller) if one]
    services.place_end_user(end_user, reseller, transfers=running_transfers(end_user.partner, codes), actor=actor, at=at)
    return end_user
