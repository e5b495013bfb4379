"""HW-6 and HW-7: from when HWaaS is billed and discounted, and who sees and sets it."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from hwaas.billing_rules import Billed, billing_start, quantity_discounts
from hwaas.models import BillingStart
from tests.cases.facts import a_book
from tests.tickets.acts import tune

TABLE = [["WP480", "2", "5"], ["WP480", "10", "12.5"], ["DECT", "1", "3"]]
STEPS = {"code": "hwaas.quantity_discount", "from": datetime.date(2026, 1, 1), "value": TABLE}


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(("shipped", "starts"), [("2026-01-31", "2026-02-14"), ("2024-02-15", "2024-02-29"), ("1950-01-01", None)])
def test_billing_starts_some_days_after_the_shipment(shipped, starts):
    """HW-6."""
    assert billing_start(day(shipped), book=a_book(None)) == (starts and day(starts))


def billed(item, starts, count, *, term="1y", activated="2024-06-01", expires="2027-06-01"):
    return Billed(item, item.title(), day(starts), term, activated and day(activated), expires and day(expires), count)


def discounts(today, *rows, policies=(STEPS,)):
    found = quantity_discounts(rows, book=a_book(day(today), policies), today=day(today))
    return {
        item.item: [(str(share.renews_on), share.percent, share.count, share.counted) for share in (*item.renewed, *item.coming)]
        for item in found
    }


def test_a_discount_holds_only_after_the_renewal():
    """HW-7 on its boundary: what is billed before the renewal is discounted from that very day on."""
    young = billed("WP480", "2026-05-31", 2)
    before = discounts("2026-05-31", young._replace(expires_on=day("2026-06-01")))
    assert before == {"WP480": [("2026-06-01", Decimal(5), 2, 2)]}
    assert discounts("2026-06-01", young) == {"WP480": [("2026-06-01", Decimal(5), 2, 2)]}
    # Billed on the day of the renewal, or under the first term, is not renewed yet.
    assert discounts("2026-06-02", billed("WP480", "2026-06-01", 2)) == {"WP480": [("2027-06-01", Decimal(5), 2, 2)]}
    first_term = billed("WP480", "2026-05-01", 2, activated="2026-06-01")
    assert discounts("2026-06-02", first_term) == {"WP480": [("2027-06-01", Decimal(5), 2, 2)]}


def test_quantities_are_counted_per_item_code_and_at_the_renewal():
    """HW-7: nine and one make ten of one code, three of another are not added; what came after a renewal did not count at it."""
    rows = [billed("WP480", "2025-01-01", 9), billed("WP480", "2026-08-01", 1), billed("GATE", "2025-01-01", 3)]
    assert discounts("2026-10-01", *rows) == {
        "WP480": [("2026-06-01", Decimal(5), 9, 9), ("2027-06-01", Decimal("12.5"), 1, 10)],
        "GATE": [("2026-06-01", 0, 3, 3)],
    }


def test_without_a_table_or_a_renewal_nothing_is_discounted():
    assert discounts("2026-10-01", billed("WP480", "2025-01-01", 9), policies=()) == {"WP480": [("2026-06-01", 0, 9, 9)]}
    endless = billed("WP480", "2025-01-01", 9, term="lifetime", expires=None)
    ended = billed("DECT", "2025-01-01", 9, expires="2026-10-01")
    assert discounts("2026-10-01", endless, ended) == {"DECT": [("None", 0, 9, 9)], "WP480": [("None", 0, 9, 9)]}


def test_a_later_table_holds_for_the_renewals_from_its_day_on():
    later = STEPS | {"from": datetime.date(2026, 12, 1), "value": [["WP480", "2", "30"]]}
    monthly = billed("WP480", "2025-01-01", 2, term="1m", expires="2026-12-01")
    young = billed("WP480", "2026-11-10", 2, term="1m", expires="2026-12-01")
    assert discounts("2026-11-20", monthly, young, policies=(STEPS, later)) == {
        "WP480": [("2026-11-01", Decimal(5), 2, 2), ("2026-12-01", Decimal(30), 2, 4)]
    }


@pytest.mark.django_db
def test_partners_read_both_on_the_page_of_their_devices(cast, client, today):
    tune("hwaas.quantity_discount", [["WP480", "1", "7"], ["WP480", "3", "9"]], datetime.date(2020, 1, 1), cast.admin)
    client.force_login(cast.nora)
    page = client.get(reverse("portal:devices")).content.decode()
    assert "Billing starts" in page and "1 device: 7 % since their renewal" in page and "2 more at a renewal: 9 %" in page
    client.force_login(cast.sara)
    assert "HW-7" not in client.get(reverse("portal:devices")).content.decode()


@pytest.mark.django_db
def test_staff_set_another_day_only_with_a_reason(cast, client):
    address = reverse("admin:hwaas_device_change", args=[cast.service.pk])
    client.force_login(cast.admin)
    assert "none: derived" in client.get(address).content.decode()
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
