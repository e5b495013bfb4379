"""The decisions that an agent can take on a ticket, and why one cannot be taken."""

import pytest

from tests.tickets.test_transfer import agree, transfer

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
