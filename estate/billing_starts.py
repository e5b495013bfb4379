"""HW-6 in the import: billing of an HWaaS device starts some days after its shipment, unless the file or staff set another date."""

from hwaas.billing_rules import billing_start
from policies.models import PolicyValue

# A date that staff set with a reason stays, whatever the file has.
SET_BY_STAFF = """
UPDATE incoming_devices s SET billing_starts_on = t.billing_starts_on FROM hwaas_device t
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
UPDATE incoming_devices s SET billing_starts_on = t.billing_starts_on
FROM hwaas_device t LEFT JOIN derived_starts d ON d.shipped_on = t.shipped_on
WHERE t.serial = s.serial AND s.ownership = 'hwaas' AND t.ownership = 'hwaas' AND s.billing_starts_on IS NULL
AND (t.shipped_on = s.shipped_on OR t.billing_starts_on IS DISTINCT FROM d.starts_on) AND t.billing_starts_on IS NOT NULL
"""
DERIVED = """
UPDATE incoming_devices s SET billing_starts_on = d.starts_on FROM derived_starts d
WHERE d.shipped_on = s.shipped_on AND s.ownership = 'hwaas' AND s.billing_starts_on IS NULL
"""


def derive_billing_starts(cursor):
    """Fill in the billing start of staged HWaaS devices that have been shipped and come without one."""
    book = PolicyValue.objects.book(on=None)
    cursor.execute(SET_BY_STAFF)
    cursor.execute(SHIPMENTS)
    starts = [(day, billing_start(day, book=book)) for (day,) in cursor.fetchall()]
    cursor.execute("CREATE TEMPORARY TABLE derived_starts (shipped_on date PRIMARY KEY, starts_on date) ON COMMIT DROP")
    with cursor.copy("COPY derived_starts FROM STDIN") as copy:
        for row in starts:
            copy.write_row(row)
    cursor.execute(KNOWN)
    cursor.execute(DERIVED)
