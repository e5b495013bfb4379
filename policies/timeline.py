"""A policy's dated values as shown by pages and the API: in force, announced and past."""

import datetime
from dataclasses import dataclass

from policies.book import KEPT, REPLACED, TAKEN_BACK, resolve_timeline
from policies.catalog import POLICIES
from policies.catalog.declare import EVER, Policy
from policies.diff import ROWS, lines

ANNOUNCED, IN_FORCE, OLDER, PAST = "announced", "in_force", "older", "past"


@dataclass(frozen=True)
class Entry:
    """One dated value. `value` is the stored JSON, `shown` the same in words, `until` the first day of its successor.

    `state` is announced, in_force, older (still applies to items that began before its successor, not to new ones), past, replaced
    (by a value added later for the same day), taken_back (equal to the value before its day, so that it takes back what was announced
    for that day) or kept (repeats the value before it because of a value added later for an earlier day). The catalogue's own values
    have no author, note or time; approved values state who approved them and when they were proposed.
    """

    valid_from: datetime.date
    until: datetime.date | None
    value: object
    shown: str
    basis: str
    state: str
    note: str = ""
    set_by: str = ""
    set_at: datetime.datetime | None = None
    proposed_at: datetime.datetime | None = None
    approved_by: str = ""

    @property
    def since_ever(self):
        """Return whether the value has no start date, like the initial values from the FAQ."""
        return self.valid_from == EVER

    @property
    def last_day(self):
        """Return the last day on which it applies, or None if it has no successor."""
        return self.until and self.until - datetime.timedelta(days=1)


@dataclass(frozen=True)
class Timeline:
    """All entries of one policy, oldest first, as seen on one day."""

    policy: Policy
    entries: tuple

    def _of(self, *states):
        return [entry for entry in self.entries if entry.state in states]

    @property
    def in_force(self):
        return self._of(IN_FORCE)[0]

    def begun_on(self, day):
        """Return the past entry that began on this day (as text), to be used again; otherwise the one in force."""
        return next((entry for entry in self._of(PAST, OLDER) if entry.valid_from.isoformat() == day), self.in_force)

    def before(self, day):
        """Return the entry that would still apply if none began on this day."""
        return [entry for entry in self._of(PAST, OLDER, IN_FORCE, ANNOUNCED) if entry.valid_from < day][-1]

    def to_take_back(self, day):
        """Return the announced entry of this day (as text), or None."""
        return next((entry for entry in self.announced if entry.valid_from.isoformat() == day), None)

    @property
    def changes(self):
        """Return the announced changes as (Entry, the Entry before it), by start date."""
        return [(entry, self.before(entry.valid_from)) for entry in self.announced]

    @property
    def announced(self):
        return self._of(ANNOUNCED)

    @property
    def to_come(self):
        """Return the entries that begin later, including those that change nothing unless another value is set for an earlier day."""
        return self._of(ANNOUNCED, KEPT)

    @property
    def older(self):
        return self._of(OLDER)

    @property
    def past(self):
        """Return the entries that no longer apply, or never did, latest first."""
        return self._of(PAST, REPLACED, KEPT, TAKEN_BACK)[::-1]

    @property
    def next(self):
        return next(iter(self.announced), None)

    @property
    def sentence(self):
        """Return the policy's sentence with the value in force."""
        return self.policy.say(self.in_force.value)

    @property
    def parts(self):
        """Return the sentence in three parts: the text before the value, the value in words, the text after it."""
        before, _value, after = str(self.policy.sentence).partition("{value}")
        return before, self.policy.unit.show(self.in_force.value), after

    @property
    def bare_sentence(self):
        """Return the policy's sentence without a value."""
        return self.policy.tell("…").removesuffix(".")


def timeline(code, rows, today):
    """Return the Timeline of the policy `code` on the date `today`; `rows` are its PolicyValues in the order they were set."""
    policy = POLICIES[code]
    dated, over = resolve_timeline(policy, rows)
    days = list(dated)
    states = _states(days, dated, today)
    followers = [*days[1:], None]
    entries = [_entry(policy, day, until, *dated[day], states[day]) for day, until in zip(days, followers, strict=True)]
    entries += [_entry(policy, day, day, *content, state) for day, content, state in over]
    return Timeline(policy, tuple(sorted(entries, key=lambda entry: (entry.valid_from, entry.state not in (REPLACED, TAKEN_BACK)))))


def timelines(rows, today):
    """Return {code: Timeline} for all policies, given all PolicyValues in the order they were set."""
    of_code = {}
    for row in rows:
        of_code.setdefault(row.code, []).append(row)
    return {code: timeline(code, of_code.get(code, ()), today) for code in POLICIES}


def announced(of_code):
    """Return the announced changes of the given Timelines by start date: [(Timeline, Entry, the Entry before it, differing)].

    For tables and lists, `differing` holds the removed and added Lines, which are hard to spot in two full versions; else it is empty.
    """
    found = [(dated, entry, before) for dated in of_code.values() for entry, before in dated.changes]
    return [(*change, _differing(*change)) for change in sorted(found, key=lambda change: change[1].valid_from)]


def _differing(dated, entry, before):
    unit = dated.policy.unit
    return [line for line in lines(unit, before.value, entry.value) if line.sign] if unit.name in ROWS else []


def _states(days, dated, today):
    """Return {day: state}: the latest value that has begun is in force; while values apply to new items only, so is the one before."""
    states, state = {}, IN_FORCE
    for day in reversed(days):
        if day > today:
            states[day] = ANNOUNCED
            continue
        states[day] = state
        if state != PAST:
            state = OLDER if dated[day][1] == "origin" else PAST
    return states


def _entry(policy, day, until, value, basis, row, state):
    details = {"note": row.note, "set_by": str(row.set_by), "set_at": row.set_at} if row else {}
    if proposal := getattr(row, "proposal", None):
        details |= {"proposed_at": proposal.proposed_at, "approved_by": str(proposal.decided_by)}
    return Entry(day, until, value, policy.unit.show(value), basis, state, **details)
