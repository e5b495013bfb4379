"""Events in the order of their numbers, each read once by every reader, however late its transaction commits (docs/decisions/0117)."""

from datetime import timedelta

from django.db.models import Max
from django.utils.dateparse import parse_datetime

from tickets.models import Event

BATCH = 1000
# No transaction that writes events takes longer: the worker's tasks end after 90 seconds, page requests sooner.
LATE = timedelta(minutes=3)


def lock_reader(readers):
    """Return the only row of the model `readers`, locked, or None while another process reads."""
    if not readers.objects.exists():
        readers.objects.bulk_create([readers(pk=1)], ignore_conflicts=True)
    return readers.objects.select_for_update(skip_locked=True).first()


def skip_to_end(reader):
    """Skip all events up to now for this reader."""
    _keep(reader, last_event(), [])


def read_batch(reader, *, at):
    """Return a batch of event numbers that a locked reader has not read yet, and whether there may be more."""
    new = list(Event.objects.filter(pk__gt=reader.seen).order_by("pk").values_list("pk", flat=True)[:BATCH])
    late, gaps = _late(reader, at)
    gaps += [[first, last, at.isoformat()] for first, last in _missing(reader.seen, new)]
    _keep(reader, new[-1] if new else reader.seen, gaps)
    return new + late, len(new) == BATCH


def last_event():
    """Return the number of the newest event, or 0."""
    return Event.objects.aggregate(last=Max("pk"))["last"] or 0


def _keep(reader, seen, gaps):
    """Save the reader's position if it has changed: readers poll every few seconds, and usually there is nothing new."""
    if (seen, gaps) != (reader.seen, reader.gaps):
        reader.seen, reader.gaps = seen, gaps
        reader.save()


def _late(reader, at):
    """Return (numbers that have since appeared in the gaps, remaining gaps); old gaps were rolled back and are dropped."""
    late, gaps = [], []
    for first, last, noticed in reader.gaps:
        came = list(Event.objects.filter(pk__gte=first, pk__lte=last).order_by("pk").values_list("pk", flat=True)[:BATCH])
        late += came
        if at - parse_datetime(noticed) < LATE:
            gaps += [[a, b, noticed] for a, b in _missing(first - 1, [*came, last + 1])]
    return late, gaps


def _missing(before, numbers):
    """Yield the gaps between `before` and the last of the ascending numbers, as (first, last)."""
    for number in numbers:
        if number > before + 1:
            yield before + 1, number - 1
        before = number
