"""What a value would change once added, as shown by its preview and its approval page."""

from policies.diff import lines
from policies.models import PolicyValue


def change(policy, row, dated):
    """Return the context of admin/policies/change.html for an unsaved PolicyValue; `dated` is the policy's Timeline."""
    old = value_in_force(policy, row)
    return {
        "policy": policy,
        "row": row,
        "basis": row.basis or policy.basis,
        "new": policy.unit.show(row.value),
        "old": policy.unit.show(old.value),
        "sentence": policy.say(row.value),
        "lines": lines(policy.unit, old.value, row.value),
        "replaced": next((entry for entry in reversed(dated.entries) if entry.valid_from == row.valid_from and entry.set_by), None),
        "takes_back": is_same(dated.before(row.valid_from), policy, row),  # what was announced for its day
        "follower": next((entry for entry in dated.to_come if entry.valid_from > row.valid_from), None),
    }


def value_in_force(policy, row, **known):
    """Return the Dated value in force on the row's day without the row, for items that begin that day.

    With `known_at` (a moment), values added after it are ignored.
    """
    return PolicyValue.objects.book(on=row.valid_from, code=policy.code, **known).dated(policy.code, origin=row.valid_from)


def is_same(there, policy, row):
    """Return whether the row equals the existing value `there`, read at the same date."""
    return (there.value, there.basis) == (row.value, row.basis or policy.basis)
