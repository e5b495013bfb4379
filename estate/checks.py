"""Checks of rows against other rows of the files and against the database.

Every check is a query over the staged rows and yields a Problem for each bad row.
"""

from django.utils.translation import gettext as _
from psycopg import sql

from billing.amounts import format_amount
from estate.networks import one_network_of_a_customer
from estate.problems import Problem
from estate.tables import (
    BONUS_RESULTS,
    COMMITMENTS,
    CONTACTS,
    DIDS,
    END_USERS,
    INVOICE_LINES,
    INVOICES,
    LICENCES,
    ORDERS,
    PBXS,
    RESELLERS,
)

RANGES = """
CREATE TEMPORARY TABLE incoming_ranges ON COMMIT DROP AS
SELECT file_line, number, {numbers} AS numbers FROM incoming_dids s WHERE number IS NOT NULL AND status <> 'cancelled'
"""
OVERLAPS_IN_FILE = """
SELECT a.file_line, a.number, b.number, b.file_line FROM incoming_ranges a
JOIN incoming_ranges b ON a.numbers && b.numbers AND b.file_line < a.file_line AND b.number <> a.number ORDER BY 1, 4
"""
OVERLAPS_IN_DATABASE = """
SELECT a.file_line, a.number, t.number, p.serial FROM incoming_ranges a
JOIN classound_did t ON a.numbers && t.numbers AND t.status <> 'cancelled' JOIN pbx_pbx p ON p.id = t.pbx_id
WHERE NOT EXISTS (SELECT FROM incoming_dids s WHERE s.number = t.number) ORDER BY 1, 3
"""
# The PBXs after the import: those of the file, and those of the database that the file does not contain.
SERVERS = """
WITH future AS (
    SELECT file_line, serial, wms_role, wms_server FROM incoming_pbxs
    UNION ALL
    SELECT NULL, t.serial, t.wms_role, v.serial FROM pbx_pbx t LEFT JOIN pbx_pbx v ON v.id = t.wms_server_id
    WHERE NOT EXISTS (SELECT FROM incoming_pbxs s WHERE s.serial = t.serial)
)
SELECT client.file_line, client.serial, server.file_line, server.serial, server.wms_role FROM future client
JOIN future server ON server.serial = client.wms_server
WHERE server.wms_role <> 'server' AND (client.file_line IS NOT NULL OR server.file_line IS NOT NULL) ORDER BY 1, 3
"""
RESELLERS_OF_OTHERS = """
WITH future AS (
    SELECT file_line, code, partner FROM incoming_resellers
    UNION ALL
    SELECT NULL, t.code, p.code FROM partners_reseller t JOIN partners_partner p ON p.id = t.partner_id
    WHERE NOT EXISTS (SELECT FROM incoming_resellers s WHERE s.code = t.code)
), customers AS (
    SELECT file_line, code, partner, reseller FROM incoming_end_users
    UNION ALL
    SELECT NULL, t.code, p.code, r.code FROM partners_enduser t JOIN partners_partner p ON p.id = t.partner_id
    JOIN partners_reseller r ON r.id = t.reseller_id
    WHERE NOT EXISTS (SELECT FROM incoming_end_users s WHERE s.code = t.code)
)
SELECT c.file_line, c.code, c.partner, r.file_line, r.code, r.partner FROM customers c JOIN future r ON r.code = c.reseller
WHERE r.partner <> c.partner AND (c.file_line IS NOT NULL OR r.file_line IS NOT NULL) ORDER BY 1, 4
"""
PEOPLE = """
SELECT s.file_line, u.email, u.role, p.code FROM incoming_contacts s JOIN partners_user u ON u.email = s.email
LEFT JOIN partners_partner p ON p.id = u.partner_id WHERE u.role <> 'contact' OR p.code <> s.partner ORDER BY 1
"""

