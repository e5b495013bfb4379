"""Decisions on proposed policy values: another administrator approves or declines, or the author withdraws."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.models import Proposal
from policies.services import check_value, only_administrators, take_turn

Outcome = Proposal.Outcome
SAID = {
    Outcome.APPROVED: gettext_lazy("%(name)s already approved it on %(at)s UTC."),
    Outcome.DECLINED: gettext_lazy("%(name)s already declined it on %(at)s UTC."),
    Outcome.WITHDRAWN: gettext_lazy("%(name)s already withdrew it on %(at)s UTC."),
}


class Decided(Exception):
    """Somebody, possibly the same user, has already decided on the proposal; the message says who, what and when."""


@transaction.atomic
def approve(pk, *, by, at):
    """Add the proposed value on behalf of its author, effective from its start date, and return it.

    It must still be valid, and its start date must not have passed; raises the same ValidationError as `add_value`.
    """
    row = _open(pk, by)
    _second_person(row, by)
    take_turn(row.code)
    value = check_value(row.code, row.valid_from, row.value, row.note, at.date(), row.basis)
    value.set_by = row.proposed_by
    value.save(force_insert=True)
    _decide(row, Outcome.APPROVED, by, at, added=value)
    return value


@transaction.atomic
def decline(pk, reason, *, by, at):
    """Close another administrator's proposal permanently, with a reason; raises ValidationError for `reason`."""
    row = _open(pk, by)
    _second_person(row, by)
    reason = reason.strip()
    if not reason or len(reason) > 500 or "\x00" in reason:
        raise ValidationError({"reason": _("State why you decline it, in up to 500 characters; the author reads this.")})
    _decide(row, Outcome.DECLINED, by, at, reason=reason)


@transaction.atomic
def withdraw(pk, *, by, at):
    """Close one's own proposal permanently."""
    row = _open(pk, by)
    if row.proposed_by_id != by.pk:
        raise PermissionDenied(_("Only the author can withdraw a proposal."))
    _decide(row, Outcome.WITHDRAWN, by, at)


def _open(pk, by):
    """Return the proposal, locked so that a concurrent second decision sees the first; raises Decided."""
    only_administrators(by)
    row = Proposal.objects.select_for_update(of=("self",)).with_authors().get(pk=pk)
    if row.outcome:
        raise Decided(SAID[row.outcome] % {"name": row.decided_by, "at": date_format(row.decided_at, "j F Y H:i")})
    return row


def _second_person(row, by):
    if row.proposed_by_id == by.pk:
        raise PermissionDenied(_("Another administrator must decide on your proposal."))


def _decide(row, outcome, by, at, **more):
    for name, value in ({"outcome": outcome, "decided_by": by, "decided_at": at} | more).items():
        setattr(row, name, value)
    row.save(update_fields=["outcome", "decided_by", "decided_at", *more])
