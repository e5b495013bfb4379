"""Licences that stay on their PBX, whatever is tried. For functions with rows, see tests/cases/outside/times.py."""

import datetime
import io

from django.test import Client
from django.urls import reverse

from estate.importer import import_files
from partners.models import EndUser
from pbx.models import Licence
from pbx.services import move_to_end_user
from tests.cast import make_pbx
from tests.tickets.actions import ask, carry_out

NOON = datetime.datetime(2026, 11, 18, 12, tzinfo=datetime.UTC)


def licences(facts, get):
    """LIC-1: where five Business licences of PBX-FREE are after an attempt to move them to PBX-OTHER in some way."""
    cast = get("cast")
    other = make_pbx("PBX-OTHER", cast.bakery, cast.today, wms_role="client", wms_server=cast.pbx)
    type(cast.pbx).objects.filter(pk=cast.pbx.pk).update(wms_role="server")
    licence = Licence.objects.create(pbx=cast.pbx, licence_type="business", quantity=5, monthly_price=8)
    ways = {"by hand": _by_hand, "by a file": _by_a_file, "with its numbers": _with_its_numbers, "with its PBX": _with_its_pbx}

    def after(way):
        ways[way](cast, licence, other)
        now = Licence.objects.select_related("pbx__end_user").get(pk=licence.pk)
        customer = now.pbx.end_user
        place = f"LIC-1 stays on {now.pbx.serial}" if customer == cast.bakery else f"on {now.pbx.serial} at {customer.name}"
        return [place, f"{now.quantity} of them"]

    return after


def _by_hand(cast, licence, other):
    client = Client()
    client.force_login(cast.admin)
    address = reverse("admin:pbx_licence_change", args=[licence.pk])
    assert "LIC-1" in client.get(address).content.decode()
    fields = {"pbx": other.pk, "pbx_id": other.pk, "quantity": licence.quantity}
    assert client.post(address, fields).status_code == 302


def _by_a_file(cast, licence, other):
    rows = b"pbx,licence_type,quantity,monthly_price,activated_on\nPBX-OTHER,business,5,8,\n"
    import_files({"licences.csv": io.BytesIO(rows)}, today=cast.today)


def _with_its_numbers(cast, licence, other):
    carry_out(ask(cast.nora, "did_transfer", NOON, accepted="50", dids=[cast.did.number], target_pbx="PBX-OTHER"), cast.agent, NOON)


def _with_its_pbx(cast, licence, other):
    shop = EndUser.objects.create(code="E-SHOP", partner=cast.nord, name="Shop", country="DE")
    move_to_end_user(cast.pbx, shop, actor=cast.nora, at=NOON)


def billed_from(facts, get):
    """HW-6: the day from which a device, imported as owned hardware or as HWaaS and shipped on a day, is billed."""
    cast = get("cast")

    def imported(ownership):
        head = "serial,item,pbx,ownership,ordered_on,shipped_on,billing_starts_on,warranty_document\n"
        row = f"SN-{ownership},WP480,PBX-FREE,{ownership},{facts['shipped_on']},{facts['shipped_on']},,no\n"
        import_files({"devices.csv": io.BytesIO((head + row).encode())}, today=cast.today)
        day = cast.pbx.devices.get(serial=f"SN-{ownership}").billing_starts_on
        return [f"HW-6 from {day}"] if day else []

    return imported