# Results that the ledger relies on are final (BIL-7): those that were credited, and all results of a partner whose increase was withdrawn.
FINAL_RESULTS = """
SELECT s.file_line, to_char(s.month, 'YYYY-MM'), t.result FROM incoming_bonus_results s
JOIN partners_partner p ON p.code = s.partner JOIN billing_monthlyresult t ON t.partner_id = p.id AND t.month = s.month
WHERE t.result <> s.result AND EXISTS (
    SELECT FROM billing_ledgerentry e WHERE e.source = 'bonus:' || p.code
    AND (e.fee = 'bonus.credit:' || to_char(s.month, 'YYYY-MM') OR e.fee LIKE 'bonus.withdrawal:%')
) ORDER BY 1
"""

CANCELLED_ORDERS = """
SELECT s.file_line, o.number, o.cancelled_on FROM incoming_orders s JOIN hwaas_order o ON o.number = s.number
WHERE o.cancelled_on IS NOT NULL AND s.dispatched_on IS NOT NULL ORDER BY 1
"""

CREDITED_LINES = """
SELECT s.file_line, sum(c.amount), i.currency FROM incoming_invoice_lines s JOIN billing_invoice i ON i.number = s.invoice
JOIN billing_invoiceline t ON t.invoice_id = i.id AND t.line = s.line JOIN billing_creditnoteline c ON c.invoice_line_id = t.id
GROUP BY s.file_line, s.quantity, s.unit_price, i.currency HAVING sum(c.amount) > round(s.quantity * s.unit_price, 2) ORDER BY 1
"""
CREDITED_INVOICES = """
SELECT s.file_line, s.number, CASE WHEN s.partner = p.code THEN 'currency' ELSE 'partner' END FROM incoming_invoices s
JOIN billing_invoice i ON i.number = s.number JOIN partners_partner p ON p.id = i.partner_id
WHERE (s.partner, s.currency) <> (p.code, i.currency) AND EXISTS (SELECT FROM billing_creditnote c WHERE c.invoice_id = i.id) ORDER BY 1
"""

# Commitments that others have started since it was decided which ones the rows of the file mean.
STARTED_MEANWHILE = """
SELECT s.file_line, p.serial FROM ready_commitments_0 s JOIN pbx_pbx p ON p.id = s.pbx_id
JOIN LATERAL (
    SELECT c.id, count(*) OVER () AS all_of_them FROM pbx_commitment c WHERE c.pbx_id = s.pbx_id
    ORDER BY c.starts_on = s.starts_on DESC, c.starts_on DESC LIMIT 1
) meant ON true
WHERE CASE WHEN s.existing IS NULL THEN meant.all_of_them > 1 ELSE meant.id <> s.existing END ORDER BY 1
"""

# What keeps the result of a check until the commit: the rows that others would have to lock to contradict it (decision 0414).
PEOPLE_CHANGED = "SELECT FROM partners_user WHERE id IN (SELECT existing FROM ready_contacts_0) ORDER BY id FOR NO KEY UPDATE"
PBXS_COMMITTED = "SELECT FROM pbx_pbx WHERE id IN (SELECT pbx_id FROM ready_commitments_0) ORDER BY id FOR NO KEY UPDATE"
LINES_CHANGED = """
SELECT FROM billing_invoice WHERE id IN (SELECT invoice_id FROM ready_invoice_lines_0 WHERE existing IS NOT NULL)
ORDER BY id FOR NO KEY UPDATE
"""
INVOICES_CHANGED = "SELECT FROM billing_invoice WHERE id IN (SELECT existing FROM ready_invoices_0) ORDER BY id FOR NO KEY UPDATE"
RESELLERS_NAMED = """
SELECT FROM partners_reseller WHERE code IN (SELECT code FROM incoming_resellers UNION SELECT reseller FROM incoming_end_users)
ORDER BY id FOR NO KEY UPDATE
"""
RESULTS_NAMED = """
SELECT FROM billing_monthlyresult t JOIN partners_partner p ON p.id = t.partner_id
JOIN incoming_bonus_results s ON s.partner = p.code AND s.month = t.month ORDER BY t.id FOR NO KEY UPDATE OF t
"""


