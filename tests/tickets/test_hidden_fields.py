"""Fields that are irrelevant to the answers so far are hidden; without scripts all are shown."""

from datetime import timedelta

import pytest
from django.urls import reverse

from hwaas.models import Device
from pbx.models import Licence


@pytest.fixture
def unasked(cast, client):
    client.force_login(cast.nora)

    def names(code, **answers):
        page = client.post(reverse("portal:check", args=[code]), answers).content.decode()
        return page.partition('data-unasked="')[2].partition('"')[0]

    return names


def test_webinar_access_is_asked_about_only_if_such_licences_end(cast, unasked):
    fewer = {"changes-0-licence_type": "wizywebinar", "changes-0-quantity": "1"}
    ends, changes = {"pbx": "PBX-FREE"}, {"pbx": "PBX-FREE", **fewer}
    assert unasked("pbx_terminate") == unasked("pbx_terminate", **ends) == unasked("licence_change", **changes) == "access_terminated"
    Licence.objects.create(pbx=cast.pbx, licence_type="wizywebinar", quantity=2, monthly_price="3.00")
    assert unasked("pbx_terminate", **ends) == unasked("licence_change", **changes) == ""
    assert unasked("licence_change", **changes | {"changes-0-quantity": "3"}) == "access_terminated"


def test_warranty_document_is_asked_for_only_if_it_counts(cast, unasked):
    owned = {"serial": "SN-OWNED", "kind": "warranty"}
    assert unasked("rma") == "warranty_document"
    Device.objects.filter(serial="SN-OWNED").update(ordered_on=cast.today - timedelta(days=30))
    assert unasked("rma", **owned) == "warranty_document"
    for ordered_on in (cast.today - timedelta(days=800), None):
        Device.objects.filter(serial="SN-OWNED").update(ordered_on=ordered_on)
        assert unasked("rma", **owned) == ""
    assert unasked("rma", serial="SN-SERVICE", kind="hwaas") == "warranty_document"
