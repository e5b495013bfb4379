"""DID-4: a number ported away without a request serves outgoing calls only; DID-9: a service on a PBX has no separate term."""

import pytest
from django.contrib.admin.models import LogEntry

from classound.models import Did
from classound.services import cancel_did, port_out
from hwaas.models import Device
from pbx.models import Licence
from tickets.fields import DidChoice
from tickets.pages import assets

pytestmark = pytest.mark.django_db


def column_values(did):
    return {field.attname: getattr(did, field.attname) for field in did._meta.concrete_fields}


def test_porting_out_changes_only_the_mode(cast, today):
    cast.did.refresh_from_db()
    before = column_values(cast.did)
    assert port_out(cast.did, today)
    cast.did.refresh_from_db()
    assert column_values(cast.did) == before | {"status": "outgoing_only", "ported_out_on": today}


def test_agents_see_the_porting_out_date_beside_a_request(cast, today):
    port_out(cast.did, today)
    (shown,), _more = assets.facts({"did": DidChoice(cast.did, cast.did.number)}, today=today)
    assert {"label": "Ported away on", "value": today} in shown["facts"]


def test_porting_out_applies_once_and_only_to_numbers_in_service(cast, today):
    assert port_out(cast.did, today)
    assert not port_out(cast.did, today)
    cancel_did(cast.young, today=today)
    assert not port_out(cast.young, today)
    assert not port_out(cast.porting, today)


def test_staff_port_out_in_the_admin_and_are_logged(client, cast):
    client.force_login(cast.admin)
    answer = client.post("/admin/classound/did/", {"action": "ported_out", "_selected_action": [cast.did.pk, cast.porting.pk]}, follow=True)
    assert b"1 number now allows outgoing calls only." in answer.content
    cast.did.refresh_from_db()
    cast.porting.refresh_from_db()
    assert (cast.did.status, cast.porting.status) == ("outgoing_only", "ordered")
    (entry,) = LogEntry.objects.all()
    assert (entry.user, entry.object_id) == (cast.admin, str(cast.did.pk))


@pytest.mark.parametrize("service", [Did, Device, Licence])
def test_services_have_the_term_and_expiry_of_their_pbx(service):
    """No column exists in which a service could differ: a monthly DID on a yearly PBX cannot be stored anywhere."""
    own = {field.name for field in service._meta.fields}
    assert "pbx" in own
    assert not [name for name in own if name.startswith(("term", "expire", "renew"))]
