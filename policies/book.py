"""The policy book: every dated value as it stands for one request. Pure: the rows come in, nothing is fetched."""

from itertools import pairwise
from typing import NamedTuple

from policies.catalog import POLICIES
from policies.catalog.declare import EVER
from policies.days import after


class UnknownPolicy(LookupError):
    """A code that the catalogue does not declare, or a day before the first value."""


class Dated(NamedTuple):
    """One value of a policy from a day on; `basis` says whether the day is the request's or the origin's."""

    valid_from: object
    value: object
    basis: str


class Overlay(NamedTuple):
    """One value that was added on top of the catalogue."""

    code: str
    valid_from: object
    value: object
    basis: str


class PolicyBook:
    """Policy values for requests made on `on` (a date).

    `overlays` are rows with code, valid_from, value, basis ("" = as declared), which go on top of the catalogue's own.
    Of the values that have begun at their date (the request's, or the origin's) the one that began last is in force.
    """

    def __init__(self, on, overlays=()):
        self.on = on
        self._added, self._supposed, self._read = {}, {}, {}
        for row in overlays:
            self._added.setdefault(row.code, []).append(row)

    def at(self, day):
        """The same values as they stand for requests made on another day."""
        other = PolicyBook(day)
        other._added, other._supposed, other._read = self._added, self._supposed, self._read
        return other

    def supposing(self, code, value, basis):
        """The same values, but for one of them as if it had always been this one."""
        other = self.at(self.on)
        other._supposed, other._read = {code: Dated(EVER, value, basis or _declared(code).basis)}, {}
        return other

    def timeline(self, code):
        """All dated values of the code, oldest first; a value added later for the same day replaces the earlier one.

        One with what holds before its day takes back what was announced for it, for good; one that comes to repeat it is no change.
        """
        if code not in self._read:
            self._read[code] = self._timeline(code)
        return self._read[code]

    def _timeline(self, code):
        declared = _declared(code)
        if code in self._supposed:
            return [self._supposed[code]]
        dated = {day: Dated(day, value, declared.basis) for day, value in declared.start}
        for row in self._added.get(code, ()):
            added = Dated(row.valid_from, row.value, row.basis or declared.basis)
            if takes_back(dated, row.valid_from, added[1:], read=lambda one: one[1:]):
                dated.pop(row.valid_from, None)
            else:
                dated[row.valid_from] = added
        found = [dated[day] for day in sorted(dated)]
        return found[:1] + [later for before, later in pairwise(found) if before[1:] != later[1:]]

    def dated(self, code, origin=None):
        """The value in force as a Dated; raises UnknownPolicy."""
        for candidate in reversed(self.timeline(code)):
            day = origin if candidate.basis == "origin" and origin else self.on
            if candidate.valid_from <= day:
                return candidate
        raise UnknownPolicy(f"{code} has no value on {self.on}.")

    def value(self, code, origin=None):
        """What the rules compute with: a Duration, Decimal, date, tuple or text. `origin` is the date of the thing judged."""
        return _declared(code).unit.read(self.dated(code, origin).value)

    def over_on(self, code, start, *, since, today):
        """The first day from `since` on by which this duration from `start` is over, for who asks on that very day.

        So what is announced counts from its day on. A request that is judged again later than it was made (`today`) keeps its own value.
        """
        if self.on != today:
            return max(since, after(start, self.value(code, origin=start)))
        begins = [since, *(dated.valid_from for dated in self.timeline(code) if dated.valid_from > since)]
        days = [max(day, after(start, self.at(day).value(code, origin=start))) for day in begins]
        return next(day for day, until in zip(days, [*begins[1:], None], strict=True) if until is None or day < until)

    def cite(self, *codes, origin=None):
        """The values used, in words, for a finding: {code: "6 months"}."""
        return {code: _declared(code).unit.show(self.dated(code, origin).value) for code in codes}


def takes_back(dated, day, content, *, read):
    """Whether (value, basis) is what holds before a day already; `dated` is {day: what was set so far}, `read` finds the same in it."""
    earlier = [other for other in dated if other < day]
    return bool(earlier) and read(dated[max(earlier)]) == content


def _declared(code):
    try:
        return POLICIES[code]
    except KeyError:
        raise UnknownPolicy(f"No policy value is called {code}.") from None
