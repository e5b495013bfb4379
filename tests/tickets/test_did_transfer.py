"""Numbers move between the PBXs of an end user, once, with the term and expiry of the target PBX (DID-8, DID-9, COM-4)."""

import pytest

from billing.models import LedgerEntry
from tests.cast import make_commitment, make_pbx
from tests.tickets.actions import ask, carry_out
from tickets.services import execution, submission


@pytest.fixture
def branch(cast):
    return make_pbx("PBX-BRANCH", cast.bakery, cast.today, term="1y")


def move(cast, now, dids, target, **more):
    return ask(cast.nora, "did_transfer", now, accepted="50", dids=dids, target_pbx=target.serial, **more)


def pbx_serials(*dids):
    for did in dids:
        did.refresh_from_db()
    return [did.pbx.serial for did in dids]


def test_several_numbers_move_for_a_single_charge(cast, now, branch):
    ticket = carry_out(move(cast, now, [cast.did.number, cast.range.number, cast.young.number], branch), cast.agent, now)
    execution.execute(ticket.pk, at=now)
    assert pbx_serials(cast.did, cast.range, cast.young) == ["PBX-BRANCH"] * 3
    assert (ticket.status, ticket.outcome) == ("solved", "executed")
    assert [(e.fee, e.amount, e.currency, e.partner) for e in LedgerEntry.objects.all()] == [("fee.did_transfer", 50, "EUR", cast.nord)]


def test_moved_number_has_the_term_and_expiry_of_its_new_pbx(cast, now, branch):
    carry_out(move(cast, now, [cast.did.number], branch), cast.agent, now)
    cast.did.refresh_from_db()
    assert (cast.did.pbx.term, cast.did.pbx.expires_on) == ("1y", branch.expires_on)
    assert not [field.name for field in cast.did._meta.fields if "term" in field.name or "expir" in field.name]


def test_number_cannot_move_to_another_partners_pbx(cast, now):
    with pytest.raises(AssertionError, match="PBX-WINERY is not the serial number of one of your PBXs"):
        move(cast, now, [cast.did.number], cast.winery_pbx)


def test_number_cannot_leave_a_pbx_under_commitment(cast, now, branch):
    with pytest.raises(submission.Denied) as refused:
        move(cast, now, [cast.did.number, cast.held.number], branch)
    (finding,) = [f for f in refused.value.verdict.findings if f.effect == "deny"]
    assert (finding.rule, finding.subject, finding.allowed_from) == ("COM-4", cast.held.number, cast.commitment.ends_on)


@pytest.mark.parametrize("meanwhile", ["commitment", "cancelled", "other_end_user", "gone"])
def test_transfer_that_became_impossible_is_not_executed(cast, now, branch, meanwhile):
    ticket = move(cast, now, [cast.did.number, cast.young.number], branch)
    execution.request_execution(ticket.pk, actor=cast.agent, at=now)
    if meanwhile == "commitment":
        make_commitment(cast.pbx, cast.today, 3)
    elif meanwhile == "cancelled":
        type(cast.did).objects.filter(pk=cast.did.pk).update(status="cancelled")
    else:
        type(branch).objects.filter(pk=branch.pk).update(end_user=cast.pub if meanwhile == "gone" else cast.winery)
    execution.execute(ticket.pk, at=now)
    ticket.refresh_from_db()
    assert ticket.execution == "refused"
    assert pbx_serials(cast.did, cast.young) == ["PBX-FREE"] * 2
    assert not LedgerEntry.objects.exists()