def duplicates(cursor, table):
    """A key may appear only once in a file."""
    key = sql.SQL(", ").join(map(sql.Identifier, table.key))
    known = sql.SQL(" AND ").join(sql.SQL("{} IS NOT NULL").format(sql.Identifier(name)) for name in table.key)
    statement = """
    SELECT unnest((array_agg(file_line ORDER BY file_line))[2:]), min(file_line), concat_ws(' ', {key})
    FROM {stage} WHERE {known} GROUP BY {key} HAVING count(*) > 1 ORDER BY 1
    """
    cursor.execute(sql.SQL(statement).format(key=key, known=known, stage=sql.Identifier(table.stage)))
    for line, first, text in cursor.fetchall():
        yield Problem(table.file, line, table.key[0], _("“%(key)s” is already in line %(first)d.") % {"key": text, "first": first})


def unknown_references(cursor, table, column, target):
    """A reference must name a row that is in the files (`target` is the table they were staged from) or in the database."""
    statement = """
    WITH named AS (SELECT DISTINCT {name} FROM {stage} s WHERE {name} IS NOT NULL),
    spelt AS (SELECT {name} AS meant, unnest({spellings}) AS spelling FROM named s),
    known AS (SELECT {to} AS key FROM {target} UNION ALL SELECT {to} FROM {incoming}),
    unknown AS (SELECT meant FROM spelt LEFT JOIN known ON known.key = spelling GROUP BY meant HAVING count(known.key) = 0)
    SELECT s.file_line, meant FROM unknown JOIN {stage} s ON {name} = meant ORDER BY 1
    """
    cursor.execute(
        sql.SQL(statement).format(
            name=column.staged,
            spellings=column.spellings(),
            stage=sql.Identifier(table.stage),
            to=sql.Identifier(column.to),
            target=sql.Identifier(column.target._meta.db_table),
            incoming=sql.Identifier(target.stage),
        )
    )
    for line, key in cursor.fetchall():
        reason = _("“%(key)s” is neither in %(file)s nor in the database.") % {"key": key, "file": target.file}
        yield Problem(table.file, line, column.name, reason)


def overlapping_numbers(cursor):
    """Numbers that are not cancelled must not overlap (DID-3), neither in the file nor in the database."""
    cursor.execute(sql.SQL(RANGES).format(numbers=sql.SQL(DIDS.computed["numbers"])))
    cursor.execute("CREATE INDEX ON incoming_ranges USING gist (numbers)")
    cursor.execute("ANALYZE incoming_ranges")
    cursor.execute(OVERLAPS_IN_FILE)
    for line, number, other, other_line in cursor.fetchall():
        reason = _("%(number)s overlaps %(other)s in line %(line)d.") % {"number": number, "other": other, "line": other_line}
        yield Problem(DIDS.file, line, "number", reason)
    cursor.execute(OVERLAPS_IN_DATABASE)
    for line, number, other, pbx in cursor.fetchall():
        reason = _("%(number)s overlaps %(other)s, which is in the database on PBX %(pbx)s.")
        yield Problem(DIDS.file, line, "number", reason % {"number": number, "other": other, "pbx": pbx})


def wms_servers(cursor):
    """The server of a WMS client must have the role of a server, which also rules out a PBX as its own server, and cycles."""
    cursor.execute(SERVERS)
    for client_line, client, server_line, server, role in cursor.fetchall():
        if client_line:
            yield Problem(
                PBXS.file, client_line, "wms_server", _("%(server)s is %(role)s, not a server.") % {"server": server, "role": role}
            )
        else:
            reason = _("%(server)s must remain a server: PBX %(client)s in the database is its client.")
            yield Problem(PBXS.file, server_line, "wms_role", reason % {"server": server, "client": client})


def resellers_of_other_partners(cursor):
    """The reseller of an end user must belong to the partner that serves the end user (ORG-1)."""
    cursor.execute(RESELLERS_OF_OTHERS)
    for customer_line, customer, partner, reseller_line, reseller, owner in cursor.fetchall():
        names = {"customer": customer, "partner": partner, "reseller": reseller, "owner": owner}
        if customer_line:
            reason = _("%(reseller)s is a reseller of %(owner)s, not of %(partner)s.")
            yield Problem(END_USERS.file, customer_line, "reseller", reason % names)
        else:
            reason = _("%(reseller)s cannot move to %(owner)s alone: its end user %(customer)s in the database is with %(partner)s.")
            yield Problem(RESELLERS.file, reseller_line, "partner", reason % names)


