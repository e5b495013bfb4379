"""LIC-3 and GEN-2: the day that a refusal names is the first free one, whatever hour or date it is about; and no rule is missing."""

import ast
import calendar
import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from policies.verdict import DENIED, DENY
from tests.cases.facts import a_book, a_did, a_partner, a_pbx
from tests.cases.test_first_free_day import DAYS, ONE_DAY
from tests.house.files import nodes, product_files, text
from tests.thorough import tries
from tickets.answers import Answers
from tickets.dates import named_dates
from tickets.fields import DidChoice
from tickets.types import TYPES

# The rules that name a first day, each tested by a property over dates in tests/cases/test_first_free_day*.py.
JUDGED = {"COM-1", "COM-4", "DID-1", "DID-2", "DID-17", "GEN-2", "HW-1", "HW-2", "HW-8", "LIC-3"}


@settings(max_examples=tries(200), deadline=None)
@given(day=DAYS, clock=st.times(), is_last=st.booleans())
def test_blackout_ends_with_its_day(day, clock, is_last):
    day = day.replace(day=calendar.monthrange(day.year, day.month)[1]) if is_last else day
    pbx = a_pbx(term="1y", expires_on=datetime.date(2040, 1, 1))
    pbx._prefetched_objects_cache |= {"licences": [], "dids": [], "devices": []}

    def judged(on):
        at = datetime.datetime.combine(on, clock, datetime.UTC)
        answers = Answers({"pbx": pbx, "changes": [{"licence_type": "business", "quantity": 2}]}, partner=a_partner(), at=at)
        return TYPES["licence_change"].judge(answers, book=a_book(on), today=on)

    verdict = judged(day)
    is_dark = clock.hour >= 22 and (day + ONE_DAY).day == 1
    assert (verdict.outcome == DENIED) == is_dark
    if is_dark:
        (refusal,) = [finding for finding in verdict.findings if finding.effect == DENY]
        assert (refusal.rule, refusal.allowed_from) == ("LIC-3", day + ONE_DAY)
        assert judged(refusal.allowed_from).outcome != DENIED


@settings(max_examples=tries(200), deadline=None)
@given(today=DAYS, ahead=st.integers(-30, 300))
def test_text_naming_a_later_day_is_free_on_that_day(today, ahead):
    named = today + datetime.timedelta(days=ahead)
    did = a_did(a_pbx(), activated_on=datetime.date(2015, 1, 1))

    def judged(on):
        told = {"dids": [DidChoice(did, did.number)], "message": f"Please cancel this number on {named:%d %B %Y}, thank you very much."}
        return TYPES["did_cancel"].judge(Answers(told, partner=a_partner()), book=a_book(on), today=on)

    verdict = judged(today)
    assert (verdict.outcome == DENIED) == (ahead > 0)
    if ahead > 0:
        (refusal,) = [finding for finding in verdict.findings if finding.effect == DENY]
        assert (refusal.rule, refusal.allowed_from) == ("GEN-2", named)
        assert judged(named - ONE_DAY).outcome == DENIED
        assert judged(named).outcome != DENIED


def test_every_rule_that_names_a_first_day_is_covered():
    """A finding gives its day as its sixth argument or by name; rules passed in are those of the callers."""
    files = [path for path in product_files() if "Finding(" in text(path)]
    calls = [node for path in files for node in nodes(path) if isinstance(node, ast.Call)]
    findings = [call for call in calls if getattr(call.func, "id", "") == "Finding" and len(call.args) > 1]
    denials = [call for call in findings if getattr(call.args[1], "id", "") == "DENY" and isinstance(call.args[0], ast.Constant)]
    dated = [call for call in denials if len(call.args) > 5 or "allowed_from" in {given.arg for given in call.keywords}]
    found = {call.args[0].value for call in dated}
    assert len(found) > 5
    told = "judge it on any dates: by ANSWERS of test_first_free_day_of_services.py, or a property of its own in test_first_free_day*.py"
    assert found - JUDGED == set(), f"{told}; then add it to JUDGED"


def test_adversarially_slow_text_is_still_read():
    assert named_dates("invoice " * 400 + "1/3/27 " * 800, today=datetime.date(2026, 11, 27)) == [datetime.date(2027, 3, 1)]
