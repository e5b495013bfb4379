"""The scheduler: every task in its turn, whatever happens to the clock and the queue, with few log lines."""

import datetime

import pytest
import time_machine
from celery import Celery

from config.beat_scheduler import Scheduler

EVERY = {"often": 5, "seldom": 3600}


class RecordingScheduler(Scheduler):
    """Record what is sent to the queue; it accepts nothing while `is_shut`."""

    is_shut = False

    def apply_async(self, entry, **more):
        if self.is_shut:
            raise ConnectionError("The queue\nis shut.")
        self.told.append(entry.name)


@pytest.fixture
def clock(now):
    with time_machine.travel(now, tick=False) as clock:
        yield clock


@pytest.fixture
def start(tmp_path):
    """start() returns a scheduler that continues where the previous one ended."""

    def begin():
        app = Celery("tests", broker="memory://", set_as_current=False)
        app.conf.beat_schedule = {name: {"task": name, "schedule": datetime.timedelta(seconds=every)} for name, every in EVERY.items()}
        RecordingScheduler.told = []
        return RecordingScheduler(app, schedule_filename=str(tmp_path / "schedule"))

    return begin


def queued_within(scheduler, clock, seconds):
    """Return {name: how often it was queued} within some seconds."""
    scheduler.told = []
    for _second in range(seconds):
        clock.shift(1)
        while scheduler.tick() == 0:
            pass
    return {name: scheduler.told.count(name) for name in EVERY}


@pytest.mark.thorough
def test_tasks_continue_after_the_clock_is_set_back(start, clock):
    scheduler = start()
    assert queued_within(scheduler, clock, 60)["often"] >= 11
    clock.shift(-3600)
    assert queued_within(scheduler, clock, 60)["often"] >= 11
    assert queued_within(scheduler, clock, 3600)["seldom"] == 1
    scheduler.close()
    clock.shift(-86400)
    assert queued_within(start(), clock, 60)["often"] >= 11, "what it has kept is of a time that has not come"


def test_tasks_are_due_once_after_the_clock_is_set_forward(start, clock):
    scheduler = start()
    queued_within(scheduler, clock, 60)
    clock.shift(3600)
    assert queued_within(scheduler, clock, 4) == {"often": 1, "seldom": 1}


def test_queue_outage_is_logged_in_two_lines(start, clock, caplog):
    scheduler = start()
    scheduler.is_shut = True
    queued_within(scheduler, clock, 60)
    scheduler.is_shut = False
    assert queued_within(scheduler, clock, 60)["often"] >= 11
    lines = [record.getMessage() for record in caplog.records]
    assert lines == [
        "The queue is unavailable (The queue is shut.). Tasks will be queued when they are next due.",
        "The queue is available again.",
    ]
