"""PBXs with their licences and Commitments, of every term and role."""

from typing import NamedTuple

from dateutil.relativedelta import relativedelta as span

from estate.demo.names import SITES

TERMS = {"1m": span(months=1), "1y": span(years=1), "5y": span(years=5)}
PRICES = {"basic": "3.00", "essential": "7.50", "business": "11.00", "premium": "16.00", "teams": "2.90", "wizywebinar": "25.00"}


class Kind(NamedTuple):
    """A kind of PBX: product, term, age, version, licences, and a Commitment as (years, age)."""

    term: str
    age: span
    version: str
    licences: dict[str, int]
    product: str = "uc"
    commitment: tuple[int, span] | None = None
    read_only: bool = False
    clients: tuple[str, ...] = ()  # terms of the clients in its WMS network


# Assigned in turn, so that every partner with a dozen end users has them all.
KINDS = (
    Kind("1y", span(months=19), "6.05.20240312.1", {"basic": 12, "business": 8, "teams": 5}),
    Kind("1m", span(months=7, days=11), "5.04.20220309.1", {"essential": 9, "wizywebinar": 2}),
    Kind("1y", span(months=26), "6.05.20240312.1", {"business": 25, "premium": 4}, clients=("1y", "1m")),
    Kind("1y", span(months=16), "6.05.20240312.1", {"essential": 14, "premium": 3}, commitment=(3, span(months=10))),
    Kind("5y", span(years=3, months=2), "5.04.20220309.1", {"basic": 30, "essential": 10}),
    Kind("1m", span(months=14), "6.05.20240312.1", {"business": 11, "teams": 11}, product="xbees"),
    Kind("lifetime", span(years=9), "3.88", {"essential": 8, "business": 2}),
    Kind("1y", span(years=3, days=40), "5.03.20210623.1", {"essential": 6, "teams": 2}, commitment=(3, span(years=3, days=20))),
    Kind("1m", span(months=30), "5.02.20210301.4", {"basic": 18}, commitment=(5, span(years=2, months=4))),
    Kind("lifetime", span(years=6, months=5), "4.01.44081.22", {"basic": 5}, read_only=True),
    Kind("1y", span(years=2, months=11, days=25), "6.05.20240312.1", {"premium": 9}, product="xbees"),
    Kind("1y", span(years=4, months=11, days=29), "5.04.20220309.1", {"business": 7}, commitment=(5, span(years=4, months=11, days=27))),
)


def is_kept_long_enough(serial):
    """Return whether this is each partner's PBX whose numbers and devices are all old enough for termination."""
    return serial.endswith("0060")


def make(made, today):
    """Return the rows of pbxs.csv, licences.csv, commitments.csv and console.csv for the end users in `made`."""
    systems = {"pbxs.csv": [], "licences.csv": [], "commitments.csv": [], "console.csv": []}
    seen = {}
    for code, partner, _reseller, name, *_rest in made["end_users.csv"]:
        index = seen[partner] = seen.get(partner, -1) + 1
        _system(systems, f"PX{partner.removeprefix('DEMO'):0>2}{index + 1:03}", code, name, KINDS[index % len(KINDS)], today)
    return systems


def _system(systems, serial, end_user, name, kind, today):
    """Add a PBX with the clients of its network, its licences and its Commitment."""
    activated = today - kind.age
    role = "server" if kind.clients else "standalone"
    pbxs = [(f"{serial}0", kind.term, role, None)]
    pbxs += [(f"{serial}{number}", term, "client", f"{serial}0") for number, term in enumerate(kind.clients, 1)]
    for (pbx, term, wms_role, server), site in zip(pbxs, SITES, strict=False):
        expires = _expiry(activated, term, today)
        row = (pbx, end_user, f"{name} {site}", kind.product, term, activated, expires, kind.version, wms_role, server, kind.read_only)
        systems["pbxs.csv"].append(row)
        systems["console.csv"].append(_console(pbx, wms_role, server, kind, today))
    systems["licences.csv"] += [(f"{serial}0", type_, count, PRICES[type_], activated) for type_, count in kind.licences.items()]
    if kind.commitment:
        years, ago = kind.commitment
        starts = today - ago
        systems["commitments.csv"].append((f"{serial}0", years, starts, starts + span(years=years)))


def _console(pbx, role, server, kind, today):
    """Return the console report of a PBX: a third of the clients exceed their user limit, old LifeTime ones have their own network."""
    users = sum(kind.licences.values()) // 2 if role != "client" else 9 + 9 * (int(pbx[2:]) % 3)
    if kind.term == "lifetime" and not kind.read_only:
        role, server = "client", f"{pbx}-MAIN"
    return pbx, users, role, server, f"{today}T04:00:00Z"


def _expiry(activated, term, today):
    """Return the end of the current term; a LifeTime PBX has none."""
    if term not in TERMS:
        return None
    terms = 1
    while activated + TERMS[term] * terms <= today:
        terms += 1
    return activated + TERMS[term] * terms
