"""LIC-5 in the import: no import may give a customer another PBX with active licences outside its WMS network.

Existing violations are still imported and flagged on the pages; so are the first licences we hear of for a customer, since nobody can
correct them before they are here.
"""

from django.utils.translation import gettext as _

from estate.declare import TODAY
from estate.problems import Problem
from estate.tables import LICENCES, PBXS
from policies.models import PolicyValue

# Customers and the WMS networks (by the serial of the server, or of the single PBX) in which they have active licences: before ...
BEFORE = """
CREATE TEMPORARY TABLE active_before ON COMMIT DROP AS
SELECT DISTINCT e.code AS customer, coalesce(v.serial, p.serial) AS network
FROM pbx_licence l JOIN pbx_pbx p ON p.id = l.pbx_id JOIN partners_enduser e ON e.id = p.end_user_id
LEFT JOIN pbx_pbx v ON v.id = p.wms_server_id WHERE l.quantity > 0 AND p.terminated_on IS NULL
"""
# ... and after the import, with the lines that activate a PBX, move it to another network or give it to another customer.
AFTER = """
CREATE TEMPORARY TABLE active_after ON COMMIT DROP AS
WITH pbxs AS (
    SELECT s.serial, s.end_user AS customer, coalesce(s.wms_server, s.serial) AS network, s.file_line, t.terminated_on, t.id,
        e.code IS DISTINCT FROM s.end_user AS comes
    FROM incoming_pbxs s LEFT JOIN pbx_pbx t ON t.serial = s.serial LEFT JOIN partners_enduser e ON e.id = t.end_user_id
    UNION ALL
    SELECT t.serial, e.code, coalesce(v.serial, t.serial), NULL, t.terminated_on, t.id, false
    FROM pbx_pbx t JOIN partners_enduser e ON e.id = t.end_user_id LEFT JOIN pbx_pbx v ON v.id = t.wms_server_id
    WHERE NOT EXISTS (SELECT FROM incoming_pbxs s WHERE s.serial = t.serial)
), licences AS (
    SELECT s.pbx, s.quantity, s.file_line FROM incoming_licences s
    UNION ALL
    SELECT t.serial, l.quantity, NULL FROM pbx_licence l JOIN pbx_pbx t ON t.id = l.pbx_id
    WHERE NOT EXISTS (SELECT FROM incoming_licences s WHERE s.pbx = t.serial AND s.licence_type = l.licence_type)
)
SELECT p.customer, p.network, p.serial, p.file_line AS pbx_line, p.comes, min(l.file_line) AS licence_line,
    EXISTS (SELECT FROM pbx_licence o WHERE o.pbx_id = p.id AND o.quantity > 0) AS was_active
FROM pbxs p JOIN licences l ON l.pbx = p.serial WHERE l.quantity > 0 AND p.terminated_on IS NULL
GROUP BY p.customer, p.network, p.serial, p.file_line, p.comes, p.id
"""
# Customers with more networks than before, more than one, and licences that were known before.
WORSE = """
SELECT a.serial, a.customer, a.pbx_line, a.comes, a.licence_line, a.was_active,
    (SELECT min(o.network) FROM active_after o WHERE o.customer = a.customer AND o.network <> a.network)
FROM active_after a
WHERE NOT EXISTS (SELECT FROM active_before b WHERE b.customer = a.customer AND b.network = a.network)
AND a.customer IN (
    SELECT customer FROM active_after GROUP BY customer HAVING count(DISTINCT network) > greatest(1, (
        SELECT count(*) FROM active_before b WHERE b.customer = active_after.customer))
)
AND EXISTS (
    SELECT FROM pbx_licence l JOIN pbx_pbx p ON p.id = l.pbx_id JOIN partners_enduser e ON e.id = p.end_user_id WHERE e.code = a.customer
)
ORDER BY a.serial
"""


def one_network_of_a_customer(cursor):
    """LIC-5: yield a Problem for each PBX that would give a customer active licences in an additional network."""
    cursor.execute(f"SELECT {TODAY}")
    book = PolicyValue.objects.book(on=cursor.fetchone()[0])
    if book.on < book.value("pbx.single_active_since"):
        return
    cursor.execute(BEFORE)
    cursor.execute(AFTER)
    cursor.execute("ANALYZE active_before")
    cursor.execute("ANALYZE active_after")
    cursor.execute(WORSE)
    for serial, customer, pbx_line, comes, licence_line, was_active, other in cursor.fetchall():
        reason = _(
            "%(customer)s already has active licences on %(other)s: since %(since)s %(pbx)s can have some only in the same WMS network "
            "(LIC-5)."
        )
        values = {"customer": customer, "other": other, "pbx": serial} | {"since": book.cite("pbx.single_active_since").popitem()[1]}
        if (licence_line and not was_active) or not pbx_line:
            yield Problem(LICENCES.file, licence_line or 0, "quantity", reason % values)
        else:
            yield Problem(PBXS.file, pbx_line, "end_user" if comes else "wms_role", reason % values)
