"""The rules about resellers and end users (ORG-1, ORG-3), one by one."""

from types import SimpleNamespace

import pytest

from partners import rules

KIEL = SimpleNamespace(pk=7, partner_id=1, code="R-KIEL", name="Kiel  IT")
BARI = SimpleNamespace(pk=8, partner_id=2, code="R-BARI", name="Bari IT")
BAKERY = SimpleNamespace(partner_id=1, reseller_id=7, code="E-1", name="Bakery")
DIRECT = SimpleNamespace(partner_id=1, reseller_id=None, code="E-2", name="Pub")


def test_open_transfer_blocks_the_reseller():
    assert rules.no_transfer_runs(KIEL, []) == rules.no_transfer_runs(None, [5]) == []
    (found,) = rules.no_transfer_runs(KIEL, [5, 9])
    assert found.rule == "ORG-3" and "request #5, request #9" in found.message


@pytest.mark.parametrize(("end_user", "reseller", "refused"), [(BAKERY, BARI, True), (BAKERY, KIEL, False), (BAKERY, None, False)])
def test_end_user_cannot_change_partner_without_a_request(end_user, reseller, refused):
    assert [f.rule for f in rules.stays_with_partner(end_user, reseller)] == ["ORG-1"] * refused


@pytest.mark.parametrize(
    ("end_user", "reseller", "refused"), [(BAKERY, KIEL, True), (BAKERY, None, False), (DIRECT, None, True), (DIRECT, KIEL, False)]
)
def test_move_to_the_current_reseller_is_refused(end_user, reseller, refused):
    assert len(rules.reseller_changes(end_user, reseller)) == refused


def test_refusal_carries_its_findings():
    rules.require([])
    with pytest.raises(rules.NotPossible, match="Type the name") as refused:
        rules.require(rules.name_was_typed(KIEL, ""))
    assert [f.rule for f in refused.value.findings] == ["ORG-3"]
