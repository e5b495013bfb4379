"""The decisions that an agent can take on a ticket, and why one cannot be taken."""

import pytest

from tests.desk.conftest import question
from tests.tickets.test_transfer import agree, transfer
from tickets.services import status
from tickets.services.lifecycle import NotNow

SCENES = {"ticket": transfer}


@pytest.fixture
def ticket(cast):
    return cast.ticket


@pytest.mark.parametrize(
    ("declining", "why"),
    [
        ((), "once every party has agreed"),
        (("subject",), "A team lead can override the rule"),
        (("new_partner",), "cannot be executed as it stands"),
    ],
)
def test_reason_why_a_transfer_cannot_be_executed(ticket, cast, now, client, declining, why):
    """Nobody can agree in the new partner's place (ORG-1), so its refusal is final."""
    if declining:
        agree(ticket, now, but=declining)
    client.force_login(cast.agent)
    page = client.get(f"/desk/{ticket.pk}/").content.decode()
    assert why in page.partition('<p class="why">')[2].partition("</p>")[0]


def hold(ticket, cast, now):
    status.change(ticket.pk, "on_hold", actor=cast.agent, at=now, waiting_for="parties", text="They have not answered yet.")
    ticket.refresh_from_db()
    return ticket.status, ticket.waiting_for


def test_ticket_waits_for_the_parties_only_while_one_has_yet_to_decide(ticket, cast, now, sign_in):
    def offers(number):
        return '<option value="parties"' in sign_in(cast.agent).get(f"/desk/{number}/").text

    status.change(ticket.pk, "open", actor=cast.agent, at=now)
    assert offers(ticket.pk) and hold(ticket, cast, now) == ("on_hold", "parties")
    agree(ticket, now, but=())
    status.change(ticket.pk, "pending", actor=cast.agent, at=now, text="From when?")
    asks_nobody = question(cast, now)
    for one in (ticket, asks_nobody):
        assert not offers(one.pk)
        with pytest.raises(NotNow, match="nobody’s confirmation is outstanding"):
            hold(one, cast, now)