def people(cursor):
    """An import must neither turn staff into contacts nor move a person's access from one partner to another (ORG-2)."""
    cursor.execute(PEOPLE)
    for line, email, role, partner in cursor.fetchall():
        if role == "contact":
            reason = _("%(email)s is a contact of %(partner)s; an import cannot move a person’s access to another partner.")
            yield Problem(CONTACTS.file, line, "partner", reason % {"email": email, "partner": partner})
        else:
            yield Problem(CONTACTS.file, line, "email", _("%(email)s belongs to a member of staff.") % {"email": email})


def final_results(cursor):
    """An import must not change a result that was credited, or whose credits were withdrawn (BIL-7)."""
    cursor.execute(FINAL_RESULTS)
    for line, month, result in cursor.fetchall():
        reason = _("The result of %(month)s was %(result)s when its bonus was posted: it can no longer be changed.")
        yield Problem(BONUS_RESULTS.file, line, "result", reason % {"month": month, "result": result})


def cancelled_orders(cursor):
    """An import must not dispatch an order that a request has cancelled (ORD-2)."""
    cursor.execute(CANCELLED_ORDERS)
    for line, number, day in cursor.fetchall():
        reason = _("%(number)s was cancelled on %(day)s by a request: it cannot have been dispatched.") % {"number": number, "day": day}
        yield Problem(ORDERS.file, line, "dispatched_on", reason)


def credited_lines(cursor):
    """An import must not make a line of an invoice smaller than what credit notes have credited of it (BIL-2)."""
    cursor.execute(CREDITED_LINES)
    for line, amount, currency in cursor.fetchall():
        reason = _("%(amount)s of this line has been credited: it cannot be smaller.") % {"amount": format_amount(amount, currency)}
        yield Problem(INVOICE_LINES.file, line, "unit_price", reason)


def credited_invoices(cursor):
    """An import must not move an invoice with credit notes, which are in the ledger, to another partner or currency."""
    cursor.execute(CREDITED_INVOICES)
    for line, number, column in cursor.fetchall():
        reason = _("A credit note was issued for %(number)s: its partner and currency can no longer be changed.") % {"number": number}
        yield Problem(INVOICES.file, line, column, reason)


def commitments_started_meanwhile(cursor):
    """A PBX has one Commitment at a time (COM-1): that of a request must neither be joined by that of a file, nor survive it."""
    cursor.execute(STARTED_MEANWHILE)
    for line, serial in cursor.fetchall():
        reason = _("A request has just started a Commitment of %(pbx)s. Import the files again.") % {"pbx": serial}
        yield Problem(COMMITMENTS.file, line, "starts_on", reason)


# Each check with the tables whose rows it concerns.
BETWEEN_ROWS = {
    people: (CONTACTS,),
    resellers_of_other_partners: (RESELLERS, END_USERS),
    wms_servers: (PBXS,),
    one_network_of_a_customer: (PBXS, LICENCES),
    overlapping_numbers: (DIDS,),
    final_results: (BONUS_RESULTS,),
    cancelled_orders: (ORDERS,),
    credited_lines: (INVOICE_LINES,),
    credited_invoices: (INVOICES,),
}
# Checks of what requests, people and the worker change meanwhile without touching the rows of the files, with the tables that they concern
# and the locks that end this.
AGAIN = {
    people: ((CONTACTS,), PEOPLE_CHANGED),
    resellers_of_other_partners: ((RESELLERS, END_USERS), RESELLERS_NAMED),
    commitments_started_meanwhile: ((COMMITMENTS,), PBXS_COMMITTED),
    final_results: ((BONUS_RESULTS,), RESULTS_NAMED),
    credited_lines: ((INVOICE_LINES,), LINES_CHANGED),
    credited_invoices: ((INVOICES,), INVOICES_CHANGED),
}


def check_again(cursor, files):
    """Lock what these checks of the given files depend on, and yield the problems that have arisen since the first time."""
    for check, (tables, lock) in AGAIN.items():
        if any(table.file in files for table in tables):
            cursor.execute(lock)
            yield from check(cursor)
