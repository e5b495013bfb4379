"""Price list items, devices of every age and ownership, and orders in transit."""

import datetime
from typing import NamedTuple

from dateutil.relativedelta import relativedelta as span

from estate.demo.names import PARTNERS
from estate.demo.systems import is_kept_long_enough

DEVICES_PER_PBX = 6
SHIPPED_AFTER = datetime.timedelta(days=4)

ITEMS = (
    ("DP-220", "Desk phone 220", "119.00", "4.50", 140),
    ("DP-500V", "Desk phone 500 with video", "329.00", "11.20", 22),
    ("DECT-B1", "DECT base station", "249.00", "8.60", 0),
    ("DECT-H1", "DECT handset", "139.00", "5.10", 61),
    ("HS-ONE", "Headset, one ear", "75.00", "2.70", 0),
    ("HS-TWO", "Headset, both ears", "95.00", "3.40", 300),
    ("SRV-S", "PBX appliance, small", "650.00", "18.90", 9),
    ("SRV-M", "PBX appliance, medium", "1240.00", "34.50", 3),
    ("GW-8", "Gateway, 8 analogue ports", "395.00", "12.90", 12),
    ("GW-E1", "Gateway, E1", "940.00", "27.50", 1),
)


class Situation(NamedTuple):
    """A demo device: hw (owned) or hwaas, how long ago it was ordered, whether the warranty document exists."""

    ownership: str
    age: span
    document: bool = False
    is_shipped: bool = True


SITUATIONS = (
    Situation("hwaas", span(months=14)),
    Situation("hw", span(months=5)),
    Situation("hwaas", span(months=2)),
    Situation("hw", span(months=31), document=True),
    Situation("hwaas", span(months=6, days=18)),  # billed for six months today
    Situation("hw", span(days=9)),
    Situation("hw", span(months=31)),
    Situation("hwaas", span(days=3), is_shipped=False),
    Situation("hw", span(months=11, days=28)),
    Situation("hwaas", span(months=40), document=True),
    Situation("hw", span(months=58), document=True),
    Situation("hw", span(years=1)),
    Situation("hw", span(years=7)),
)

# Days since an order was placed and dispatched, the carrier, and whether it has a tracking number.
ORDERS = (
    (1, None, None, False),
    (6, 2, "DHL", True),
    (3, None, None, False),
    (20, 15, "UPS", True),
    (34, 30, "GLS", False),
    (200, 196, "DHL", True),
)


def make(made, today):
    """Return the rows of items.csv, devices.csv and orders.csv for the PBXs in `made`."""
    devices = [
        _device(index, serial, today) for index, serial in enumerate(pbx[0] for pbx in made["pbxs.csv"] for _ in range(DEVICES_PER_PBX))
    ]
    orders = [_order(company, number, order, today) for company in PARTNERS for number, order in enumerate(ORDERS, 1)]
    return {"items.csv": list(ITEMS), "devices.csv": devices, "orders.csv": orders}


def _device(index, pbx, today):
    what = SITUATIONS[index % len(SITUATIONS)]
    if what.ownership == "hwaas" and is_kept_long_enough(pbx):
        what = what._replace(age=span(months=14), is_shipped=True)
    ordered = today - what.age
    item = ITEMS[index * 7 % len(ITEMS)][0]
    shipped = ordered + SHIPPED_AFTER if what.is_shipped else None
    # The import derives the start of HWaaS billing (HW-6).
    return f"SN{index * 9973 % 1_000_000:06}{index % 10}", item, pbx, what.ownership, ordered, shipped, None, what.document


def _order(company, number, order, today):
    placed, dispatched, carrier, is_tracked = order
    code = f"SO-{company.code}-{number:03}"
    tracking = f"TRK{company.code[-1]}{number:02}{placed * 7717 % 100000:05}" if is_tracked else None
    dispatched_on = today - datetime.timedelta(days=dispatched) if dispatched else None
    return code, company.code, company.country, today - datetime.timedelta(days=placed), dispatched_on, carrier, tracking
