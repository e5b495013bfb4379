"""DIDs in every situation that a rule distinguishes, and calls made with them."""

import datetime
import random
from typing import NamedTuple

from dateutil.relativedelta import relativedelta as span

from estate.demo.names import PARTNERS
from estate.demo.systems import is_kept_long_enough
from policies.days import add_business_days

CALLS = 3000
CALL_DAYS = 90
DIDS_PER_PBX = 4
MONTHLY = {0: "1.50", 1: "5.97", 2: "23.77"}


class Situation(NamedTuple):
    """A demo DID: how long ago it was activated, or in how many business days it is to be ported."""

    kind: str
    status: str = "active"
    places: int = 0  # number of trailing X
    age: span | None = None
    ports_in: int | None = None
    confirmed: bool = False


SITUATIONS = (
    Situation("new", age=span(months=15)),
    Situation("ported", "ordered", ports_in=3, confirmed=True),
    Situation("ported", places=1, age=span(months=20)),
    Situation("new", age=span(days=20)),
    Situation("ported", "ordered", ports_in=5, confirmed=True),
    Situation("new", age=span(months=6)),
    Situation("ported", "ordered", ports_in=6, confirmed=True),
    Situation("new", places=2, age=span(months=13)),
    Situation("freephone", age=span(months=9)),
    Situation("ported", "ordered", ports_in=12, confirmed=True),
    Situation("new", age=span(months=6, days=-1)),
    Situation("outbound", age=span(months=8)),
    Situation("ported", "ordered", ports_in=9),
    Situation("new", "ordered"),
    Situation("ported", "outgoing_only", age=span(months=30)),
    Situation("new", places=1, age=span(months=1)),
    Situation("new", "cancelled", age=span(months=26)),
    Situation("ported", "ordered"),
    Situation("new", age=span(months=3, days=4)),
)


def make(made, today):
    """Return the rows of dids.csv and calls.csv for the PBXs in `made`."""
    owners = {code: partner for code, partner, *_rest in made["end_users.csv"]}
    by_partner = {company.code: [] for company in PARTNERS}
    for serial, end_user, *_rest in made["pbxs.csv"]:
        by_partner[owners[end_user]].append(serial)
    dids = [did for company in PARTNERS for did in _dids(company, by_partner[company.code], today)]
    return {"dids.csv": dids, "calls.csv": list(_calls(dids, today))}


def _dids(company, serials, today):
    free = 100  # the next free number of the partner's 10,000
    for index in range(len(serials) * DIDS_PER_PBX):
        what, serial = SITUATIONS[index % len(SITUATIONS)], serials[index // DIDS_PER_PBX]
        if is_kept_long_enough(serial):
            what = what._replace(status="active", age=span(months=15), ports_in=None, confirmed=False)
        size = 10**what.places
        first = -(-free // size) * size
        free = first + size
        number = f"{company.prefix}{first:04}"
        activated = today - what.age if what.age else None
        ported = add_business_days(today, what.ports_in, company.country) if what.ports_in else None
        yield (
            number[: len(number) - what.places] + "X" * what.places,
            serial,
            what.kind,
            company.country,
            what.status,
            activated,
            ported,
            what.confirmed,
            # A partner's own numbers are outgoing only here; their migration codes are with another provider.
            "" if what.kind == "outbound" else f"MC{company.country}{index * 7919 % 90000 + 10000}",
            MONTHLY[what.places],
        )


def _calls(dids, today):
    chance = random.Random("calls of the demo")  # noqa: S311  no secret; yields the same calls every time
    numbers = [number for number, _pbx, _kind, _country, status, *_rest in dids if status == "active"]
    midnight = datetime.datetime.combine(today, datetime.time(), datetime.UTC)
    for index in range(CALLS):
        number = chance.choice(numbers)
        while "X" in number:
            number = number.replace("X", str(chance.randrange(10)), 1)
        started = (
            midnight
            - datetime.timedelta(days=chance.randint(1, CALL_DAYS))
            + datetime.timedelta(seconds=chance.randint(7 * 3600, 19 * 3600))
        )
        seconds = chance.choice((0, 0, 17, 45, 80, 150, 320, 900)) + chance.randrange(15)
        direction = chance.choice(("in", "out"))
        other = f"+{chance.choice((33, 34, 39, 44, 49))}{chance.randrange(10**8, 10**9)}"
        price = f"{seconds / 60 * 0.021:.4f}" if direction == "out" else "0.0000"
        yield (
            f"DEMO-{index + 1:06}",
            number,
            f"ext{chance.randint(101, 140)}",
            f"{started:%Y-%m-%dT%H:%M:%SZ}",
            seconds,
            direction,
            other,
            price,
        )
