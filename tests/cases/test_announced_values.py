"""An announced change of a duration applies to requests from its day on, and so does the first day that a refusal names."""

import datetime

import pytest

from billing.models import Invoice
from billing.rules import can_still_be_disputed
from policies.catalog import POLICIES
from policies.days import Duration
from policies.units import DurationUnit
from policies.verdict import DENY
from tests.cases.facts import a_book, the_answers
from tests.cases.test_cases import FILES, merged
from tickets.types import TYPES

ONE_DAY = datetime.timedelta(days=1)


def refusals(code, facts, policies, day):
    """Return {(rule, subject): finding} of the refusals for a request on that day."""
    verdict = TYPES[code].judge(the_answers(facts), book=a_book(day, policies), today=day)
    return {(finding.rule, finding.subject): finding for finding in verdict.findings if finding.effect == DENY}


def durations_in_refusals(code):
    """Yield what waits for a duration in the cases of a type: (title, facts, values, day, (rule, subject), policy)."""
    for case in FILES[code]["cases"]:
        facts, policies = merged(FILES[code]["given"], case), case.get("policies", ())
        for day, said in case["days"].items() if "asked_on" not in case else ():
            refused = refusals(code, facts, policies, day) if any(" deny " in line for line in said) else {}
            for key, finding in refused.items():
                cited = finding.policy if finding.allowed_from else ()
                yield from (
                    (case["title"], facts, policies, day, key, policy)
                    for policy in cited
                    if isinstance(POLICIES[policy].unit, DurationUnit)
                )


@pytest.mark.parametrize("code", FILES)
@pytest.mark.parametrize("amount", [1, 24])
def test_named_day_stays_first_despite_announced_values(code, amount):
    for title, facts, policies, day, refused, policy in durations_in_refusals(code):
        value = str(Duration(amount, POLICIES[policy].unit.default))
        announced = [*policies, {"code": policy, "from": day + ONE_DAY, "value": value, "basis": "request"}]
        free = refusals(code, facts, announced, day)[refused].allowed_from
        told = f"“{title}”, {day}: {refused[0]} names {free} with {policy} announced to be {value}; book.over_on finds the first day"
        assert refused not in refusals(code, facts, announced, free), told
        assert refused[1] in {subject for _rule, subject in refusals(code, facts, announced, free - ONE_DAY)}, told


@pytest.mark.parametrize(
    ("announced", "last"),
    [
        ({}, "2027-03-01"),
        ({"2027-01-10": "6 months"}, "2027-01-09"),
        ({"2027-01-10": "11 months"}, "2027-02-01"),
        ({"2027-02-01": "2 years"}, "2028-03-01"),
        ({"2027-02-01": "2 years", "2027-06-01": "1 day"}, "2027-05-31"),
        ({"2027-01-10": "6 months", "2027-02-01": "2 years"}, "2027-01-09"),
        ({"2027-03-02": "2 years"}, "2028-03-01"),
        ({"2027-03-03": "2 years"}, "2027-03-01"),
    ],
)
def test_named_last_day_stays_last_despite_announced_values(announced, last):
    invoice, today = Invoice(number="I-1", issued_on=datetime.date(2026, 3, 1)), datetime.date(2026, 11, 18)
    values = [
        {"code": "dispute.period", "from": datetime.date.fromisoformat(day), "value": value, "basis": "request"}
        for day, value in announced.items()
    ]
    book = a_book(today, values)
    told = book.last_day("dispute.period", invoice.issued_on)
    assert str(told) == last
    refused = [bool(can_still_be_disputed(invoice, book=book.at(day), field="invoice")) for day in (today, told, told + ONE_DAY)]
    assert refused == [False, False, True]


def test_values_for_new_invoices_leave_the_last_day_of_older_ones():
    values = [
        {"code": "dispute.period", "from": datetime.date.fromisoformat(day), "value": value, "basis": "origin"}
        for day, value in (("2026-06-01", "2 years"), ("2027-01-10", "6 months"))
    ]
    for added in (values[:1], values):
        book = a_book(datetime.date(2026, 11, 18), added)
        assert book.last_day("dispute.period", datetime.date(2026, 3, 1)) == datetime.date(2027, 3, 1)


def test_cases_cover_the_minimum_terms():
    assert {policy for code in FILES for *_rest, policy in durations_in_refusals(code)} >= {
        "did.minimum_term_months",
        "hwaas.minimum_term_months",
    }
