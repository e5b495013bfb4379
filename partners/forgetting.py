"""What nobody may need any more is deleted for good (docs/decisions/0269)."""

SLICE = 5000


def forget(rows):
    """Delete the rows of a queryset, SLICE in a transaction: nobody waits, and who is killed goes on next time. Gives how many."""
    gone, some = 0, rows.order_by().values("pk")[:SLICE]
    while count := rows.model._base_manager.filter(pk__in=some).delete()[0]:
        gone += count
    return gone
