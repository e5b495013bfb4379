"""Fields that are lists of rows, in JSON: stored as sent, refused at their field, corrected cell by cell."""

import pytest

from tests.desk.corrections import corrected
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(cast):
    """Fewer of two kinds of licence, which costs nothing."""
    cast.pbx.licences.create(licence_type="basic", quantity=9, monthly_price=3, activated_on=cast.today)
    cast.pbx.licences.create(licence_type="premium", quantity=9, monthly_price=9, activated_on=cast.today)
    rows = [{"licence_type": "basic", "quantity": 8}, {"licence_type": "premium", "quantity": "7"}]
    return {"pbx": cast.pbx.serial, "changes": rows}


def filed(nord, body):
    answer = nord.post("tickets/", {"type": "licence_change", "fields": body, "accepted_charges": "0.00"})
    assert answer.status_code == 201, answer.content
    return Ticket.objects.get(pk=answer.json()["number"])


def test_rows_are_stored_and_shown(nord, body):
    ticket = filed(nord, body)
    assert [(row["licence_type"], int(row["quantity"])) for row in ticket.answers["changes"]] == [("basic", 8), ("premium", 7)]
    assert nord.get(f"tickets/{ticket.pk}/").json()["fields"]["changes"] == ticket.answers["changes"]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("basic", "Send a list of objects."),
        ([["basic", 8]], "Send a list of objects."),
        ([{"licence_type": "basic", "quantity": 8, "price": 1}], "Rows have no field price."),
        ([{"licence_type": "basic", "quantity": 8}, {"licence_type": "basic", "quantity": 7}], "Enter each licence only once."),
        ([{"licence_type": "basic", "quantity": 8}] * 500, "Enter at most"),
    ],
)
def test_unusable_rows_are_400_at_their_field(nord, body, rows, says):
    answer = nord.post("ticket-types/licence_change/check/", body | {"changes": rows})
    assert answer.status_code == 400 and says in answer.json()["errors"]["changes"][0]


def test_truth_may_be_sent_as_text(nord, body):
    for told in (True, "true", "on"):
        assert nord.post("ticket-types/licence_change/check/", body | {"access_terminated": told}).status_code == 200
    assert "access_terminated" in nord.post("ticket-types/licence_change/check/", body | {"access_terminated": "yes"}).json()["errors"]


def test_corrected_rows_are_described_cell_by_cell(nord, body, cast, now):
    ticket, agent = filed(nord, body), cast.agent
    first, second = body["changes"]
    event = corrected(ticket, agent, now, changes=[first, second | {"quantity": 6}])
    assert event.body.endswith("Row 2 · New total: 7 → 6"), event.body
    event = corrected(ticket, agent, now, changes=[first])
    assert event.body.endswith("Licences: Basic · 8; Premium · 6 → Basic · 8"), event.body
