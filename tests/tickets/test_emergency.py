"""Emergency addresses go back and forth until all are valid (DID-10)."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from classound.models import EmergencyLocation
from classound.numbers import grouped
from classound.services import move_dids
from tests.cast import make_did, make_pbx
from tests.tickets.actions import ask, bound_form, carry_out, open_codes, take
from tickets.pages.tracker import stations
from tickets.services import execution, submission
from tickets.types import kind_of

ADDRESS = {"user_name": "Maria Rossi", "street": "Via Roma 1", "postcode": "70121", "city": "Bari", "state": "BA", "country": "it"}


@pytest.fixture
def phones(cast):
    return [make_did(f"+39080123450{place}", cast.winery_pbx, country="IT") for place in (1, 2)]


def submitted(cast, now, *numbers, requester=None):
    return ask(requester or cast.sara, "emergency_activation", now, locations=[{"did": number} | ADDRESS for number in numbers])


def started(cast, now, *numbers, **who):
    return carry_out(submitted(cast, now, *numbers, **who), cast.agent, now)


def statuses(ticket=None):
    rows = EmergencyLocation.objects.filter(**({"source": ticket.source} if ticket else {})).order_by("pk")
    return [(row.number, row.status) for row in rows]


def check(cast, ticket, now, **decisions):
    answers = {}
    for number, decision in decisions.items():
        answers[f"decision_{number[1:]}"] = decision.partition(": ")[0]
        answers[f"reason_{number[1:]}"] = decision.partition(": ")[2]
    take(ticket, "check", cast.agent, now, **answers)


def correct(cast, ticket, now, *rows, leave_out=()):
    take(ticket, "correct", cast.sara, now, locations=[ADDRESS | row for row in rows], leave_out=list(leave_out))


def test_addresses_go_back_and_forth_until_all_are_valid(cast, now, phones):
    ticket = started(cast, now, "+390801234501", "+390801234502")
    assert (ticket.status, open_codes(ticket, cast.agent), open_codes(ticket, cast.sara)) == ("open", ["check"], [])
    check(cast, ticket, now, n390801234501="valid", n390801234502="sent_back: There is no such street in Bari.")
    assert statuses(ticket) == [("+390801234501", "valid"), ("+390801234502", "sent_back")]
    assert (ticket.status, ticket.waiting_for, open_codes(ticket, cast.sara)) == ("pending", "partner", ["correct"])
    assert "There is no such street in Bari." in ticket.events.order_by("pk").last().body
    correct(cast, ticket, now, {"did": "+390801234502", "street": "Via Romana 1"})
    assert (ticket.status, open_codes(ticket, cast.sara), open_codes(ticket, cast.agent)) == ("open", [], ["check"])
    check(cast, ticket, now, n390801234502="sent_back: Which floor?")
    correct(cast, ticket, now, {"did": "+390801234502", "street": "Via Romana 1, 2nd floor"})
    check(cast, ticket, now, n390801234502="valid")
    assert (ticket.status, ticket.outcome, open_codes(ticket, cast.agent)) == ("solved", "executed", [])
    location = EmergencyLocation.objects.get(number="+390801234502")
    assert (location.status, location.street, location.reason, location.country) == ("valid", "Via Romana 1, 2nd floor", "", "IT")
    assert location.decided_on == now.date()


def test_remaining_addresses_can_be_decided_later(cast, now, phones):
    ticket = started(cast, now, "+390801234501", "+390801234502")
    check(cast, ticket, now, n390801234501="sent_back: Which house?")
    assert (ticket.status, open_codes(ticket, cast.agent)) == ("open", ["check", "correct"])
    check(cast, ticket, now, n390801234502="valid")
    assert (ticket.status, ticket.waiting_for) == ("pending", "partner")


def test_number_can_be_left_out_and_the_rest_completes(cast, now, phones):
    ticket = started(cast, now, "+390801234501", "+390801234502")
    check(cast, ticket, now, n390801234501="valid", n390801234502="sent_back: Unknown street.")
    correct(cast, ticket, now, leave_out=["+390801234502"])
    assert (ticket.outcome, statuses(ticket)) == ("executed", [("+390801234501", "valid"), ("+390801234502", "left_out")])


def test_request_with_no_number_left_is_withdrawn(cast, now, phones):
    ticket = started(cast, now, "+390801234501")
    check(cast, ticket, now, n390801234501="sent_back: Unknown street.")
    correct(cast, ticket, now, {"did": "+390801234501"}, leave_out=["+390801234501"])
    assert (ticket.status, ticket.outcome) == ("solved", "withdrawn")


def test_executing_twice_requests_each_address_once(cast, now, phones):
    ticket = started(cast, now, "+390801234501")
    execution.execute(ticket.pk, at=now)
    assert statuses() == [("+390801234501", "requested")]


def test_request_for_automatic_numbers_only_is_answered_automatically(cast, now):
    ticket = submitted(cast, now, cast.did.number, cast.range.number, requester=cast.nora)
    assert (ticket.status, ticket.outcome, statuses()) == ("solved", "answered", [])
    (answer,) = ticket.events.filter(kind="answered")
    assert grouped(cast.did.number) in answer.body and "automatically" in answer.body


def test_mixed_request_validates_only_non_automatic_numbers(cast, now):
    number = make_did("+390809999901", cast.pbx, country="IT").number
    ticket = started(cast, now, number, cast.did.number, requester=cast.nora)
    assert statuses(ticket) == [(number, "requested")]


def test_new_address_replaces_the_valid_one_once_validated(cast, now, phones):
    first = started(cast, now, "+390801234501")
    check(cast, first, now, n390801234501="valid")
    second = started(cast, now, "+390801234501")
    assert statuses() == [("+390801234501", "valid"), ("+390801234501", "requested")]
    check(cast, second, now, n390801234501="valid")
    assert statuses() == [("+390801234501", "replaced"), ("+390801234501", "valid")]
    assert second.outcome == "executed"


def test_database_allows_one_valid_and_one_requested_location_per_number(cast, now, phones):
    for source in ("ticket:1", "ticket:2"):
        EmergencyLocation.objects.create(did=phones[0], number="+390801234501", source=source, requested_on=now, status="left_out")
    with pytest.raises(IntegrityError), transaction.atomic():
        EmergencyLocation.objects.update(status="valid")
    with pytest.raises(IntegrityError), transaction.atomic():
        EmergencyLocation.objects.update(status="requested")


def test_two_requests_for_one_number_cannot_run_at_once(cast, now, phones):
    first, second = submitted(cast, now, "+390801234501"), submitted(cast, now, "+390801234501")
    carry_out(first, cast.agent, now)
    with pytest.raises(execution.NotExecutable):
        carry_out(second, cast.agent, now)
    with pytest.raises(submission.Denied):
        submitted(cast, now, "+390801234501")


def test_left_out_reason_is_shown_and_a_cancelled_number_is_not_activated(cast, now, phones):
    ticket = started(cast, now, "+390801234501", "+390801234502")
    check(cast, ticket, now, n390801234501="valid")
    type(phones[0]).objects.filter(pk=phones[0].pk).update(status="cancelled")
    check(cast, ticket, now, n390801234502="left_out: Nobody sits there.")
    assert ticket.events.filter(kind="step").last().body == f"Left out: {grouped('+390801234502')} (Nobody sits there.)."


@pytest.mark.parametrize(("meanwhile", "said"), [("cancelled", "has been cancelled"), ("moved", "no longer belongs to this partner")])
def test_address_of_a_cancelled_or_moved_number_cannot_be_validated(cast, now, phones, meanwhile, said):
    ticket = started(cast, now, "+390801234501")
    if meanwhile == "cancelled":
        type(phones[0]).objects.update(status="cancelled")
    else:
        move_dids(phones[:1], cast.pub_pbx)
    with pytest.raises(ValidationError) as gone:
        check(cast, ticket, now, n390801234501="valid")
    assert gone.value.messages == [f"{grouped('+390801234501')} {said}: leave it out."]
    check(cast, ticket, now, n390801234501="left_out")
    assert ticket.outcome == "withdrawn"


@pytest.mark.parametrize(
    "decisions",
    [{}, {"decision_390801234501": ""}, {"decision_390801234501": "maybe"}, {"decision_390801234501": "sent_back"}],
)
def test_decision_must_be_valid_and_sending_back_needs_a_reason(cast, now, phones, decisions):
    (step,) = execution.open_steps(started(cast, now, "+390801234501"), user=cast.agent)
    assert not step.form(decisions).is_valid()


@pytest.mark.parametrize(("rows", "leave_out"), [([], []), ([{"did": "+390801234502"}], []), ([{"did": "+498981000400"}], [])])
def test_only_addresses_sent_back_can_be_corrected(cast, now, phones, rows, leave_out):
    ticket = started(cast, now, "+390801234501", "+390801234502")
    check(cast, ticket, now, n390801234501="sent_back: Unknown street.")
    with pytest.raises(ValidationError):
        correct(cast, ticket, now, *rows, leave_out=leave_out)
    assert statuses(ticket) == [("+390801234501", "sent_back"), ("+390801234502", "requested")]


def test_address_of_a_number_that_has_moved_away_cannot_be_corrected(cast, now, phones):
    ticket = started(cast, now, "+390801234501")
    check(cast, ticket, now, n390801234501="sent_back: Unknown street.")
    move_dids(phones[:1], cast.pub_pbx)
    with pytest.raises(ValidationError, match="no longer belongs to this partner"):
        correct(cast, ticket, now, {"did": "+390801234501"})
    assert statuses(ticket) == [("+390801234501", "sent_back")]


def test_partner_sees_the_status_of_each_address(cast, now, phones):
    ticket = started(cast, now, "+390801234501", "+390801234502")
    check(cast, ticket, now, n390801234501="valid", n390801234502="sent_back: <b>Unknown</b> street.")
    assert [(s.code, s.note) for s in kind_of(ticket).item_states(ticket)] == [("valid", ""), ("sent_back", "<b>Unknown</b> street.")]


def test_last_station_is_done_when_no_decision_is_left(cast, now, phones):
    ticket = started(cast, now, "+390801234501")
    check(cast, ticket, now, n390801234501="sent_back: Unknown street.")
    assert stations(ticket)[-1]["state"] == "todo"
    correct(cast, ticket, now, {"did": "+390801234501"})
    check(cast, ticket, now, n390801234501="valid")
    assert stations(ticket)[-1]["state"] == "done"


def test_query_count_does_not_grow_with_rows(cast):
    pbx = make_pbx("PBX-WIDE", cast.winery, cast.today)
    numbers = [make_did(f"+3908012399{place:02}", pbx, country="IT").number for place in range(40)]

    def questions(rows):
        with CaptureQueriesContext(connection) as log:
            bound_form("emergency_activation", cast.sud, locations=[{"did": number} | ADDRESS for number in rows])
        return len(log)

    assert questions(numbers) == questions(numbers[:1])


def test_other_partners_number_is_rejected(cast):
    with pytest.raises(AssertionError, match="is not among your numbers"):
        bound_form("emergency_activation", cast.sud, locations=[{"did": cast.did.number} | ADDRESS])


@pytest.mark.parametrize("country", ["", "Nowhere", "XX", "1"])
def test_unknown_country_is_rejected(cast, phones, country):
    with pytest.raises(AssertionError, match="Country"):
        bound_form("emergency_activation", cast.sud, locations=[{"did": "+390801234501"} | ADDRESS | {"country": country}])
