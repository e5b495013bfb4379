"""HW-6 and HW-7: who sees the start of HWaaS billing and its discount, and who sets it."""

import datetime

import pytest
from django.urls import reverse

from hwaas.billing_rules import Billed, quantity_discounts
from hwaas.discounts import discounts_of
from hwaas.models import BillingStart, Device, Item
from tests.cases.facts import a_book
from tests.cast import make_device, make_pbx
from tests.tickets.actions import set_policy


@pytest.mark.usefixtures("that_day")
def test_devices_page_shows_billing_start_and_discount(cast, client, today):
    set_policy("hwaas.quantity_discount", [["WP480", "1", "7"], ["WP480", "3", "9"]], datetime.date(2020, 1, 1), cast.admin)
    client.force_login(cast.nora)
    page = client.get(reverse("portal:devices")).content.decode()
    assert "billed from" in page and "1 device: 7 % since their renewal" in page and "2 more at a renewal would give 9 %" in page
    client.force_login(cast.sara)
    assert "HW-7" not in client.get(reverse("portal:devices")).content.decode()


def test_renewals_of_an_item_are_listed_by_day_with_unknown_ones_last(today):
    def billed(expires_on, count, term="1y"):
        return Billed(
            "WP480", "Phone", datetime.date(2020, 1, 1), term, None, expires_on and datetime.date.fromisoformat(expires_on), count
        )

    rows = [billed(None, 1, "lifetime"), billed("2027-10-01", 2), billed("2027-03-01", 3), billed("2031-10-01", 4, "5y")]
    rows += [billed("2027-05-01", 5), billed("2028-03-01", 6)]
    (found,) = quantity_discounts(rows, book=a_book(today), today=today)
    assert (found.item, found.name, found.quantity) == ("WP480", "Phone", 21)
    assert [(str(share.renews_on), share.count) for share in found.renewed] == [
        ("2026-03-01", 3),
        ("2026-05-01", 5),
        ("2026-10-01", 6),
    ]
    assert [(str(share.renews_on), share.count) for share in found.coming] == [("2028-03-01", 6), ("None", 1)]


STEPS = [["WP480", "20", "15"], ["WP480", "9", "12"], ["WP480", "5", "9"], ["WP480", "2", "7"], ["GATE", "8", "4"], ["DECT", "2", "3"]]


@pytest.fixture
def rented(cast, today):
    """Return HWaaS devices of four item codes on PBXs that renew at different times, and devices that do not count (a queryset)."""
    expiries = {"a": "2027-03-01", "b": "2027-05-01", "c": "2027-07-01", "d": "2027-10-01"}
    pbxs = {name: make_pbx(f"Q-{name}", cast.bakery, today, term="1y", expires_on=day) for name, day in expiries.items()}
    pbxs["new"] = make_pbx("Q-new", cast.bakery, today, term="5y", activated_on="2026-01-01", expires_on="2031-01-01")
    pbxs["ever"] = make_pbx("Q-ever", cast.bakery, today, term="lifetime", expires_on=None)
    old, recent = datetime.date(2020, 1, 1), datetime.date(2026, 6, 1)
    wanted = [(cast.item, name, old) for name in ("a", "b", "c", "d", "d")] + [(cast.item, "new", recent), (cast.item, "ever", recent)]
    wanted += [(cast.scarce, "a", old), (cast.scarce, "new", recent)]
    others = [Item.objects.create(code=code, name=code, capex_price=1, hwaas_monthly_price=1) for code in ("GATE", "PLUG")]
    wanted += [(item, "a", old) for item in others]
    for number, (item, name, since) in enumerate(wanted):
        make_device(f"Q{number}", item, pbxs[name], ownership="hwaas", billing_starts_on=since)
    make_device("Q-owned", cast.item, pbxs["a"], billing_starts_on=old)
    make_device("Q-returned", cast.item, pbxs["a"], ownership="hwaas", billing_starts_on=old, state="returned")
    make_device("Q-on-its-way", cast.item, pbxs["a"], ownership="hwaas")
    return Device.objects.filter(serial__startswith="Q")


def test_discounts_count_hwaas_devices_in_use_and_say_where_none_applies(rented, today):
    book = a_book(today, [{"code": "hwaas.quantity_discount", "from": datetime.date(2020, 1, 1), "value": STEPS}])
    found = discounts_of(rented, book=book, today=today)
    assert {row["item"]: (row["quantity"], row["next"], row["lines"]) for row in found["rows"]} == {
        "DECT": (
            2,
            "",
            [
                "1 device, renewed on 1 March 2026: no discount (1 counted).",
                "1 device: 3 % from their renewal on 1 January 2031 (2 counted).",
            ],
        ),
        "GATE": (1, "7 more at a renewal would give 4 %.", ["1 device, renewed on 1 March 2026: no discount (1 counted)."]),
        "WP480": (
            7,
            "2 more at a renewal would give 12 %.",
            [
                "1 device: 9 % since their renewal on 1 May 2026 (5 counted).",
                "1 device: 9 % since their renewal on 1 July 2026 (7 counted).",
                "2 devices: 9 % since their renewal on 1 October 2026 (7 counted).",
                "1 device: 9 % from their renewal on 1 January 2031 (7 counted).",
                "1 device: no known renewal of their PBX, so no discount applies.",
                "1 more renewal",
            ],
        ),
    }


def test_staff_change_the_billing_start_only_with_a_reason(cast, client):
    address = reverse("admin:hwaas_device_change", args=[cast.service.pk])
    client.force_login(cast.admin)
    assert ">none</div>" in client.get(address).content.decode()
    client.post(address, {"billing_starts_on": "2026-05-01", "reason": " "})
    client.post(address, {"billing_starts_on": cast.service.billing_starts_on.isoformat(), "reason": "The same."})
    client.post(address, {"billing_starts_on": (cast.service.ordered_on - datetime.timedelta(days=1)).isoformat(), "reason": "Too early."})
    assert not BillingStart.objects.exists()
    client.post(address, {"billing_starts_on": "2026-05-01", "reason": "Lost for weeks by the carrier."})
    kept = BillingStart.objects.get()
    assert (kept.previous, kept.starts_on, kept.set_by) == (cast.service.billing_starts_on, datetime.date(2026, 5, 1), cast.admin)
    cast.service.refresh_from_db()
    assert cast.service.billing_starts_on == kept.starts_on
    assert "Lost for weeks by the carrier." in client.get(address).content.decode()
    owned = reverse("admin:hwaas_device_change", args=[cast.phone.pk])
    assert client.post(owned, {"billing_starts_on": "2026-05-01", "reason": "Owned."}).status_code == 403
