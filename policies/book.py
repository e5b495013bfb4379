"""The policy book: every dated value as it stands for one request. Pure: the rows come in, nothing is fetched."""

from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

from policies.catalog import POLICIES
from policies.catalog.declare import EVER
from policies.days import after

ONE_DAY = timedelta(days=1)
# Why a value that was added holds on no day: another was added for its day; it is what held before, so what was announced for
# its day is taken back; it has come to repeat what holds, by a value added later for an earlier day.
REPLACED, TAKEN_BACK, KEPT = "replaced", "taken_back", "kept"


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
        dated, _over = laid(declared, self._added.get(code, ()))
        return [Dated(day, value, basis) for day, (value, basis, _row) in dated.items()]

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

    def last_day(self, code, start):
        """The last day of those from the book's on on which this duration from `start` is not over, for who asks on that very day.

        So what is announced counts from its day on. Where it is over already, a day that has passed.
        """
        last = after(start, self.value(code, origin=start))
        for dated in self.timeline(code):
            if self.on < dated.valid_from <= last + ONE_DAY:
                last = max(after(start, self.at(dated.valid_from).value(code, origin=start)), dated.valid_from - ONE_DAY)
        return last

    def cite(self, *codes, origin=None):
        """The values used, in words, for a finding: {code: "6 months"}."""
        return {code: _declared(code).unit.show(self.dated(code, origin).value) for code in codes}


def laid(policy, rows):
    """What holds of a policy from which day on, and what does not; `rows` were added on top of its own values, in this order.

    Gives ({day: (value, basis, row or None)} by day, [(day, (value, basis, row), REPLACED, TAKEN_BACK or KEPT)]).
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
    """Whether the content of a day is what holds before it already."""
    earlier = [other for other in dated if other < day]
    return bool(earlier) and dated[max(earlier)][:2] == content[:2]


def _declared(code):
    try:
        return POLICIES[code]
    except KeyError:
        raise UnknownPolicy(f"No policy value is called {code}.") from None
