"""Every kind of bad row is refused in its place, whatever else is in the files, and nothing of the files is stored."""

from pathlib import Path

import pytest

from partners.models import Partner
from tests.thorough import share
from tests.yaml_files import read

CASES = read(Path(__file__).with_name("bad_rows.yaml"))


def with_row(text, number, row):
    lines = text.splitlines()
    lines[number - 1 : number] = [row]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("case", share(CASES), ids=lambda case: case["name"])
def test_bad_row_is_reported_in_its_line(case, good, refused):
    good[case["file"]] = with_row(good[case["file"]], case["line"], case["row"])
    found = refused(good)
    if case.get("echoes"):
        assert {problem[0] for problem in found} > {case["file"]}
        found = [problem for problem in found if problem[0] == case["file"]]
    assert found == [(case["file"], *problem) for problem in case["problems"]]
    assert not Partner.objects.exists()
