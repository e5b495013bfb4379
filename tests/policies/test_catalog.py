"""The catalogue and the rulebook are complete, agree with each other, and contain no figure outside the values."""

import datetime
import re
from collections import Counter

import pytest

from policies.book import PolicyBook
from policies.catalog import POLICIES, TOPICS
from policies.rulebook import RULES
from tests.policies.conftest import overlay

BOOK = PolicyBook(datetime.date(2026, 11, 18))
ALL = [pytest.param(entry, id=code) for code, entry in POLICIES.items()]


def test_every_value_is_declared_once():
    assert len(POLICIES) == sum(len(entries) for _topic, entries, _families in TOPICS)


@pytest.mark.parametrize("policy", ALL)
def test_policy_is_complete(policy):
    assert str(policy.sentence).count("{value}") == 1
    assert policy.basis == "request" or policy.origin
    assert policy.unit.show(BOOK.dated(policy.code).value) in policy.say(BOOK.dated(policy.code).value)


@pytest.mark.parametrize("policy", ALL)
def test_policy_sentence_contains_no_fixed_figure(policy):
    assert not re.search(r"\d", str(policy.sentence).replace("ISO 639", ""))


def test_every_policy_value_is_named_by_a_rule():
    assert {code for rule in RULES.values() for code in rule.policies} == set(POLICIES)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rule_contains_no_fixed_figure(rule):
    assert not re.search(r"\d", f"{rule.title} {rule.sentence}")
    assert "{" not in rule.say(BOOK)
    assert rule.article


def test_rule_families_are_numbered_without_gaps():
    families = Counter(rule.family for rule in RULES.values())
    assert sorted(families) == sorted(family for _topic, _entries, of_topic in TOPICS for family in of_topic)
    assert set(RULES) == {f"{family}-{number}" for family, count in families.items() for number in range(1, count + 1)}


def test_rule_states_the_value_of_its_day():
    row = overlay("did.minimum_term_months", datetime.date(2027, 3, 1), "7 months")
    assert "6 months" in RULES["DID-1"].say(PolicyBook(datetime.date(2027, 2, 28), [row]))
    assert "7 months" in RULES["DID-1"].say(PolicyBook(datetime.date(2027, 3, 1), [row]))
