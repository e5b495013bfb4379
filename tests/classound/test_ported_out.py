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


def told(did):
    return {field.attname: getattr(did, field.attname) for field in did._meta.concrete_fields}


def test_nothing_but_the_mode_changes(cast, today):
    cast.did.refresh_from_db()
    before = told(cast.did)
    assert port_out(cast.did, today)
    cast.did.refresh_from_db()
    assert told(cast.did) == before | {"status": "outgoing_only", "ported_out_on": today}


def test_agents_read_since_when_beside_a_request(cast, today):
    port_out(cast.did, today)
    (shown,) = assets.facts({"did": DidChoice(cast.did, cast.did.number)}, today=today)
    assert {"label": "Ported away on", "value": today} in shown["facts"]


def test_it_happens_once_and_only_to_a_number_in_service(cast, today):
    assert port_out(cast.did, today)
    assert not port_out(cast.did, today)
    cancel_did(cast.young, today=today)
    assert not port_out(cast.young, today)
    assert not port_out(cast.porting, today)


def test_staff_do_it_in_the_admin_site_and_leave_their_name(client, cast):
    client.force_login(cast.admin)
    answer = client.post("/admin/classound/did/", {"action": "ported_out", "_selected_action": [cast.did.pk, cast.porting.pk]}, follow=True)
    assert b"1 number now allows outgoing calls only." in answer.content
    cast.did.refresh_from_db()
    cast.porting.refresh_from_db()
    assert (cast.did.status, cast.porting.status) == ("outgoing_only", "ordered")
    (entry,) = LogEntry.objects.all()
    assert (entry.user, entry.object_id) == (cast.admin, str(cast.did.pk))


@pytest.mark.parametrize("service", [Did, Device, Licence])
def test_what_is_on_a_pbx_has_the_term_and_expiry_of_its_pbx(service):
    """No column exists in which a service could differ: a monthly DID on a yearly PBX cannot be stored anywhere."""
    own = {field.name for field in service._meta.fields}
    assert "pbx" in own
    assert not [name for name in own if name.startswith(("term", "expire", "renew"))]
