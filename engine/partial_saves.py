"""Save only what a form shows or an operation changes, so that nothing is undone that others have changed since (docs/decisions/0409)."""


def save_only(row, names):
    """Save these fields of an existing row, and a new row as a whole. Raise DatabaseError if the row has been deleted."""
    row.save(update_fields=None if row._state.adding else names)


def save_except(row, *names):
    """Save all fields of an existing row except these, and a new row as a whole. Raise DatabaseError if the row has been deleted."""
    save_only(row, [field.name for field in row._meta.concrete_fields if not field.primary_key and field.name not in names])
