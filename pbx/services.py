"""Services that change PBXs, licences and Commitments. Each expects the caller's transaction and locked rows."""

from django.db import models

from partners.models import EndUser
from pbx.commitment_rules import end_of, is_due_for_renewal, next_period
from pbx.models import Commitment, Licence, Pbx, PbxMove

NETWORK = 50  # the most PBXs of one customer that are considered


def lock_customers(*pks):
    """Lock end users so that no one else activates or moves their PBXs in this transaction (LIC-5 concerns all of them)."""
    return list(EndUser.objects.select_for_update(no_key=True, of=("self",)).select_related("partner").filter(pk__in=pks).order_by("pk"))


def active_pbxs(end_user):
    """Return the PBXs with active licences of an end user (or its id), see LIC-5."""
    active = Pbx.objects.filter(end_user=end_user, terminated_on=None, licences__quantity__gt=0)
    return list(active.order_by("serial").distinct()[:NETWORK])


def start_commitment(pbx, years, *, today):
    """Start a Commitment of this many years today (COM-1) and return it; a shorter one that started today is extended."""
    values = {"years": years, "ends_on": end_of(today, years)}
    commitment, is_new = Commitment.objects.select_for_update(no_key=True).get_or_create(pbx=pbx, starts_on=today, defaults=values)
    if not is_new and commitment.years < years:
        commitment.years, commitment.ends_on = years, values["ends_on"]
        commitment.save(update_fields=["years", "ends_on"])
    return commitment


def set_licences(pbx, licence_type, quantity, *, monthly_price, today):
    """Set the number of licences of a type; `monthly_price` only applies to a type the PBX did not have.

    `pbx` has its licences as they were judged, locked. Raise IntegrityError if there are some of a new type by now: the price was for more.
    """
    licence = next((row for row in pbx.licences.all() if row.licence_type == licence_type), None)
    if licence is None:
        Licence.objects.create(pbx=pbx, licence_type=licence_type, quantity=quantity, monthly_price=monthly_price, activated_on=today)
    elif licence.quantity != quantity:
        licence.quantity = quantity
        licence.save(update_fields=["quantity"])


def switch_to_xbees(pbx, term):
    """Turn the PBX permanently into x-bees with a new term (XB-1); its expiry, the next renewal, stays the same."""
    pbx.product, pbx.term = pbx.Product.XBEES, term
    pbx.save(update_fields=["product", "term"])


def terminate(pbx, *, today):
    """Terminate the PBX and its licences."""
    Licence.objects.filter(pbx=pbx).update(quantity=0)
    pbx.terminated_on = today
    pbx.save(update_fields=["terminated_on"])


def annotate_active(end_users):
    """Annotate end users with whether any of their PBXs has active licences (`is_active`)."""
    active = Pbx.objects.filter(end_user=models.OuterRef("pk"), terminated_on=None, licences__quantity__gt=0)
    return end_users.annotate(is_active=models.Exists(active))


def move_to_end_user(pbx, end_user, *, actor, at):
    """Move the PBX with everything on it to another end user of its partner. Return the PbxMove that records it."""
    kept = PbxMove.objects.create(
        pbx=pbx, partner=end_user.partner, from_end_user=pbx.end_user, to_end_user=end_user, moved_by=actor, moved_at=at
    )
    pbx.end_user = end_user
    pbx.save(update_fields=["end_user"])
    return kept


def due_renewals(*, today):
    """Return the ids of PBXs whose last Commitment renews and whose free day has passed (COM-6)."""
    later = Commitment.objects.filter(pbx=models.OuterRef("pbx"), ends_on__gt=models.OuterRef("ends_on"))
    ended = Commitment.objects.filter(~models.Exists(later), renews=True, ends_on__lt=today, pbx__terminated_on=None)
    return list(ended.order_by("pbx_id").values_list("pbx_id", flat=True).distinct())


def renew_commitment(pbx_id, *, today):
    """Renew the last Commitment of a PBX repeatedly until it covers today (COM-6). Return the number of Commitments started.

    Idempotent: the PBX is locked, and a renewed Commitment is no longer its last one.
    """
    pbx = Pbx.objects.select_for_update(no_key=True, of=("self",)).get(pk=pbx_id)
    commitments = list(pbx.commitments.select_related("pbx").order_by("ends_on", "starts_on"))
    started = 0
    while commitments and is_due_for_renewal(commitments[-1], commitments, today=today):
        starts_on, ends_on = next_period(commitments[-1])
        commitments.append(Commitment.objects.create(pbx=pbx, years=commitments[-1].years, starts_on=starts_on, ends_on=ends_on))
        started += 1
    return started
