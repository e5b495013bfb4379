"""Takes the rows of the files into temporary tables, where they are checked and written from by set."""

from psycopg import sql

from estate.reading import Unreadable, read_rows


def open_stages(cursor, tables):
    """Make an empty temporary table for each of the tables; they vanish with the transaction."""
    for table in tables:
        columns = [sql.SQL("{} {}").format(sql.Identifier(c.name), sql.SQL(c.stage_type)) for c in table.columns]
        cursor.execute(
            sql.SQL("CREATE TEMPORARY TABLE {} (file_line bigint, {}) ON COMMIT DROP").format(
                sql.Identifier(table.stage), sql.SQL(", ").join(columns)
            )
        )


def fill_stage(cursor, table, lines, problems):
    """Stage the rows of one file; returns whether it could be read to its end."""
    names = [sql.Identifier(name) for name in ("file_line", *table.names)]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.stage), sql.SQL(", ").join(names))
    is_whole = True
    with cursor.copy(statement) as copy:
        try:
            for line, values in read_rows(table, lines, problems):
                copy.write_row((line, *values))
        except Unreadable:
            is_whole = False
    cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table.stage)))
    return is_whole
