"""Events in the order of their numbers, each read once by each who reads, however late its transaction ends (docs/decisions/0117)."""

from datetime import timedelta

from django.db.models import Max
from django.utils.dateparse import parse_datetime

from tickets.models import Event

BATCH = 1000
# No transaction that writes events lasts longer: the worker's tasks end after 90 seconds, pages sooner.
LATE = timedelta(minutes=3)


def locked(readers):
    """The one row of a kind of EventReader, locked, or None while somebody else reads. `readers`: its model."""
    if not readers.objects.exists():
        readers.objects.bulk_create([readers(pk=1)], ignore_conflicts=True)
    return readers.objects.select_for_update(skip_locked=True).first()


def skip(reader):
    """Nothing that has happened up to now is this reader's business."""
    _keep(reader, last_event(), [])


def read(reader, *, at):
    """The numbers of the events that a locked reader has not read yet, a batch at a time, and whether there may be more."""
    new = list(Event.objects.filter(pk__gt=reader.seen).order_by("pk").values_list("pk", flat=True)[:BATCH])
    late, gaps = _late(reader, at)
    gaps += [[first, last, at.isoformat()] for first, last in _missing(reader.seen, new)]
    _keep(reader, new[-1] if new else reader.seen, gaps)
    return new + late, len(new) == BATCH


def last_event():
    """The number of the newest event, 0 where there is none."""
    return Event.objects.aggregate(last=Max("pk"))["last"] or 0


def _keep(reader, seen, gaps):
    """Write down how far it has read, where that has changed: readers look every few seconds, and mostly nothing has happened."""
    if (seen, gaps) != (reader.seen, reader.gaps):
        reader.seen, reader.gaps = seen, gaps
        reader.save()


def _late(reader, at):
    """(numbers that have appeared in the gaps since, the gaps that are left); what has not come for long was rolled back and never will."""
    late, gaps = [], []
    for first, last, noticed in reader.gaps:
        came = list(Event.objects.filter(pk__gte=first, pk__lte=last).order_by("pk").values_list("pk", flat=True)[:BATCH])
        late += came
        if at - parse_datetime(noticed) < LATE:
            gaps += [[a, b, noticed] for a, b in _missing(first - 1, [*came, last + 1])]
    return late, gaps


def _missing(before, numbers):
    """The holes between `before` and the last of the ascending numbers, as (first, last)."""
    for number in numbers:
        if number > before + 1:
            yield before + 1, number - 1
        before = number
