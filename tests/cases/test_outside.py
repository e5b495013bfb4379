"""The rules that are not judged on requests, in cases: each YAML file in outside/ is one topic, each case some facts and the expected
lines.

A file names the function under test (`of`, see tests/cases/outside/*.py), the usual facts (`given`) and the fact that its cases vary
(`asks`); a case may have its own. A case has a `title`, the rules it is `about`, its differences from `given`, and in `says` each value
of that fact with the lines that the product returns, [] where it is silent. A rule's line begins with its code.
"""

from inspect import isfunction
from pathlib import Path

import pytest

from tests.cases.outside import access, articles, money, papers, people, service, staying, systems, times
from tests.cases.test_cases import merged
from tests.yaml_files import read

FOLDER = Path(__file__).parent / "outside"
FILES = {path.stem: read(path) for path in sorted(FOLDER.glob("*.yaml"))}
COMPUTED = {"access": access, "money": money, "service": service, "systems": systems, "articles": articles}
WITH_ROWS = {"papers": papers, "people": people, "staying": staying, "times": times}


def cases(modules):
    """Yield the cases of the functions in these modules, with all their facts."""
    for topic, file in FILES.items():
        usual = {name: file[name] for name in ("of", "asks") if name in file}
        for case in file["cases"]:
            facts = usual | merged(file["given"], case)
            if facts["of"].split(".")[0] in modules:
                yield pytest.param(facts, id=f"{topic}: {facts['title']}")


def function(facts, modules):
    module, name = facts["of"].split(".")
    return getattr(modules[module], name)


def lines_of(code, said):
    """Return only the rule's own lines."""
    return tuple(line for line in said if line.startswith(f"{code} "))


@pytest.mark.parametrize("facts", list(cases(COMPUTED)))
def test_case(facts):
    say = function(facts, COMPUTED)
    assert {value: say(facts | {facts["asks"]: value}) for value in facts["says"]} == facts["says"]


@pytest.mark.django_db
@pytest.mark.parametrize("facts", list(cases(WITH_ROWS)))
def test_case_with_rows(facts, request):
    say = function(facts, WITH_ROWS)(facts, request.getfixturevalue)
    assert {value: say(value) for value in facts["says"]} == facts["says"]


@pytest.mark.parametrize("topic", FILES)
def test_titles_are_unique(topic):
    titles = [case["title"] for case in FILES[topic]["cases"]]
    assert sorted(set(titles)) == sorted(titles)


def test_every_function_has_cases():
    asked = {facts.values[0]["of"] for facts in cases(COMPUTED | WITH_ROWS)}
    there = {
        f"{room}.{name}"
        for room, module in (COMPUTED | WITH_ROWS).items()
        for name, what in vars(module).items()
        if isfunction(what) and what.__module__ == module.__name__ and not name.startswith("_")
    }
    assert asked == there
