"""What is wrong with the files of an import, each thing at its place."""

from collections import Counter
from typing import NamedTuple

from django.utils.translation import gettext as _


class Problem(NamedTuple):
    """One reason why files are refused. `line` counts from 1, the header's line; 0 and "" mean the whole file, the whole line."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self):
        place = [self.file]
        if self.line:
            place.append(_("line %(line)d") % {"line": self.line})
        if self.column:
            place.append(_("column %(column)s") % {"column": self.column})
        return f"{', '.join(place)}: {self.reason}"


class ImportRefused(Exception):
    """The files were not imported; `problems` is everything that is wrong with them."""

    def __init__(self, problems):
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def shortened(problems, most):
    """The first `most` of each column of each file: one mistake is often in every line."""
    counts, first = Counter(), []
    for problem in problems:
        counts[problem.file, problem.column] += 1
        if counts[problem.file, problem.column] <= most:
            first.append(problem)
    return first
