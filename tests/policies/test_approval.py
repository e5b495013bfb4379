"""A second person approves policy values (POLICY_APPROVAL): proposals are not used in judging, and each is decided once and finally."""

import datetime
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from partners.models import User
from policies import approval
from policies.models import PolicyValue, Proposal
from policies.services import add_value
from tests.interleaving import meanwhile

CODE = "did.minimum_term_months"
DAY = datetime.date(2026, 11, 18)
MARCH = datetime.date(2027, 3, 1)


def moment(day):
    return datetime.datetime.combine(day, datetime.time(9), tzinfo=datetime.UTC)


NOW = moment(DAY)


@pytest.fixture
def proposed(admin, second, settings):
    """propose() returns a Proposal of Ada's, for March unless another day is given."""
    settings.POLICY_APPROVAL = True

    def propose(day=MARCH, value="7 months", note="Longer contracts", code=CODE, basis=""):
        return add_value(code, day, value, note, admin, DAY, basis)

    return propose


def term(day):
    return PolicyValue.objects.book(on=day).cite(CODE)[CODE]


def as_it_is():
    return list(Proposal.objects.values()), list(PolicyValue.objects.values())


def test_proposal_takes_effect_only_after_approval_by_another(proposed, admin, second):
    proposal = proposed()
    assert (proposal.outcome, term(MARCH), PolicyValue.objects.exists()) == ("", "6 months", False)
    value = approval.approve(proposal.pk, by=second, at=NOW)
    assert [term(day) for day in (MARCH - datetime.timedelta(days=1), MARCH)] == ["6 months", "7 months"]
    assert (value.set_by, value.note) == (admin, "Longer contracts"), "the value stays its author's"
    proposal.refresh_from_db()
    assert (proposal.outcome, proposal.decided_by, proposal.decided_at, proposal.added) == ("approved", second, NOW, value)


def test_approved_value_is_read_at_the_date_that_was_proposed(proposed, second):
    assert approval.approve(proposed(basis="origin").pk, by=second, at=NOW).basis == "origin"


def test_value_rehearsed_for_a_proposal_is_the_one_that_approval_adds(proposed, second):
    proposal = proposed(basis="origin")
    rehearsed, added = proposal.as_value(), approval.approve(proposal.pk, by=second, at=NOW)
    for field in ("code", "valid_from", "value", "basis", "note", "set_by"):
        assert getattr(rehearsed, field) == getattr(added, field), field


@pytest.mark.parametrize(
    ("day", "approved"), [(MARCH - datetime.timedelta(days=1), True), (MARCH, True), (MARCH + datetime.timedelta(days=1), False)]
)
def test_proposal_can_be_approved_until_its_first_day(proposed, second, day, approved):
    proposal = proposed()
    assert Proposal.objects.waiting_for(second, today=day).exists() == approved
    if approved:
        approval.approve(proposal.pk, by=second, at=moment(day))
        return
    with pytest.raises(ValidationError) as refusal:
        approval.approve(proposal.pk, by=second, at=moment(day))
    assert list(refusal.value.message_dict) == ["valid_from"]
    assert term(MARCH) == "6 months" and Proposal.objects.open().get() == proposal
    approval.decline(proposal.pk, "Too late", by=second, at=moment(day))


def test_author_can_only_withdraw_and_others_can_only_decide(proposed, admin, second, agent):
    proposal = proposed()
    before = as_it_is()
    for act in (
        lambda: approval.approve(proposal.pk, by=admin, at=NOW),
        lambda: approval.decline(proposal.pk, "No", by=admin, at=NOW),
        lambda: approval.withdraw(proposal.pk, by=second, at=NOW),
        lambda: approval.approve(proposal.pk, by=agent, at=NOW),
    ):
        with pytest.raises(PermissionDenied):
            act()
    second.is_active = False
    with pytest.raises(PermissionDenied):
        approval.approve(proposal.pk, by=second, at=NOW)
    assert as_it_is() == before
    assert not Proposal.objects.waiting_for(admin, today=DAY).exists() and Proposal.objects.waiting_for(second, today=DAY).exists()


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501, "nul\x00"])
def test_declining_requires_a_reason(proposed, second, reason):
    proposal = proposed()
    with pytest.raises(ValidationError) as refusal:
        approval.decline(proposal.pk, reason, by=second, at=NOW)
    assert list(refusal.value.message_dict) == ["reason"]
    approval.decline(proposal.pk, " The carrier has not signed yet ", by=second, at=NOW)
    assert Proposal.objects.get().reason == "The carrier has not signed yet" and term(MARCH) == "6 months"


