"""The parties of a move: whose link went astray, and who is asked about what has gone elsewhere by now (ORG-1, ORG-4)."""

import datetime
from contextlib import nullcontext

import pytest
import time_machine
from django.core.exceptions import ValidationError

from partners.models import Reseller
from tests.markup import flat
from tests.tickets.acts import ask, carry_out
from tests.tickets.test_transfer import agree, links, party, transfer
from tickets.services import consents
from tickets.services.lifecycle import NotNow

pytestmark = pytest.mark.django_db
MINUTE = datetime.timedelta(minutes=1)
SCENES = {"ticket": transfer}


@pytest.fixture
def ticket(cast):
    return cast.ticket


def test_a_link_that_went_astray_is_stopped_and_another_address_is_asked(cast, now, ticket, client):
    stray = links(ticket, now)["office@kiel.example"]
    client.force_login(cast.agent)
    page, address = f"/desk/{ticket.pk}/", f"/desk/{ticket.pk}/confirmations/subject/stop/"
    with time_machine.travel(now):
        assert client.post(address, {"email": ""}).status_code == 302
        assert client.get(f"/confirm/{stray}/").status_code == 404
        assert links(ticket, now) == {}
        text = flat(client.get(page))
        assert "Not asked by mail" in text and "stopped the link that went to office@kiel.example: Reseller or end user" in text
        assert client.post(address, {"email": "karl@kiel.example"}).status_code == 302
        assert client.post(address, {"email": "kai@kiel.example"}).status_code == 302  # the mail to Karl is owed, and not sent
        assert "mailed a new link to kai@kiel.example in place of karl@kiel.example" in flat(client.get(page))
        fresh = links(ticket, now + MINUTE)
        assert set(fresh) == {"kai@kiel.example"} and client.get(f"/confirm/{fresh['kai@kiel.example']}/").status_code == 200
        client.force_login(cast.nora)
        assert "kiel.example" not in client.get(f"/portal/requests/{ticket.pk}/").content.decode()


@pytest.mark.parametrize("taken", ["Nora@nord.example", "billing@nord.example", "alba@albion.example", "BILLING@albion.example"])
def test_nobody_is_asked_at_the_address_of_another_party(taken, cast, now, ticket, client):
    client.force_login(cast.agent)
    answer = client.post(f"/desk/{ticket.pk}/confirmations/subject/stop/", {"email": taken})
    text = flat(answer)
    assert answer.status_code == 400 and f'value="{taken}"' in text and "which would answer for another party" in text
    assert party(ticket, "subject").email == "office@kiel.example"


def test_what_was_decided_or_never_asked_has_no_link_to_stop(cast, now, ticket):
    consents.decide(party(ticket, "subject"), "declined", name="Karl", at=now)
    with pytest.raises(NotNow, match="decided"):
        consents.stop(ticket.pk, "subject", actor=cast.agent, at=now)
    cast.nora.is_active = False
    cast.nora.save()
    with pytest.raises(ValidationError, match="no access"):
        consents.stop(ticket.pk, "current_partner", email=cast.nora.email, actor=cast.agent, at=now)
    for _once in range(2):
        unasked = party(ticket, "new_partner").email == ""
        with pytest.raises(ValidationError, match="no link") if unasked else nullcontext():
            consents.stop(ticket.pk, "new_partner", actor=cast.agent, at=now)


def test_what_has_gone_to_another_partner_waits_for_no_party_any_more(cast, now, ticket, client):
    """Overtaken: by another request for the same reseller, which takes its end users along. What is about another one waits on."""
    stays = Reseller.objects.create(code="R-STAYS", partner=cast.nord, name="Lübeck IT", email="office@luebeck.example")
    others = [
        ask(
            cast.nora, "reseller_transfer", now, reseller=code, new_partner="SUD", description="They have asked to move to another partner."
        )
        for code in (stays.code, "R-NORD")
    ]
    alone = ask(cast.nora, "end_user_transfer", now, end_user="E-BAKERY", new_partner="SUD", description="The bakery changes its partner.")
    agree(ticket, now)
    carry_out(ticket, cast.agent, now)
    for one in (*others, alone):
        one.refresh_from_db()
    assert [(one.status, one.waiting_for) for one in (*others, alone)] == [("on_hold", "parties"), ("open", ""), ("open", "")]
    for user, page in ((cast.nora, f"/portal/requests/{alone.pk}/"), (cast.agent, f"/desk/{alone.pk}/")):
        client.force_login(user)
        text = flat(client.get(page))
        assert "Nobody is asked to agree any more" in text and "belongs to another partner by now" in text
        assert text.count("No longer asked") == 3 and "Stop a link" not in text


def test_what_has_moved_is_called_as_before_for_its_former_partner_and_as_it_is_now_for_the_care_team(cast, now, ticket, client):
    agree(ticket, now)
    carry_out(ticket, cast.agent, now)
    Reseller.objects.filter(code="R-NORD").update(name="Albion’s own")
    for user, page, name in ((cast.nora, f"/portal/requests/{ticket.pk}/", "Kiel IT"), (cast.agent, f"/desk/{ticket.pk}/", "Albion’s own")):
        client.force_login(user)
        text = client.get(page).content.decode()
        assert f"{name} (R-NORD)" in text
        assert (user == cast.agent) == ("Albion’s own" in text)
