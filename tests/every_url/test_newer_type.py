"""A new version runs beside the previous one and files a request of a type that only it knows (decision 0400)."""

import pytest

from tests.tickets.actions import ask
from tickets.models import Ticket
from tickets.services import execution


@pytest.mark.thorough
@pytest.mark.parametrize("who", ["nora", "admin"])
def test_every_page_opens_with_requests_of_an_unknown_type(scene, every_address, visit, walker, who):
    Ticket.objects.update(type_code="fax_number")
    client, token = walker(getattr(scene, who))
    for address in every_address:
        if address.name not in ("api:health", "confirm"):  # unwell here; and nobody can agree to what the page cannot show
            answer = visit(client, "get", address.path, **(token if address.is_api else {}))
            assert answer.status_code < 500, address.path


def test_the_previous_worker_leaves_the_execution_to_the_next(scene, now):
    ticket = ask(scene.nora, "did_cancel", now, dids=[scene.did.number])
    execution.request_execution(ticket.pk, actor=scene.agent, at=now)
    Ticket.objects.filter(pk=ticket.pk).update(type_code="fax_number")
    assert execution.execute(ticket.pk, at=now)
    ticket.refresh_from_db()
    assert (ticket.execution, ticket.execution_attempts) == (Ticket.Execution.REQUESTED, 0)
