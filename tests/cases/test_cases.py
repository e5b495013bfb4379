"""The rulebook in cases: each YAML file is one ticket type, each case a situation and what the rules say about it, day by day.

A file has `always` (added to every day of every case, unless the case has its own), `given` (the usual facts and answers, which a case
changes) and `cases`. A case has a `title`, the rules it is `about`, its differences from `given`, optionally the day it was `asked_on`
when it is judged again later, with what was `quoted` then, or manually and `agreed` since, the `time` of judging in UTC where hours
matter, and `days`: a day and its verdict. The outcome comes first, then findings as `RULE effect field first-day-allowed`, or with
`final` where they cannot be set aside, then charges and credits as `fee amount currency payer`, with `if refused` where only a refusal
costs it. `tells` are words in the verdicts of all its days, where a sentence depends on the facts, `hides` words in none of them, and
`cites` the policy values that its findings name, or {code: value in words}.
"""

import datetime
from pathlib import Path

import pytest

from tests.cases.facts import FACTS, a_book, the_answers
from tests.yaml_files import read
from tickets.types import TYPES

FILES = {path.stem: read(path) for path in sorted(Path(__file__).parent.glob("*.yaml"))}
CITED = read(Path(__file__).parent / "facts" / "cited.yaml")
CASES = [(code, file, case, day) for code, file in FILES.items() for case in file["cases"] for day in case["days"]]

PARTS = {"title", "about", "boundary", "answers", "policies", "asked_on", "time", "days", "always", "tells", "hides", "cites"}


def merged(given, case):
    """Apply the case to the usual facts: tables of facts are changed entry by entry, everything else is replaced."""
    return given | {k: given[k] | v if isinstance(v, dict) and isinstance(given.get(k), dict) else v for k, v in case.items()}


def said(verdict):
    """Return a verdict in the notation of the case files."""
    findings = [
        " ".join(filter(None, (f.rule, f.effect, f.field, f.allowed_from and str(f.allowed_from), f.final and "final")))
        for f in verdict.findings
    ]
    charges = [
        f"{c.fee} {c.amount:.2f} {c.currency} {c.payer}" + (" if refused" if c.contingent else "")
        for c in (*verdict.charges, *verdict.credits)
    ]
    return [verdict.outcome, *sorted(findings + charges)]


def expected(file, case, day):
    outcome, *lines = case["days"][day]
    return [outcome, *sorted([*lines, *case.get("always", file["always"])])]


@pytest.mark.parametrize(("code", "file", "case", "day"), CASES, ids=[f"{code}: {case['title']}, {day}" for code, _f, case, day in CASES])
def test_case(code, file, case, day):
    facts = merged(file["given"], case)
    book = a_book(case.get("asked_on", day), case.get("policies", ()))
    hour = facts.get("time")
    at = hour and datetime.datetime.fromisoformat(f"{day} {hour}+00:00")
    verdict = TYPES[code].judge(the_answers(facts, at=at), book=book, today=day)
    says, wanted = said(verdict), expected(file, case, day)
    assert says == wanted, f"the rules say {says}, the case file {wanted}"
    told = " ".join(str(finding.message) for finding in verdict.findings)
    assert [words for words in case.get("tells", ()) if words not in told] == []
    assert [words for words in case.get("hides", ()) if words in told] == []
    cited = {policy: value for finding in verdict.findings for policy, value in finding.policy.items()}
    cites = case.get("cites", cited)
    assert (cited if isinstance(cites, dict) else sorted(cited)) == cites
    named = {(f"{finding.rule} {finding.effect}", " ".join(sorted(finding.policy)) or "nothing") for finding in verdict.findings}
    unlisted = [(finding, values) for finding, values in named if values not in CITED.get(finding, ["nothing"])]
    assert not unlisted, "tests/cases/facts/cited.yaml lists the policy values that each rule cites"


def is_charge(line):
    return line.startswith(("fee.", "delivery.", "price."))


@pytest.mark.parametrize("code", FILES)
def test_answers_are_fields_of_the_form(code):
    """An answer with a misspelt name would be ignored, and its case would test nothing."""
    known = TYPES[code].form.base_fields.keys()
    strange = {name for facts in (FILES[code]["given"], *FILES[code]["cases"]) for name in facts.get("answers", {}) if name not in known}
    assert strange == set(), f"the form of {code} has no such fields"


@pytest.mark.parametrize("code", FILES)
def test_parts_of_a_case_have_known_names(code):
    """Facts with a misspelt name would be ignored, too."""
    file = FILES[code]
    strange = {name for part in (file["given"], *file["cases"]) for name in part if name not in FACTS | PARTS}
    assert strange == set(), "tests/cases/facts/__init__.py lists the facts, tests/cases/test_cases.py the other parts"


@pytest.mark.parametrize("code", FILES)
def test_request_is_judged_while_its_form_is_being_filled_in(code):
    """The form is judged from the first answer on: with each answer alone, and with each one still missing."""
    facts, today = FILES[code]["given"], datetime.date(2026, 11, 18)
    given = facts["answers"]
    parts = [{}, *({name: value} for name, value in given.items()), *({n: v for n, v in given.items() if n != name} for name in given)]
    for part in parts:
        TYPES[code].judge(the_answers(facts | {"answers": part}), book=a_book(today), today=today)


@pytest.mark.parametrize("code", FILES)
def test_titles_are_unique(code):
    titles = [case["title"] for case in FILES[code]["cases"]]
    assert sorted(set(titles)) == sorted(titles)


@pytest.mark.parametrize("code", FILES)
def test_words_hidden_in_one_case_are_told_in_another(code):
    """Words that no verdict contains would be hidden everywhere."""
    told = [words for case in FILES[code]["cases"] for words in case.get("tells", ())]
    hidden = {words for case in FILES[code]["cases"] for words in case.get("hides", ())}
    assert {words for words in hidden if not any(words in line for line in told)} == set()


@pytest.mark.parametrize("kind", TYPES.values(), ids=list(TYPES))
def test_every_rule_of_a_type_has_its_cases(kind):
    """Each rule is the subject of a case in which it is silent, of one in which it applies, and of one on its boundary."""
    assert kind.code in FILES, f"tests/cases/{kind.code}.yaml is missing"
    file = FILES[kind.code]
    missing = []
    for rule in kind.rules:
        about = [case for case in file["cases"] if rule in case["about"]]
        speaks = {speaks_of(rule, file, case, day) for case in about for day in case["days"]}
        boundary = any(case.get("boundary") or len({tuple(sorted(case["days"][day])) for day in case["days"]}) > 1 for case in about)
        missing += [f"{rule} speaks"] if True not in speaks else []
        missing += [f"{rule} silent"] if False not in speaks and rule != "GEN-3" else []  # a price is not silent
        missing += [] if boundary else [f"{rule} at its boundary"]
    assert not missing, "no case `about` the rule in which it is so: section 4 of docs/adding_a_ticket_type.md"


def speaks_of(rule, file, case, day):
    """Return whether the rule says more on that day than it always says; the price list (GEN-3) shows in charges."""
    if rule == "GEN-3":
        return any(map(is_charge, expected(file, case, day)))
    return any(line.startswith(f"{rule} ") for line in case["days"][day])
