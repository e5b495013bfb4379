"""Whether anything is in service on a PBX: the database query agrees with the rules' own lists."""

import pytest

from classound.rules import numbers_on
from hwaas.rules import services_on
from tests.cast import make_device, make_did, make_pbx
from tickets.fields import NumberedPbxField, ServedPbxField

ON_IT = {
    "nothing": (False, [], []),
    "a number": (True, ["active"], []),
    "a number that is ordered": (True, ["ordered"], []),
    "numbers that are cancelled": (False, ["cancelled", "cancelled"], []),
    "a cancelled number beside an active one": (True, ["cancelled", "active"], []),
    "a device of one's own": (False, [], [("hw", "in_use")]),
    "an HWaaS device": (True, [], [("hwaas", "in_use")]),
    "an HWaaS device that went back": (False, ["cancelled"], [("hwaas", "returned")]),
}


@pytest.mark.parametrize(("served", "numbers", "devices"), ON_IT.values(), ids=ON_IT)
def test_query_and_rules_agree_on_what_is_in_service(cast, today, served, numbers, devices):
    pbx = make_pbx("PBX-SERVED", cast.bakery, today)
    for n, status in enumerate(numbers):
        make_did(f"+49898199000{n}", pbx, status=status)
    for n, (ownership, state) in enumerate(devices):
        make_device(f"SN-SERVED-{n}", cast.item, pbx, ownership=ownership, state=state)
    found = _cleaned(ServedPbxField, cast)
    assert found.has_services is served is bool(numbers_on(found) or services_on(found))
    found = _cleaned(NumberedPbxField, cast)
    assert found.has_numbers is bool(numbers_on(found))


def test_licences_of_the_server_are_prefetched(cast, today, django_assert_num_queries):
    server = make_pbx("PBX-SERVER", cast.bakery, today, wms_role="server")
    server.licences.create(licence_type="business", quantity=7, monthly_price=1)
    make_pbx("PBX-SERVED", cast.bakery, today, wms_role="client", wms_server=server)
    found = _cleaned(NumberedPbxField, cast)
    with django_assert_num_queries(0):
        assert [row.quantity for row in found.wms_server.licences.all()] == [7]


def _cleaned(kind, cast):
    field = kind()
    field.bind(cast.nord, lock=True)
    return field.clean("PBX-SERVED")
