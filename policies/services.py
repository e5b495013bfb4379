"""Add or propose dated policy values: the only entry point, for both the admin site and the API."""

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from policies.catalog import POLICIES
from policies.change import is_same, value_in_force
from policies.models import PolicyValue, Proposal
from policies.wording import day_in_full

# Guards against mistyped years; nobody announces a value further ahead.
FURTHEST = relativedelta(years=20)


@transaction.atomic
def add_value(code, valid_from, value, note, set_by, today, basis=""):
    """Add the value (as people write it) of the policy `code` from the date `valid_from`, and return the PolicyValue.

    If values need approval (POLICY_APPROVAL), propose it instead and return the Proposal. Raises PermissionDenied unless `set_by` is
    an active administrator, and ValidationError with an entry for each invalid field: code, valid_from, value, basis, note. A value
    must start today or later, because an earlier start would contradict verdicts already shown to people.
    """
    only_administrators(set_by)
    take_turn(code)
    row = check_value(code, valid_from, value, note, today, basis)
    row.set_by = set_by
    if settings.POLICY_APPROVAL:
        return _proposed(row)
    row.save(force_insert=True)
    return row


def take_turn(code):
    """Wait for others who are adding a value of this policy: the check must see theirs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [code])


def only_administrators(user):
    """Raise PermissionDenied unless the user is an active administrator."""
    if not (user.is_active and user.is_staff):
        raise PermissionDenied(_("Only administrators can set policy values."))


def _proposed(row):
    """Return the unsaved PolicyValue as an open Proposal, the same one if submitted twice.

    Only one proposal can be open for a policy and day, so that none hides another.
    """
    given = {name: getattr(row, name) for name in ("code", "valid_from", "value", "basis", "note")} | {"proposed_by": row.set_by}
    try:
        with transaction.atomic():
            return Proposal.objects.create(**given)
    except IntegrityError:
        there = Proposal.objects.open().filter(**given).first()
        if there is None:
            message = _("Another value from that day is waiting for approval. It must be decided on or withdrawn first.")
            raise ValidationError({"valid_from": message}) from None
        return there


def check_value(code, valid_from, value, note, today, basis):
    """Return the unsaved PolicyValue that `add_value` would save or propose; raises the same ValidationError."""
    policy = POLICIES.get(code)
    if policy is None:
        raise ValidationError({"code": _("There is no policy value called %(code)s.") % {"code": code}})
    row, errors = PolicyValue(code=code, valid_from=valid_from, note=(note or "").strip(), basis=basis), {}
    try:
        row.value = policy.unit.clean(value)
    except ValueError as error:
        errors["value"] = str(error)
    for field, problem in (
        ("valid_from", _problem_of_date(valid_from, today)),
        ("basis", _problem_of_basis(policy, row.basis)),
        ("note", _problem_of_note(row.note)),
    ):
        if problem:
            errors[field] = problem
    if errors.keys() <= {"note"} and is_same(value_in_force(policy, row), policy, row):
        errors["value"] = _("This is already the value from that day.")
    if errors:
        raise ValidationError(errors)
    return row


def _problem_of_date(day, today):
    if day is None:
        return _("Enter the date from which the value is valid.")
    if day < today:
        return _("The date must be today (%(today)s) or later: earlier requests were judged by the value in force on their day.") % {
            "today": day_in_full(today)
        }
    return _("This date is too far ahead. Check the year.") if day > today + FURTHEST else None


def _problem_of_basis(policy, basis):
    if basis not in ("", "request", "origin"):
        return _("A value is read at the date of the request or of the origin.")
    if basis == "origin" and not policy.origin:
        return _("This policy value can be read at the date of the request only.")
    return None


def _problem_of_note(note):
    if not note or len(note) > 500 or "\x00" in note:
        return _("State why the value changes, in up to 500 characters.")
    return None
