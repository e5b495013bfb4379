"""A bulk change of ten thousand tickets, started as at the desk and made by the worker; then its undoing."""

import time

from django.utils import timezone

from bench.calls import agent
from desk.models import BulkJob
from desk.services import bulk
from tickets.models import Ticket

NUMBER = 10_000
PATIENCE = 300  # seconds


def changes():
    """Yield (name, tickets, seconds) for tagging NUMBER tickets and for undoing it, both done by the worker."""
    numbers = list(Ticket.objects.order_by("-number").values_list("number", flat=True)[:NUMBER])
    who, actions = agent(), [{"do": "tag", "value": "measured"}]
    begun = time.perf_counter()
    job = bulk.start(actions=actions, title="Measured", by=who, at=timezone.now(), numbers=numbers)
    yield "desk: bulk change", len(numbers), _until(job, BulkJob.State.DONE) - begun
    begun = time.perf_counter()
    bulk.undo(job, by=who, at=timezone.now())
    yield "desk: undo of it", len(numbers), _until(job, BulkJob.State.UNDONE) - begun


def _until(job, state):
    """Return the time at which the job reached the state. Raise TimeoutError."""
    end = time.perf_counter() + PATIENCE
    while BulkJob.objects.get(pk=job.pk).state != state:
        if time.perf_counter() > end:
            raise TimeoutError(f"The job was not {state} within {PATIENCE} s.")
        time.sleep(0.05)
    return time.perf_counter()
