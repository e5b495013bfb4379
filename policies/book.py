"""The policy book: all dated values as they apply to one request. Pure: rows are passed in, nothing is fetched."""

from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

from policies.catalog import POLICIES
from policies.catalog.declare import EVER
from policies.days import after

ONE_DAY = timedelta(days=1)
# Why an added value applies on no day: another value was added for the same day; it equals the value before it, which takes back what
# was announced for that day; or it became a repetition through a value added later for an earlier day.
REPLACED, TAKEN_BACK, KEPT = "replaced", "taken_back", "kept"


class UnknownPolicy(LookupError):
    """The catalogue does not declare the code, or the day precedes the first value."""


class Dated(NamedTuple):
    """A policy value with its start date; `basis` tells whether that date is compared with the request's or the origin's."""

    valid_from: object
    value: object
    basis: str


class Overlay(NamedTuple):
    """A value added on top of the catalogue."""

    code: str
    valid_from: object
    value: object
    basis: str


class PolicyBook:
    """Policy values for requests submitted on `on` (a date).

    `overlays` are rows with code, valid_from, value and basis ("" = as declared) that are added to the catalogue's own values. Of the
    values that have started by the relevant date (of the request or the origin), the one that started last is in force.
    """

    def __init__(self, on, overlays=()):
        self.on = on
        self._added, self._supposed, self._read = {}, {}, {}
        for row in overlays:
            self._added.setdefault(row.code, []).append(row)

    def at(self, day):
        """Return the same values as they apply to requests submitted on another day."""
        other = PolicyBook(day)
        other._added, other._supposed, other._read = self._added, self._supposed, self._read
        return other

    def supposing(self, code, value):
        """Return the same values, except that one of them has always been the given one."""
        other = self.at(self.on)
        other._supposed, other._read = {code: Dated(EVER, value, "request")}, {}
        return other

    def timeline(self, code):
        """Return all dated values of the code, oldest first; a value added later for the same day replaces the earlier one.

        A value equal to the one before its day permanently takes back what was announced for that day; a value that becomes equal to
        it through a later addition is no change.
        """
        if code not in self._read:
            self._read[code] = self._timeline(code)
        return self._read[code]

    def _timeline(self, code):
        declared = _declared(code)
        if code in self._supposed:
            return [self._supposed[code]]
        dated, _over = resolve_timeline(declared, self._added.get(code, ()))
        return [Dated(day, value, basis) for day, (value, basis, _row) in dated.items()]

    def dated(self, code, origin=None):
        """Return the value in force as a Dated; raises UnknownPolicy."""
        for candidate in reversed(self.timeline(code)):
            day = origin if candidate.basis == "origin" and origin else self.on
            if candidate.valid_from <= day:
                return candidate
        raise UnknownPolicy(f"{code} has no value on {self.on}.")

    def value(self, code, origin=None):
        """Return the value rules compute with: a Duration, Decimal, date, tuple or text. `origin` is the date of the thing judged."""
        return _declared(code).unit.read(self.dated(code, origin).value)

    def ends_on(self, code, start):
        """Return the date this duration after `start`, the date of the thing judged."""
        return after(start, self.value(code, origin=start))

    def over_on(self, code, start, *, since, today):
        """Return the first day, from `since` on, on which this duration from `start` has passed for a request submitted that same day.

        So announced values count from their start date. A request judged again after its own day (`today`) keeps its own value.
        """
        if self.on != today:
            return max(since, self.ends_on(code, start))
        begins = [since, *(dated.valid_from for dated in self.timeline(code) if dated.valid_from > since)]
        days = [max(day, self.at(day).ends_on(code, start)) for day in begins]
        return next(day for day, until in zip(days, [*begins[1:], None], strict=True) if until is None or day < until)

    def last_day(self, code, start):
        """Return the last day on which this duration from `start` has not passed, for a request submitted that same day.

        So announced values count from their start date. If the duration has already passed, the day returned is in the past.
        """
        last = self.ends_on(code, start)
        for dated in self.timeline(code):
            if self.on < dated.valid_from <= last + ONE_DAY:
                last = max(self.at(dated.valid_from).ends_on(code, start), dated.valid_from - ONE_DAY)
        return last

    def cite(self, *codes, origin=None):
        """Return the values in words, for a finding: {code: "6 months"}."""
        return {code: _declared(code).unit.show(self.dated(code, origin).value) for code in codes}


def resolve_timeline(policy, rows):
    """Return which values of a policy apply from which day, and which do not; `rows` were added to its own values in this order.

    The result is ({day: (value, basis, row or None)} by day, [(day, (value, basis, row), REPLACED, TAKEN_BACK or KEPT)]).
    """
    dated, over = {day: (value, policy.basis, None) for day, value in policy.start}, []
    for row in rows:
        day, content = row.valid_from, (row.value, row.basis or policy.basis, row)
        if day in dated:
            over.append((day, dated.pop(day), REPLACED))
        if _goes_on(dated, day, content):
            over.append((day, content, TAKEN_BACK))
        else:
            dated[day] = content
    days = sorted(dated)
    kept = [day for before, day in pairwise(days) if dated[before][:2] == dated[day][:2]]
    over += [(day, dated[day], KEPT) for day in kept]
    return {day: dated[day] for day in days if day not in kept}, over


def _goes_on(dated, day, content):
    """Return whether the content of a day equals the content in effect before it."""
    earlier = [other for other in dated if other < day]
    return bool(earlier) and dated[max(earlier)][:2] == content[:2]


def _declared(code):
    try:
        return POLICIES[code]
    except KeyError:
        raise UnknownPolicy(f"There is no policy value called {code}.") from None
