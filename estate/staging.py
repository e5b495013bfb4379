"""Stage the rows of the files in temporary tables, from which they are checked and written in bulk."""

from psycopg import sql

from estate.reading import Unreadable, read_rows


def open_stages(cursor, tables):
    """Create an empty temporary table for each of the tables; they are dropped at the end of the transaction."""
    for table in tables:
        columns = [sql.SQL("{} {}").format(sql.Identifier(c.name), sql.SQL(c.stage_type)) for c in table.columns]
        cursor.execute(
            sql.SQL("CREATE TEMPORARY TABLE {} (file_line bigint, {}) ON COMMIT DROP").format(
                sql.Identifier(table.stage), sql.SQL(", ").join(columns)
            )
        )


def fill_stage(cursor, table, lines, problems):
    """Stage the rows of one file; return whether it could be read to the end."""
    names = [sql.Identifier(name) for name in ("file_line", *table.names)]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.stage), sql.SQL(", ").join(names))
    is_whole = True
    with cursor.copy(statement) as copy:
        try:
            for line, values in read_rows(table, lines, problems):
                copy.write_row((line, *values))
        except Unreadable:
            is_whole = False
    joined = dict.fromkeys((*table.key, *(column.name for column in table.references)))
    cursor.execute(sql.SQL("ANALYZE {} ({})").format(sql.Identifier(table.stage), sql.SQL(", ").join(map(sql.Identifier, joined))))
    return is_whole
