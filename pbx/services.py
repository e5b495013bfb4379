"""What changes PBXs, licences and Commitments. Each function expects the caller's transaction and locked rows."""

from django.db import models

from partners.models import EndUser
from pbx.commitment_rules import end_of, is_due_for_renewal, next_period
from pbx.models import Commitment, Licence, Pbx, PbxMove

NETWORK = 50  # PBXs of one customer that are looked at


def lock_customers(*pks):
    """Nobody else activates or moves PBXs of these end users until the end of the transaction (LIC-5 is about all of them)."""
    return list(EndUser.objects.select_for_update(no_key=True, of=("self",)).select_related("partner").filter(pk__in=pks).order_by("pk"))


def active_pbxs(end_user):
    """The PBXs of an end user (or its id) that have active licences (LIC-5)."""
    active = Pbx.objects.filter(end_user=end_user, terminated_on=None, licences__quantity__gt=0)
    return list(active.order_by("serial").distinct()[:NETWORK])


def start_commitment(pbx, years, *, today):
    """A Commitment of so many years begins today (COM-1). Returns it; a shorter one that began today already is prolonged to it."""
    values = {"years": years, "ends_on": end_of(today, years)}
    commitment, is_new = Commitment.objects.select_for_update(no_key=True).get_or_create(pbx=pbx, starts_on=today, defaults=values)
    if not is_new and commitment.years < years:
        commitment.years, commitment.ends_on = years, values["ends_on"]
        commitment.save(update_fields=["years", "ends_on"])
    return commitment


def set_licences(pbx, licence_type, quantity, *, monthly_price, today):
    """The PBX has so many licences of a type from now on; the price is for a type that it did not have."""
    values = {"quantity": quantity, "monthly_price": monthly_price, "activated_on": today}
    licence, is_new = Licence.objects.select_for_update(no_key=True).get_or_create(pbx=pbx, licence_type=licence_type, defaults=values)
    if not is_new and licence.quantity != quantity:
        licence.quantity = quantity
        licence.save(update_fields=["quantity"])


def switch_to_xbees(pbx, term):
    """The PBX becomes x-bees with another term, for good (XB-1); its expiry stays, which is its next renewal."""
    pbx.product, pbx.term = pbx.Product.XBEES, term
    pbx.save(update_fields=["product", "term"])


def terminate(pbx, *, today):
    """The PBX and its licences end."""
    Licence.objects.filter(pbx=pbx).update(quantity=0)
    pbx.terminated_on = today
    pbx.save(update_fields=["terminated_on"])


def with_active_pbxs(end_users):
    """The end users with whether any of their PBXs has active licences (`is_active`)."""
    active = Pbx.objects.filter(end_user=models.OuterRef("pk"), terminated_on=None, licences__quantity__gt=0)
    return end_users.annotate(is_active=models.Exists(active))


def move_to_end_user(pbx, end_user, *, actor, at):
    """The PBX belongs to another end user of its partner from now on, with all that is on it. Returns the row that keeps who did it."""
    kept = PbxMove.objects.create(
        pbx=pbx, partner=end_user.partner, from_end_user=pbx.end_user, to_end_user=end_user, moved_by=actor, moved_at=at
    )
    pbx.end_user = end_user
    pbx.save(update_fields=["end_user"])
    return kept


def due_renewals(*, today):
    """The ids of the PBXs with a Commitment whose free day is over and that renews (COM-6)."""
    later = Commitment.objects.filter(pbx=models.OuterRef("pbx"), ends_on__gt=models.OuterRef("ends_on"))
    ended = Commitment.objects.filter(~models.Exists(later), renews=True, ends_on__lt=today, pbx__terminated_on=None)
    return list(ended.order_by("pbx_id").values_list("pbx_id", flat=True).distinct())


def renew_commitment(pbx_id, *, today):
    """Start what follows the last Commitment of a PBX, and what follows that, until it reaches today (COM-6). Returns how many.

    Twice is once: the PBX is locked, and what has been renewed is not its last one any more.
    """
    pbx = Pbx.objects.select_for_update(no_key=True, of=("self",)).get(pk=pbx_id)
    commitments = list(pbx.commitments.select_related("pbx").order_by("ends_on", "starts_on"))
    started = 0
    while commitments and is_due_for_renewal(commitments[-1], commitments, today=today):
        starts_on, ends_on = next_period(commitments[-1])
        commitments.append(Commitment.objects.create(pbx=pbx, years=commitments[-1].years, starts_on=starts_on, ends_on=ends_on))
        started += 1
    return started
