"""COM-6: a Commitment renews on the day after its end, once, whatever the worker did meanwhile; its last day is the one free day."""

import datetime

import pytest
import time_machine

from pbx.models import Commitment, Pbx
from pbx.rules import nothing_leaves_under_commitment
from pbx.tasks import renew_commitments
from tests.cast import make_commitment, make_pbx

DAY = datetime.timedelta(days=1)
ENDS = datetime.date(2026, 11, 18)


@pytest.fixture
def committed_pbx(cast):
    """A PBX whose three-year Commitment ends on the day of the cases."""
    pbx = make_pbx("PBX-BOUND", cast.bakery, cast.today)
    make_commitment(pbx, datetime.date(2023, 11, 18), 3)
    return pbx


def run_worker_on(day):
    with time_machine.travel(datetime.datetime.combine(day, datetime.time(0, 30), tzinfo=datetime.UTC)):
        renew_commitments()


def periods(pbx):
    return [(str(c.starts_on), str(c.ends_on), c.years) for c in Commitment.objects.filter(pbx=pbx).order_by("starts_on")]


def test_commitment_renews_the_day_after_its_end_and_only_once(committed_pbx):
    for day in (ENDS - DAY, ENDS):
        run_worker_on(day)
        assert len(periods(committed_pbx)) == 1
    for _again in range(2):
        run_worker_on(ENDS + DAY)
        assert periods(committed_pbx)[1:] == [("2026-11-19", "2029-11-19", 3)]


def test_date_named_in_a_refusal_is_the_only_free_day(committed_pbx):
    [refusal] = nothing_leaves_under_commitment(committed_pbx, rule="COM-4", today=ENDS - DAY, field="pbx")
    assert refusal.allowed_from == ENDS
    run_worker_on(ENDS + 40 * DAY)
    committed_pbx = Pbx.objects.get(pk=committed_pbx.pk)
    assert nothing_leaves_under_commitment(committed_pbx, rule="COM-4", today=ENDS, field="pbx") == []
    assert committed_pbx.commitment_on(ENDS) is None and committed_pbx.commitment_on(ENDS + DAY)
    [refusal] = nothing_leaves_under_commitment(committed_pbx, rule="COM-4", today=ENDS + DAY, field="pbx")
    assert refusal.allowed_from == datetime.date(2029, 11, 19)


def test_years_without_a_worker_are_caught_up(committed_pbx):
    run_worker_on(datetime.date(2033, 1, 1))
    assert periods(committed_pbx)[1:] == [("2026-11-19", "2029-11-19", 3), ("2029-11-20", "2032-11-20", 3), ("2032-11-21", "2035-11-21", 3)]


def test_ended_terminated_or_followed_commitments_do_not_renew(committed_pbx, cast):
    """Set to end; terminated; followed by another Commitment on its free day."""
    others = [make_pbx(f"PBX-B{number}", cast.bakery, cast.today) for number in range(2)]
    ended, followed = (make_commitment(pbx, datetime.date(2023, 11, 18), 3) for pbx in others)
    Commitment.objects.filter(pk=ended.pk).update(renews=False)
    make_commitment(followed.pbx, ENDS, 5)
    Pbx.objects.filter(pk=committed_pbx.pk).update(terminated_on=ENDS)
    run_worker_on(ENDS + DAY)
    assert [len(periods(pbx)) for pbx in (committed_pbx, *others)] == [1, 1, 2]


def test_interrupted_renewals_are_completed_by_the_next_run(committed_pbx, cast, monkeypatch):
    """A worker that dies in between leaves whole Commitments, and the next run does the rest."""
    other = make_pbx("PBX-B9", cast.bakery, cast.today)
    make_commitment(other, datetime.date(2021, 11, 1), 5)
    from pbx import services

    whole, calls = services.renew_commitment, []

    def dying(pbx_id, *, today):
        if calls:
            raise KeyboardInterrupt
        calls.append(pbx_id)
        return whole(pbx_id, today=today)

    monkeypatch.setattr(services, "renew_commitment", dying)
    with pytest.raises(KeyboardInterrupt):
        run_worker_on(ENDS + DAY)
    monkeypatch.undo()
    assert len(periods(committed_pbx)) + len(periods(other)) == 3
    run_worker_on(ENDS + DAY)
    assert (len(periods(committed_pbx)), len(periods(other))) == (2, 2)
