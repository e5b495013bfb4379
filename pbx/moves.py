"""Moving a PBX to another end user of the same partner: the live verdict beside the form, and the move itself."""

from django.db import transaction
from django.http import Http404

from pbx import services
from pbx.findings import finding_context
from pbx.models import Pbx
from pbx.move_rules import can_be_moved, can_be_moved_to, is_open_to, left_behind, stays_as_the_parties_saw
from policies.models import PolicyValue
from policies.verdict import DENY


class Refused(Exception):
    """Raised when the rules do not allow the move."""


def pbx_of(user, serial):
    """Return the PBX with the relations that the rules and the verdict read. Raise Http404 if `user` may not see it."""
    found = (
        Pbx.objects.visible_to(user)
        .filter(serial=serial)
        .select_related("end_user__reseller")
        .prefetch_related("licences", "commitments")
        .first()
    )
    if found is None:
        raise Http404
    return found


def findings_for_move(pbx, end_user, *, today, transfers):
    """Return the findings about a move to an end user, or about moving at all if none is chosen.

    `transfers(end_users)` returns the numbers of the open requests that move them to another partner (tickets are layered above PBXs).
    """
    book = PolicyValue.objects.book(on=today)
    running = transfers([pbx.end_user, *([end_user] if end_user else [])])
    held = stays_as_the_parties_saw(pbx, running, field="end_user")
    if end_user is None:
        return held + can_be_moved(pbx, field="end_user")
    here, there = services.active_pbxs(pbx.end_user_id), services.active_pbxs(end_user)
    findings = held + can_be_moved_to(pbx, end_user, here, there, book=book, today=today, field="end_user")
    return findings + (left_behind(pbx, here, book=book, today=today) if end_user.pk != pbx.end_user_id else [])


def move_checker(pbx, *, today):
    """Return a function that tells whether the PBX can move to an end user fetched by `services.annotate_active`."""
    book = PolicyValue.objects.book(on=today)
    is_active = any(licence.quantity for licence in pbx.licences.all())
    networks = can_be_moved(pbx)
    return lambda end_user: bool(networks) or is_open_to(is_active, end_user.is_active, book=book, today=today)


def answer(findings, *, today):
    """Return the findings as context for components/verdict.html."""
    is_denied = any(finding.effect == DENY for finding in findings)
    shown = [finding_context(finding) | {"about": "", "anchor": "", "allowed_from": None} for finding in findings]
    outcome = "denied" if is_denied else "allowed"
    return {"outcome": outcome, "findings": shown, "charges": (), "credits": (), "policy_date": today, "rules_on": today.isoformat()}


def what_moves(pbx, *, today):
    """Return everything that moves with the PBX: licences, numbers, devices, Commitment."""
    return {
        "licences": [licence for licence in pbx.licences.all() if licence.quantity],
        "numbers": pbx.dids.exclude(status="cancelled").count(),
        "devices": pbx.devices.filter(state="in_use").count(),
        "commitment": pbx.commitment_on(today),
    }


def move(user, serial, end_user, *, at, transfers):
    """Move the PBX and record the move in one transaction. Raise Refused, also if the situation has changed in the meantime."""
    with transaction.atomic():
        pbx = pbx_of(user, serial)
        owners = {owner.pk: owner for owner in services.lock_customers(pbx.end_user_id, end_user.pk)}
        locked = Pbx.objects.select_for_update(no_key=True, of=("self",)).get(pk=pbx.pk)
        target = owners.get(end_user.pk)
        if target is None or target.partner_id != user.partner_id or locked.end_user_id not in owners:
            raise Refused
        pbx = pbx_of(user, serial)
        if any(finding.effect == DENY for finding in findings_for_move(pbx, target, today=at.date(), transfers=transfers)):
            raise Refused
        return services.move_to_end_user(pbx, target, actor=user, at=at)
