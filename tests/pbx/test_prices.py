"""LIC-4: the price of more licences cites the dated values from which it was calculated."""

import datetime

import pytest

from tests.cases.facts import a_book, the_answers
from tickets.types import TYPES

TODAY = datetime.date(2026, 11, 18)
PRICES = "Basic 3.00; Essential 5.00; Business 8.00; Premium 11.00; Teams4Wildix 2.00; Wizywebinar 15.00"
DISCOUNT = "15 % for 3 years; 20 % for 5 years"


@pytest.mark.parametrize(
    ("licences", "commitments", "policy"),
    [
        ({"business": 20}, [], {}),
        ({}, [], {"licence.monthly_prices": PRICES}),
        ({"business": 20}, [(datetime.date(2026, 1, 1), 3)], {"commitment.discount": DISCOUNT}),
        ({}, [(datetime.date(2026, 1, 1), 3)], {"licence.monthly_prices": PRICES, "commitment.discount": DISCOUNT}),
    ],
)
def test_price_cites_the_policies_it_used(licences, commitments, policy):
    case = {"pbx": {"term": "1y", "expires_on": datetime.date(2027, 5, 18)}, "licences": licences, "commitments": commitments}
    answers = the_answers(case | {"answers": {"pbx": "PBX1", "changes": [{"licence_type": "business", "quantity": 22}]}})
    verdict = TYPES["licence_change"].judge(answers, book=a_book(TODAY), today=TODAY)
    assert [dict(finding.policy) for finding in verdict.findings if finding.effect == "charge"] == [policy]


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        (datetime.date(2027, 5, 18), "until 18 May 2027 (6 months), each at 10.00 a month"),
        (datetime.date(2026, 12, 18), "until 18 December 2026 (1 month), each at 10.00 a month"),
        (datetime.date(2026, 11, 28), "until 28 November 2026 (10 of 30 days), each at 10.00 a month"),
        (datetime.date(2026, 12, 28), "until 28 December 2026 (1 month and 10 of 31 days), each at 10.00 a month"),
    ],
)
def test_price_title_explains_its_calculation(ends, words):
    case = {"pbx": {"term": "1y", "expires_on": ends}, "licences": {"business": 20}}
    answers = the_answers(case | {"answers": {"pbx": "PBX1", "changes": [{"licence_type": "business", "quantity": 22}]}})
    (charge,) = TYPES["licence_change"].judge(answers, book=a_book(TODAY), today=TODAY).charges
    assert charge.title == f"2 × Business {words}"


def test_percentages_have_no_trailing_zeros():
    told = []
    for share in ("15", "12.5", "100"):
        added = [{"code": "commitment.discount", "from": TODAY, "value": [["3", share]]}]
        case = {"pbx": {"term": "1y", "expires_on": None}, "answers": {"pbx": "PBX1", "years": 3}}
        verdict = TYPES["commitment_request"].judge(the_answers(case), book=a_book(TODAY, added), today=TODAY)
        told += [str(finding.message) for finding in verdict.findings if finding.rule == "BIL-5"]
    assert [message.split(" cost ")[1].split(" less")[0] for message in told] == ["15 %", "12.5 %", "100 %"]
