"""DID-4 in the import: only a request cancels a number. One that a file ends without a request has been ported away: from then on it
serves outgoing calls only, and its renewal (with its PBX) and its billing stay as they are."""

from psycopg import sql

# The rows that end a number in service by its status, with the status of the file ...
HELD = """
CREATE TEMPORARY TABLE held_dids ON COMMIT DROP AS
SELECT s.file_line, s.status FROM incoming_dids s JOIN classound_did t ON t.number = s.number
WHERE (s.status = 'cancelled' AND t.status IN ('active', 'outgoing_only')) OR (s.status = 'outgoing_only' AND t.status = 'active')
"""
# ... whose renewal and billing data are replaced with those of the database.
RESET = """
UPDATE incoming_dids s
SET status = 'outgoing_only', pbx = p.serial, activated_on = t.activated_on, monthly_price = t.monthly_price
FROM held_dids h, classound_did t JOIN pbx_pbx p ON p.id = t.pbx_id WHERE h.file_line = s.file_line AND t.number = s.number
RETURNING s.number, s.file_line
"""
# A request has cancelled the number meanwhile, as the file does; or it has moved it.
CANCELLED = """
DELETE FROM {ready} s USING classound_did t, held_dids h
WHERE t.id = s.existing AND h.file_line = s.file_line AND t.status = 'cancelled' AND h.status = 'cancelled' RETURNING s.number
"""
RESET_AGAIN = """
UPDATE {ready} s SET pbx_id = t.pbx_id, activated_on = t.activated_on, monthly_price = t.monthly_price
FROM classound_did t, held_dids h WHERE t.id = s.existing AND h.file_line = s.file_line
"""


def reset_numbers(cursor):
    """Reset what staged numbers must not change; return the numbers, in file order, that now serve outgoing calls only."""
    cursor.execute(HELD)
    cursor.execute(RESET)
    return [number for number, _line in sorted(cursor.fetchall(), key=lambda row: row[1])]


def reset_again(cursor, ready, change):
    """Do the same for the rows in `ready`, whose numbers are locked now, and correct `change`."""
    cursor.execute(sql.SQL(CANCELLED).format(ready=ready))
    for (number,) in cursor.fetchall():
        change.unchanged += 1
        for numbers in (change.ported_out, change.first_changed):
            if number in numbers:
                numbers.remove(number)
    cursor.execute(sql.SQL(RESET_AGAIN).format(ready=ready))
