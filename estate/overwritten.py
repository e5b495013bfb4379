"""Rows changed by a file that an executed request was about: the file may undo what the request changed."""

from psycopg import sql

from tickets.models import Ticket

# All strings in the answers of executed requests: numbers, serial numbers, codes; and the partners whose records were changed.
NAMED = """
CREATE TEMPORARY TABLE named ON COMMIT DROP AS
SELECT name, max(ticket) AS ticket FROM (
    SELECT t.number AS ticket, jsonb_path_query(t.answers, '$.** ? (@.type() == "string")') #>> '{{}}' AS name
    FROM {tickets} t WHERE t.execution = {done} AND t.type_code <> 'company_change'
    UNION ALL
    SELECT t.number, p.code FROM {tickets} t JOIN partners_partner p ON p.id = t.partner_id
    WHERE t.execution = {done} AND t.type_code = 'company_change'
) found WHERE length(name) <= 60 GROUP BY name
"""


def _note_requests(cursor):
    """Create the temporary table named (name, ticket) with the latest executed ticket for each name. Reads all such tickets."""
    cursor.execute("SELECT to_regclass('pg_temp.named')")
    if cursor.fetchone()[0]:
        return
    tickets, done = sql.Identifier(Ticket._meta.db_table), sql.Literal(Ticket.Execution.DONE)
    cursor.execute(sql.SQL(NAMED).format(tickets=tickets, done=done))
    cursor.execute("ANALYZE named")


def undone(cursor, ready, target, new, limit):
    """Return (lines, count): changes by the rows of `ready` to objects of requests, such as "SN1 (#12): ownership hw → hwaas".

    `new` is {column: SQL for its new value}. References are named without their values, which are ids.
    """
    cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE existing IS NOT NULL)").format(ready))
    if not cursor.fetchone()[0]:
        return [], 0
    _note_requests(cursor)
    pairs = [
        sql.SQL("({}, t.{}::text, ({})::text)").format(sql.Literal(name), sql.Identifier(name), value)
        for name, value in sorted(new.items())
    ]
    statement = """
    SELECT s.key_text, n.ticket, count(*) OVER (), (
        SELECT string_agg(CASE WHEN name LIKE '%%\\_id' THEN left(name, -3)
                          ELSE concat(name, ' ', coalesce(before, '–'), ' → ', coalesce(after, '–')) END, ', ' ORDER BY name)
        FROM (VALUES {pairs}) v(name, before, after) WHERE before IS DISTINCT FROM after
    )
    FROM {ready} s JOIN {target} t ON t.id = s.existing JOIN named n ON n.name IN (s.key_text, split_part(s.key_text, ' ', 1))
    ORDER BY s.file_line LIMIT %s
    """
    cursor.execute(sql.SQL(statement).format(pairs=sql.SQL(", ").join(pairs), ready=ready, target=target), [limit])
    rows = cursor.fetchall()
    return [f"{key} (#{ticket}): {changes}" for key, ticket, _all, changes in rows], rows[0][2] if rows else 0
