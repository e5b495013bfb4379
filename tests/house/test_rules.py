"""Every rule of the rulebook has cases in which it applies, in which it is silent, and on its boundary (tests/cases/)."""

from policies.rulebook import RULES, classound, company, general, hwaas, licences
from tests.cases import test_cases, test_outside

WANTED = {"speaks", "silent", "boundary"}


def of_requests(code):
    """Return what the case files of the request types prove about a rule."""
    about = [(file, case) for file in test_cases.FILES.values() for case in file["cases"] if code in case["about"]]
    spoken = {test_cases.speaks_of(code, file, case, day) for file, case in about for day in case["days"]}
    boundary = any(case.get("boundary") or len({tuple(sorted(said)) for said in case["days"].values()}) > 1 for _file, case in about)
    return proofs(spoken, boundary)


def outside_requests(code):
    """Return what the other case files prove about it: on its boundary it says something else about one value than about another."""
    about = [case for file in test_outside.FILES.values() for case in file["cases"] if code in case["about"]]
    lines = [{test_outside.lines_of(code, said) for said in case["says"].values()} for case in about]
    spoken = {bool(said) for said_of_case in lines for said in said_of_case}
    return proofs(spoken, any(case.get("boundary") or len(said) > 1 for case, said in zip(about, lines, strict=True)))


def proofs(spoken, boundary):
    return {name for name, is_there in (("speaks", True in spoken), ("silent", False in spoken), ("boundary", boundary)) if is_there}


def test_every_rule_is_covered_by_cases():
    missing = {code: sorted(WANTED - of_requests(code) - outside_requests(code)) for code in RULES}
    missing = {code: what for code, what in missing.items() if what}
    assert missing == {}, "no case of tests/cases/ is `about` these rules in which they are so"


def test_each_rule_has_a_code_of_its_own():
    """A second rule with a code would replace the first in RULES."""
    codes = [rule.code for module in (general, classound, hwaas, licences, company) for rule in module.RULES]
    assert sorted(codes) == sorted(RULES), "two rules have the same code: give the new one the family's next free code"


def test_cases_cite_existing_rules():
    files = [*test_cases.FILES.values(), *test_outside.FILES.values()]
    assert {code for file in files for case in file["cases"] for code in case["about"]} - set(RULES) == set(), "no rule has these codes"
