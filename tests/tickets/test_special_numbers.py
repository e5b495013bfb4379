"""Special numbers are decided one by one (DID-14), and a migration code is given immediately where it is known (DID-13)."""

import pytest
from django.core.exceptions import ValidationError

from classound.models import SpecialNumber
from tests.tickets.actions import ask, bound_form, carry_out, open_codes, take
from tickets.services import conversation, execution
from tickets.types import kind_of


def review(cast, now, *numbers):
    ticket = ask(
        cast.nora,
        "special_number_access",
        now,
        pbx=cast.pbx.serial,
        numbers=list(numbers),
        purpose="The doctors on duty are called from the reception.",
    )
    return carry_out(ticket, cast.agent, now)


def decisions(**known):
    return list(SpecialNumber.objects.filter(**known).order_by("pk").values_list("number", "decision", "reason"))


def test_each_number_is_decided_and_shown_to_the_partner(cast, now):
    ticket = review(cast, now, "116 117", "0900-123456", "*21#")
    assert (ticket.status, open_codes(ticket, cast.agent), open_codes(ticket, cast.nora)) == ("open", ["decide"], [])
    take(ticket, "decide", cast.agent, now, decision_1="granted", decision_2="refused", reason_2="It is a premium-rate number.")
    assert (ticket.status, open_codes(ticket, cast.agent)) == ("open", ["decide"])
    other = review(cast, now, "118 33")
    # The remaining numbers keep their field names, whatever was decided before.
    take(ticket, "decide", cast.agent, now, decision_3="granted", reason_3="From December on.")
    assert (ticket.status, ticket.outcome) == ("solved", "executed")
    assert [(one.name, one.code) for one in kind_of(other).item_states(other)] == [("11833", "requested")]
    assert (open_codes(other, cast.agent), open_codes(ticket, cast.agent)) == (["decide"], [])
    assert decisions(source=ticket.source) == [
        ("116117", "granted", ""),
        ("0900123456", "refused", "It is a premium-rate number."),
        ("*21#", "granted", "From December on."),
    ]
    assert [(s.name, s.code, s.note) for s in kind_of(ticket).item_states(ticket)] == decisions(source=ticket.source)
    assert "It is a premium-rate number." in ticket.events.get(kind="step", data__step="decide", body__contains="From December").body


def test_number_decided_meanwhile_keeps_its_decision(cast, now):
    ticket = review(cast, now, "116117", "11833")
    (step,) = execution.open_steps(ticket, user=cast.agent)
    outdated = step.form({"decision_1": "refused", "reason_1": "Too expensive.", "decision_2": "granted"})
    assert outdated.is_valid()
    take(ticket, "decide", cast.agent, now, decision_1="granted")
    execution.take_step(ticket.pk, "decide", outdated, actor=cast.agent, at=now)
    assert decisions() == [("116117", "granted", ""), ("11833", "granted", "")]


def test_nothing_is_granted_on_a_pbx_that_moved_meanwhile(cast, now):
    ticket = review(cast, now, "116117")
    type(cast.pbx).objects.filter(pk=cast.pbx.pk).update(end_user=cast.pub)
    with pytest.raises(ValidationError, match="no longer belongs to this partner"):
        take(ticket, "decide", cast.agent, now, decision_1="granted")


def test_nothing_is_granted_on_a_pbx_terminated_meanwhile(cast, now):
    ticket = review(cast, now, "116117")
    type(cast.pbx).objects.filter(pk=cast.pbx.pk).update(terminated_on=cast.today)
    with pytest.raises(ValidationError, match="terminated"):
        take(ticket, "decide", cast.agent, now, decision_1="granted")
    take(ticket, "decide", cast.agent, now, decision_1="refused", reason_1="The PBX is gone.")
    assert decisions() == [("116117", "refused", "The PBX is gone.")] and ticket.outcome == "declined"


def test_executing_twice_reviews_each_number_once(cast, now):
    ticket = review(cast, now, "116117")
    execution.execute(ticket.pk, at=now)
    assert decisions() == [("116117", "requested", "")]


def test_second_request_for_one_number_is_not_executed(cast, now):
    second = ask(cast.nora, "special_number_access", now, pbx=cast.pbx.serial, numbers=["116117"], purpose="The reception calls them.")
    review(cast, now, "116117")
    with pytest.raises(execution.NotExecutable):
        carry_out(second, cast.agent, now)
    assert len(decisions()) == 1


@pytest.mark.parametrize(
    "answers", [{}, {"decision_1": ""}, {"decision_1": "perhaps"}, {"decision_1": "refused"}, {"decision_2": "granted"}]
)
def test_decision_must_be_valid_and_a_refusal_needs_a_reason(cast, now, answers):
    (step,) = execution.open_steps(review(cast, now, "116117"), user=cast.agent)
    assert not step.form(answers).is_valid()


@pytest.mark.parametrize("written", ["116117\n116 116\n\n116-117", ["116117", "116116"], "116117; 116116"])
def test_numbers_are_accepted_as_lines_or_as_a_list(cast, written):
    form = bound_form("special_number_access", cast.nord, pbx=cast.pbx.serial, numbers=written, purpose="The reception calls them.")
    assert form.cleaned_data["numbers"] == ["116117", "116116"]


@pytest.mark.parametrize(
    "written", ["", [], "1", "call me", "١١٦١١٧", "1" * 30, ["116117"] + [str(100 + n) for n in range(60)], [{"a": 1}], [None]]
)
def test_undiallable_numbers_are_rejected(cast, written):
    with pytest.raises(AssertionError, match="numbers"):
        bound_form("special_number_access", cast.nord, pbx=cast.pbx.serial, numbers=written, purpose="The reception calls them.")


def test_known_migration_code_is_given_immediately(cast, now):
    cast.did.migration_code = "MC-4711"
    cast.did.save()
    ticket = ask(cast.nora, "did_migration_code", now, did=cast.did.number)
    assert (ticket.status, ticket.outcome) == ("solved", "answered")
    assert "MC-4711" in ticket.events.get(kind="answered").body
    assert "MC-4711" not in str(ticket.verdict)


def test_unknown_migration_code_is_found_by_an_agent(cast, now):
    ticket = ask(cast.nora, "did_migration_code", now, did=cast.did.number)
    assert (ticket.status, ticket.outcome) == ("new", "")
    with pytest.raises(execution.NotNow):
        execution.request_execution(ticket.pk, actor=cast.agent, at=now)
    conversation.answer(ticket.pk, "It is MC-0815.", author=cast.agent, at=now)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.outcome) == ("solved", "answered")


def test_migration_code_of_another_partners_number_is_not_disclosed(cast):
    type(cast.winery_did).objects.update(migration_code="MC-4711")
    for number in (cast.winery_did.number, "+390801234599"):
        with pytest.raises(AssertionError, match="is not among your numbers") as refused:
            bound_form("did_migration_code", cast.nord, did=number)
        assert "MC-4711" not in str(refused.value)
