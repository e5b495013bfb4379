"""What a verdict must not be, and what its findings and charges state by themselves."""

from decimal import Decimal

import pytest

from policies.verdict import CHARGE, DENY, REQUIRE, WARN, Charge, Finding, Verdict


def a_charge(code):
    return Charge(code, "Renaming", Decimal("10.00"), "EUR", "NORD")


def test_fee_code_is_charged_only_once():
    assert len(Verdict(charges=(a_charge("price.hardware:SN1"), a_charge("price.hardware:SN2"))).charges) == 2
    with pytest.raises(ValueError, match=r"fee\.did_label"):
        Verdict(charges=(a_charge("fee.did_label"), a_charge("fee.did_label")))


@pytest.mark.parametrize(("effect", "named", "needs"), [(REQUIRE, "", "approval"), (REQUIRE, "consent", "consent"), (DENY, "", "")])
def test_requirement_needs_approval_by_default(effect, named, needs):
    finding = Finding("GEN-1", effect, "Look.", needs=named)
    assert (finding.needs, finding.as_json().get("needs", "")) == (needs, needs)


@pytest.mark.parametrize(
    ("effect", "needs", "blocks", "overridable"),
    [
        (DENY, "", True, True),
        (REQUIRE, "approval", False, True),
        (REQUIRE, "consent", True, True),
        (REQUIRE, "document", True, True),
        (REQUIRE, "quote", True, True),
        (WARN, "", False, False),
        (CHARGE, "", False, False),
    ],
)
def test_what_blocks_execution_and_what_can_be_overridden(effect, needs, blocks, overridable):
    for final in (False, True):
        finding = Finding("GEN-1", effect, "Look.", needs=needs, final=final)
        assert (finding.blocks, finding.may_be_overridden) == (blocks, overridable and not final)
    overridden = Finding("GEN-1", effect, "Look.", needs=needs, overridden="Lea: it was agreed")
    assert (overridden.blocks, overridden.may_be_overridden) == (False, False)


def test_overridden_finding_no_longer_decides_the_outcome():
    findings = [Finding(rule, effect, "Look.") for rule, effect in (("GEN-1", DENY), ("GEN-2", REQUIRE))]
    verdict = Verdict(tuple(findings))
    assert verdict.outcome == "denied"
    assert verdict.overridden({"GEN-1": "Lea: agreed"}).outcome == "needs_review"
    assert verdict.overridden({"GEN-1": "Lea: agreed", "GEN-2": "Lea: agreed"}).outcome == "allowed"


@pytest.mark.parametrize(("moment", "contingent"), [("executed", False), ("rejected_unjustified", True), ("rejected_again", True)])
def test_charge_is_contingent_only_if_due_on_rejection(moment, contingent):
    charge = Charge("fee.x", "Fee", Decimal(10), "EUR", "NORD", moment)
    assert (charge.contingent, charge.as_json().get("contingent", False)) == (contingent, contingent)
