"""What a type charges, calculated from the price list."""

import datetime

from policies.book import PolicyBook
from tests.cases.facts import a_partner
from tickets.fees import fee


def test_fee_for_several_items_is_one_charge_that_states_the_count():
    asked = {"payer": a_partner(), "book": PolicyBook(datetime.date(2026, 11, 18))}
    told, one = fee("fee.did_transfer", "Transfer", **asked)
    told_of_three, three = fee("fee.did_transfer", "Transfer", count=3, **asked)
    assert three.amount == 3 * one.amount > 0 and three.fee == one.fee
    assert str(told.message).startswith("Transfer: ")
    assert f"{three.amount:.2f}" in told_of_three.message and told_of_three.message.startswith("3 × Transfer: ")
