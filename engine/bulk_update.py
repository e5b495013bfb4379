"""Update many rows at once, each with its own values."""

from django.db import connection


def update_rows(rows, names):
    """Save these fields of the rows, which are of one model, in one short statement. (bulk_update builds a CASE for each row and field,
    which takes far longer to build and parse than to execute.)"""
    if not rows:
        return
    meta, quote = rows[0]._meta, connection.ops.quote_name
    fields = [meta.pk, *(meta.get_field(name) for name in names)]
    values = [[field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows] for field in fields]
    columns = [quote(field.column) for field in fields]
    given = ", ".join(f"%s::{field.rel_db_type(connection)}[]" for field in fields)
    changed = ", ".join(f"{column} = new.{column}" for column in columns[1:])
    statement = (
        f"UPDATE {quote(meta.db_table)} old SET {changed} FROM unnest({given}) AS new({', '.join(columns)}) "  # noqa: S608
        f"WHERE old.{columns[0]} = new.{columns[0]}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
