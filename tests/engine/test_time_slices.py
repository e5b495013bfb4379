"""Long work of the worker: items that fail, and rounds that take too long."""

import time
from types import SimpleNamespace

import pytest
from django.db import OperationalError

from engine.time_slices import run_in_slices


@pytest.fixture
def queued():
    """How the rest of the work was queued, one dict for each time."""
    return []


@pytest.fixture
def run(queued):
    """Return run(work, keys), which runs the work as a Celery task."""
    task = SimpleNamespace(name="tests.work", apply_async=lambda **how: queued.append(how))
    return lambda work, keys: run_in_slices(work, keys, task=task)


@pytest.fixture
def _short_rounds(monkeypatch):
    monkeypatch.setattr("engine.time_slices.WORKING_SECONDS", 0.001)


def fail(_key):
    time.sleep(0.002)
    raise ValueError


def test_failing_item_blocks_no_other_and_is_logged(run, queued, caplog):
    done = []
    run(lambda key: done.append(10 // key), [0, 1, 2])
    assert (sorted(done), queued) == ([5, 10], [])
    assert caplog.messages == ["tests.work of 0 failed (ZeroDivisionError). Will try again."]


@pytest.mark.usefixtures("_short_rounds")
def test_long_run_continues_later_without_waiting_for_the_queue(run, queued):
    run(lambda key: time.sleep(0.002), [1, 2, 3])
    assert queued == [{"expires": 3600, "retry": False}]


@pytest.mark.usefixtures("_short_rounds")
def test_work_that_only_fails_is_not_repeated_at_once(run, queued):
    run(fail, [1, 2, 3])
    assert queued == []


def test_each_round_has_its_own_order(run):
    """So that an item that kills its worker does not always block the same others."""
    rounds = [[] for _round in range(5)]
    for done in rounds:
        run(done.append, range(20))
    assert len(set(map(tuple, rounds))) > 1 and all(sorted(done) == list(range(20)) for done in rounds)


def test_unavailable_database_ends_the_round(run):
    def work(key):
        raise OperationalError("the server is gone")

    with pytest.raises(OperationalError):
        run(work, [1, 2])
