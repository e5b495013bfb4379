"""The rules about people, resellers and end users (ORG-1, ORG-2, ORG-3), one by one."""

from types import SimpleNamespace

import pytest

from partners import rules

NORA, SARA = (SimpleNamespace(pk=pk, email=f"{pk}@nord.example", partner_id=1, is_active=True) for pk in (1, 2))
KIEL = SimpleNamespace(pk=7, partner_id=1, code="R-KIEL", name="Kiel  IT")
BARI = SimpleNamespace(pk=8, partner_id=2, code="R-BARI", name="Bari IT")
BAKERY = SimpleNamespace(partner_id=1, reseller_id=7, code="E-1", name="Bakery")
DIRECT = SimpleNamespace(partner_id=1, reseller_id=None, code="E-2", name="Pub")
NORD = SimpleNamespace(pk=1)


@pytest.mark.parametrize(
    ("person", "others", "refused"),
    [(NORA, 0, True), (NORA, 1, False), (NORA, 2, False), (SARA, 0, False), (SARA, 1, False)],
)
def test_nobody_ends_their_own_last_access(person, others, refused):
    found = rules.somebody_keeps_access(person, actor=NORA, others=others)
    assert [(f.rule, f.effect) for f in found] == [("ORG-2", "deny")] * refused


def test_who_lost_the_access_changes_nothing_any_more():
    assert rules.actor_has_access(NORA) == []
    assert len(rules.actor_has_access(SimpleNamespace(is_active=False))) == 1


def test_a_link_goes_to_those_who_may_sign_in():
    assert rules.access_has_not_ended(NORA) == []
    assert len(rules.access_has_not_ended(SimpleNamespace(is_active=False, email="x@nord.example"))) == 1


def test_a_partner_changes_its_own_people():
    assert rules.is_contact_of(NORA, NORD) == []
    assert len(rules.is_contact_of(SimpleNamespace(partner_id=None), NORD)) == 1


@pytest.mark.parametrize(
    ("typed", "refused"),
    [("Kiel IT", False), ("  kiel   it ", False), ("KIEL IT", False), ("Kiel", True), ("Kiel ITT", True), ("", True), ("R-KIEL", True)],
)
def test_deleting_is_confirmed_by_the_name(typed, refused):
    found = rules.name_was_typed(KIEL, typed)
    assert [(f.rule, f.field) for f in found] == [("ORG-3", "typed")] * refused


def test_a_reseller_with_a_running_transfer_stays():
    assert rules.no_transfer_runs(KIEL, []) == rules.no_transfer_runs(None, [5]) == []
    (found,) = rules.no_transfer_runs(KIEL, [5, 9])
    assert found.rule == "ORG-3" and "request #5, request #9" in found.message


@pytest.mark.parametrize(("end_user", "reseller", "refused"), [(BAKERY, BARI, True), (BAKERY, KIEL, False), (BAKERY, None, False)])
def test_without_a_request_an_end_user_stays_with_its_partner(end_user, reseller, refused):
    assert [f.rule for f in rules.stays_with_partner(end_user, reseller)] == ["ORG-1"] * refused


@pytest.mark.parametrize(
    ("end_user", "reseller", "refused"), [(BAKERY, KIEL, True), (BAKERY, None, False), (DIRECT, None, True), (DIRECT, KIEL, False)]
)
def test_a_move_moves_something(end_user, reseller, refused):
    assert len(rules.goes_elsewhere(end_user, reseller)) == refused


def test_what_is_refused_says_why():
    rules.require([])
    with pytest.raises(rules.NotPossible, match="Type the name") as refused:
        rules.require(rules.name_was_typed(KIEL, ""))
    assert [f.rule for f in refused.value.findings] == ["ORG-3"]
