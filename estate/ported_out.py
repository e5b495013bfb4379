"""DID-4 in the import: only a request cancels a number. One that a file ends without a request has been ported away: from then on it
serves outgoing calls only, and its renewal (with its PBX) and its billing stay as they are."""

# The rows that end a number in service by its status; their renewal and billing data are replaced with those of the database.
HELD = """
UPDATE incoming_dids s
SET status = 'outgoing_only', pbx = p.serial, activated_on = t.activated_on, monthly_price = t.monthly_price
FROM classound_did t JOIN pbx_pbx p ON p.id = t.pbx_id
WHERE t.number = s.number AND (
    (s.status = 'cancelled' AND t.status IN ('active', 'outgoing_only')) OR (s.status = 'outgoing_only' AND t.status = 'active')
)
RETURNING s.number, s.file_line
"""


def reset_numbers(cursor):
    """Reset what staged numbers must not change; return the numbers, in file order, that now serve outgoing calls only."""
    cursor.execute(HELD)
    return [number for number, _line in sorted(cursor.fetchall(), key=lambda row: row[1])]
