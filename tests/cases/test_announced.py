"""A duration that is announced to change counts for who asks from its day on: so does the first day that a refusal names."""

import datetime

import pytest

from policies.catalog import POLICIES
from policies.days import Duration
from policies.units import DurationUnit
from policies.verdict import DENY
from tests.cases.facts import a_book, the_answers
from tests.cases.test_cases import FILES, merged
from tickets.types import TYPES

ONE_DAY = datetime.timedelta(days=1)


def refusals(code, facts, policies, day):
    """{(rule, subject): finding} of what is denied to who asks that day."""
    verdict = TYPES[code].judge(the_answers(facts), book=a_book(day, policies), today=day)
    return {(finding.rule, finding.subject): finding for finding in verdict.findings if finding.effect == DENY}


def held(code):
    """What waits for a duration in the cases of a type: (title, facts, values, day, (rule, subject), policy)."""
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
def test_the_day_that_is_named_is_the_first_whatever_is_announced_for_tomorrow(code, amount):
    for title, facts, policies, day, refused, policy in held(code):
        value = str(Duration(amount, POLICIES[policy].unit.default))
        announced = [*policies, {"code": policy, "from": day + ONE_DAY, "value": value, "basis": "request"}]
        free = refusals(code, facts, announced, day)[refused].allowed_from
        told = f"“{title}”, {day}: {refused[0]} names {free} with {policy} announced to be {value}; book.over_on finds the first day"
        assert refused not in refusals(code, facts, announced, free), told
        assert refused[1] in {subject for _rule, subject in refusals(code, facts, announced, free - ONE_DAY)}, told


def test_there_are_such():
    assert {policy for code in FILES for *_rest, policy in held(code)} >= {"did.minimum_term_months", "hwaas.minimum_term_months"}
