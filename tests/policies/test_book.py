"""Which dated value applies, as cases that a non-programmer can read (tests/cases/policies/*.yaml)."""

import datetime
from pathlib import Path

import pytest

from policies.book import PolicyBook, UnknownPolicy
from policies.days import Duration
from tests.policies.conftest import overlay
from tests.yaml_files import read

FOLDER = Path(__file__).parent.parent / "cases" / "policies"


def _cases():
    for path in sorted(FOLDER.glob("*.yaml")):
        document = read(path)
        for case in document["cases"]:
            yield pytest.param(document, case, id=f"{path.stem}: {case['name']}")


@pytest.mark.parametrize(("document", "case"), list(_cases()))
def test_value_in_force(document, case):
    rows = [overlay(document["policy"], row["valid_from"], row["value"], row.get("basis", "")) for row in document["added"]]
    book = PolicyBook(case["on"], rows)
    assert book.cite(document["policy"], origin=case.get("origin")) == {document["policy"]: case["value"]}


def test_book_returns_typed_values():
    assert PolicyBook(datetime.date(2026, 1, 1)).value("did.minimum_term_months") == Duration(6, "month")


def test_unknown_codes_and_too_early_days_raise():
    with pytest.raises(UnknownPolicy):
        PolicyBook(datetime.date(2026, 1, 1)).value("no.such_policy")
    with pytest.raises(UnknownPolicy):
        PolicyBook(datetime.date(1989, 12, 31)).value("fee.did_transfer")
