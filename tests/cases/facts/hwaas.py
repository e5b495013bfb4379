"""Devices and orders of a case."""

from decimal import Decimal

from hwaas.models import Device, Item, Order, Rma
from tests.cases.facts.base import fetched


def a_device(pbx, serial="SN1", stock=5, ownership="hw", rma=None, **fields):
    item = Item(code="WP480", name="Desk phone", capex_price=Decimal(129), hwaas_monthly_price=Decimal("4.90"), stock=stock)
    return fetched(Device(serial=serial, item=item, pbx=pbx, ownership=ownership, **fields), rmas=[Rma(state=rma)] if rma else [])


def an_order(number="SO1", country="DE", **fields):
    return Order(number=number, country=country, **fields)


READ = {
    "serials": lambda asked, case, partner, pbx: [a_device(pbx, **device) for device in case.get("devices", ())],
    "order": lambda asked, case, partner, pbx: an_order(**case.get("order", {})),
    "serial": lambda asked, case, partner, pbx: a_device(pbx, **case.get("device", {})),
}
