"""Permanent deletion of data that is no longer needed (docs/decisions/0269)."""

SLICE = 5000


def purge(rows):
    """Delete the rows of a queryset and return their number. SLICE rows per transaction keep locks short and make it resumable."""
    gone, some = 0, rows.order_by().values("pk")[:SLICE]
    while count := rows.model._base_manager.filter(pk__in=some).delete()[0]:
        gone += count
    return gone
