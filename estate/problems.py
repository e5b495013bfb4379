"""Problems in the files of an import, with their locations."""

from collections import Counter
from typing import NamedTuple

from django.utils.translation import gettext as _


class Problem(NamedTuple):
    """One reason to refuse the files. `line` counts from 1, the header; 0 means the whole file, "" the whole line."""

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
    """The files were not imported; `problems` has all reasons."""

    def __init__(self, problems):
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def shortened(problems, most):
    """Return at most `most` problems per column of each file: one mistake is often in every line."""
    counts, first = Counter(), []
    for problem in problems:
        counts[problem.file, problem.column] += 1
        if counts[problem.file, problem.column] <= most:
            first.append(problem)
    return first
