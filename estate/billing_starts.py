"""HW-6 in the import: billing of an HWaaS device starts some days after its shipment, unless the file or staff set another date."""

from psycopg import sql

from hwaas.billing_rules import billing_start
from policies.models import PolicyValue

UNDATED = """
CREATE TEMPORARY TABLE undated_devices ON COMMIT DROP AS
SELECT file_line FROM incoming_devices WHERE ownership = 'hwaas' AND billing_starts_on IS NULL
"""
UNDATED_AGAIN = "UPDATE {stage} s SET billing_starts_on = NULL FROM undated_devices u WHERE u.file_line = s.file_line"
# A date that staff set with a reason stays, whatever the file has.
SET_BY_STAFF = """
UPDATE {stage} s SET billing_starts_on = t.billing_starts_on FROM hwaas_device t
WHERE t.serial = s.serial AND s.ownership = 'hwaas' AND t.ownership = 'hwaas'
AND EXISTS (SELECT FROM hwaas_billingstart b WHERE b.device_id = t.id AND b.starts_on = t.billing_starts_on)
"""
SHIPMENTS = """
SELECT shipped_on FROM incoming_devices WHERE shipped_on IS NOT NULL AND billing_starts_on IS NULL AND ownership = 'hwaas'
UNION
SELECT t.shipped_on FROM hwaas_device t JOIN incoming_devices s ON s.serial = t.serial
WHERE t.shipped_on IS NOT NULL AND s.billing_starts_on IS NULL AND s.ownership = 'hwaas'
"""
# So does a date that was not derived: a replacement keeps the date of the old device, a conversion has its own.
KNOWN = """
UPDATE {stage} s SET billing_starts_on = t.billing_starts_on
FROM hwaas_device t LEFT JOIN derived_starts d ON d.shipped_on = t.shipped_on
WHERE t.serial = s.serial AND s.ownership = 'hwaas' AND t.ownership = 'hwaas' AND s.billing_starts_on IS NULL
AND (t.shipped_on = s.shipped_on OR t.billing_starts_on IS DISTINCT FROM d.starts_on) AND t.billing_starts_on IS NOT NULL
"""
DERIVED = """
UPDATE {stage} s SET billing_starts_on = d.starts_on FROM derived_starts d
WHERE d.shipped_on = s.shipped_on AND s.ownership = 'hwaas' AND s.billing_starts_on IS NULL
"""


def derive_billing_starts(cursor):
    """Fill in the billing start of staged HWaaS devices that have been shipped and come without one."""
    book = PolicyValue.objects.book(on=None)
    stage = sql.Identifier("incoming_devices")
    cursor.execute(UNDATED)
    _fill(cursor, stage, SET_BY_STAFF)
    cursor.execute(SHIPMENTS)
    starts = [(day, billing_start(day, book=book)) for (day,) in cursor.fetchall()]
    cursor.execute("CREATE TEMPORARY TABLE derived_starts (shipped_on date PRIMARY KEY, starts_on date) ON COMMIT DROP")
    with cursor.copy("COPY derived_starts FROM STDIN") as copy:
        for row in starts:
            copy.write_row(row)
    _fill(cursor, stage, KNOWN, DERIVED)


def derive_again(cursor, ready, _change):
    """Do the same for the rows in `ready`, whose devices are locked now: staff or a request may have set a date meanwhile."""
    _fill(cursor, ready, UNDATED_AGAIN, SET_BY_STAFF, KNOWN, DERIVED)


def _fill(cursor, stage, *statements):
    for statement in statements:
        cursor.execute(sql.SQL(statement).format(stage=stage))