def test_first_of_two_decisions_is_final(proposed, admin, second):
    acts = {
        "approved": lambda pk: approval.approve(pk, by=second, at=NOW),
        "declined": lambda pk: approval.decline(pk, "Not yet", by=second, at=NOW),
        "withdrawn": lambda pk: approval.withdraw(pk, by=admin, at=NOW),
    }
    for month, (outcome, first) in enumerate(acts.items(), 1):
        proposal = proposed(day=datetime.date(2028, month, 1), value=f"{20 + month} months")
        first(proposal.pk)
        before = as_it_is()
        for again in acts.values():
            with pytest.raises(approval.Decided, match="already"):
                again(proposal.pk)
        assert as_it_is() == before and Proposal.objects.get(pk=proposal.pk).outcome == outcome


def test_repeated_proposal_is_one_and_a_day_has_one_open_proposal(proposed, second):
    first = proposed()
    assert proposed() == first and Proposal.objects.count() == 1
    with pytest.raises(ValidationError) as refusal:
        proposed(value="8 months")
    assert list(refusal.value.message_dict) == ["valid_from"]
    approval.decline(first.pk, "Eight", by=second, at=NOW)
    assert proposed(value="8 months").pk != first.pk


def test_proposal_is_validated_again_on_approval(proposed, admin, second, settings):
    proposal = proposed()
    settings.POLICY_APPROVAL = False
    add_value(CODE, MARCH, "7 months", "The same at once", second, DAY)
    with pytest.raises(ValidationError, match="already the value"):
        approval.approve(proposal.pk, by=second, at=NOW)
    assert PolicyValue.objects.count() == 1 and Proposal.objects.open().exists()


def test_disabling_approval_does_not_apply_open_proposals(proposed, admin, second, settings):
    proposal = proposed()
    settings.POLICY_APPROVAL = False
    assert term(MARCH) == "6 months"
    with pytest.raises(PermissionDenied):
        approval.approve(proposal.pk, by=admin, at=NOW)
    added = add_value(CODE, MARCH, "9 months", "Alone again", admin, DAY)
    assert isinstance(added, PolicyValue) and term(MARCH) == "9 months"
    approval.approve(proposal.pk, by=second, at=NOW)
    assert term(MARCH) == "7 months", "what was approved later for the same day replaces what was there"


CHANGES = [
    lambda rows, second: rows.update(note="Oops"),
    lambda rows, second: rows.update(value="70 months"),
    lambda rows, second: rows.delete(),
    lambda rows, second: rows.update(outcome="declined", decided_by=second, decided_at=NOW),  # without a reason
    lambda rows, second: rows.update(outcome="withdrawn", decided_by=second, decided_at=NOW),
    lambda rows, second: rows.update(outcome="withdrawn", decided_by=second),
    lambda rows, second: rows.update(outcome="approved", decided_by=second, decided_at=NOW),  # without a value
]


@pytest.mark.parametrize("change", CHANGES)
def test_database_protects_proposals_from_changes(proposed, second, change):
    proposed()
    before = as_it_is()
    with pytest.raises(DatabaseError), transaction.atomic():
        change(Proposal.objects.all(), second)
    assert as_it_is() == before


def test_database_protects_decisions_from_changes(proposed, admin, second):
    proposal = proposed()
    for forged in ({"decided_by": admin}, {"decided_by": second, "value": "70 months"}):  # the author; a value other than the approved one
        value = proposal.as_value()
        value.value = forged.get("value", value.value)
        with pytest.raises(DatabaseError), transaction.atomic():
            value.save()
            Proposal.objects.update(outcome="approved", decided_at=NOW, added=value, decided_by=forged["decided_by"])
    approval.approve(proposal.pk, by=second, at=NOW)
    before = as_it_is()
    for change in ({"reason": "Oops"}, {"outcome": "", "decided_by": None, "decided_at": None, "added": None}):
        with pytest.raises(DatabaseError, match="decided on once"), transaction.atomic():
            Proposal.objects.update(**change)
    with pytest.raises(DatabaseError, match="decided on once"), transaction.atomic():
        Proposal.objects.create(**row_of(admin), outcome="withdrawn", decided_by=admin, decided_at=NOW)
    assert as_it_is() == before


def row_of(admin):
    return {"code": CODE, "valid_from": MARCH, "value": "8 months", "note": "Why", "proposed_by": admin}


@pytest.mark.django_db(transaction=True)
def test_same_value_approved_for_two_days_at_the_same_moment_is_added_once(proposed, second):
    third = User.objects.create_user("cem@careline.example", full_name="Cem Third", role="admin")
    first, later = proposed(), proposed(day=MARCH + datetime.timedelta(days=30))
    approvals = [partial(approval.approve, row.pk, by=by, at=NOW) for row, by in ((first, second), (later, third))]
    value, refusal = meanwhile(approvals[0], 'INSERT INTO "policies_policyvalue"', approvals[1])
    assert PolicyValue.objects.get() == value
    assert refusal.message_dict == {"value": ["This is already the value from that day."]}
