"""What a verdict cannot be."""

from decimal import Decimal

import pytest

from policies.verdict import Charge, Verdict


def a_charge(code):
    return Charge(code, "Renaming", Decimal("10.00"), "EUR", "NORD")


def test_a_code_is_charged_once():
    assert len(Verdict(charges=(a_charge("price.hardware:SN1"), a_charge("price.hardware:SN2"))).charges) == 2
    with pytest.raises(ValueError, match=r"fee\.did_label"):
        Verdict(charges=(a_charge("fee.did_label"), a_charge("fee.did_label")))
