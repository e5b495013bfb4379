"""The CSV files of the estate, each declared once, in the order in which they are written to the database."""

from billing.models import Invoice, InvoiceLine, MonthlyResult
from classound.models import Call, Did
from estate.billing_starts import derive_again
from estate.columns import (
    Amount,
    Choice,
    Column,
    Country,
    Day,
    DidNumber,
    Email,
    Moment,
    Month,
    NumberReference,
    Reference,
    SignInEmail,
    Whole,
    YesNo,
    Zone,
)
from estate.declare import TODAY, Table
from estate.ported_out import reset_again
from estate.row_checks import check_commitment, check_console, check_did, check_pbx, in_order
from hwaas.models import Device, Item, Order
from partners.models import EndUser, Partner, Reseller, User
from pbx.models import Commitment, ConsoleReport, Licence, Pbx


def _given(column):
    """Return SQL for the date since which a row t has its address: today if the file s replaces an address (ORG-4)."""
    return {f"{column}_since": f"CASE WHEN t.{column} IN ('', s.{column}) THEN t.{column}_since ELSE {TODAY} END"}


PARTNERS = Table(
    "partners.csv",
    Partner,
    (
        Column("code"),
        Column("name"),
        Country("country"),
        Choice("region"),
        Choice("currency"),
        Zone("timezone"),
        Email("billing_email"),
        Column("vat_number"),
    ),
    key=("code",),
    on_update=_given("billing_email"),
)

CONTACTS = Table(
    "contacts.csv",
    User,
    (SignInEmail("email"), Reference("partner", to="code", is_required=True), Column("full_name"), Choice("label")),
    key=("email",),
    # New contacts have no usable password; they set one through "Forgot your password?".
    on_insert={"password": "'!' || replace(gen_random_uuid()::text, '-', '')"},
)

RESELLERS = Table(
    "resellers.csv",
    Reseller,
    (Column("code"), Reference("partner", to="code"), Column("name"), Email("email")),
    key=("code",),
    on_update=_given("email"),
)

END_USERS = Table(
    "end_users.csv",
    EndUser,
    (
        Column("code"),
        Reference("partner", to="code"),
        Reference("reseller", to="code"),
        Column("name"),
        Country("country"),
        Email("email"),
    ),
    key=("code",),
    on_update=_given("email"),
)

PBXS = Table(
    "pbxs.csv",
    Pbx,
    (
        Column("serial"),
        Reference("end_user", to="code"),
        Column("name"),
        Choice("product"),
        Choice("term"),
        Day("activated_on"),
        Day("expires_on"),
        Column("wms_version"),
        Choice("wms_role"),
        Reference("wms_server", to="serial"),
        YesNo("read_only"),
    ),
    key=("serial",),
    check=check_pbx,
    passes=("s.wms_server IS NULL", "s.wms_server IS NOT NULL"),
)

LICENCES = Table(
    "licences.csv",
    Licence,
    (Reference("pbx", to="serial"), Choice("licence_type"), Whole("quantity"), Amount("monthly_price"), Day("activated_on")),
    key=("pbx", "licence_type"),
)

COMMITMENTS = Table(
    "commitments.csv",
    Commitment,
    (Reference("pbx", to="serial"), Whole("years"), Day("starts_on"), Day("ends_on")),
    key=("pbx",),
    check=check_commitment,
    # The key is the PBX. If it has had several Commitments, the row means the one with the same start, else the latest.
    existing="(SELECT c.id FROM pbx_commitment c JOIN pbx_pbx p ON p.id = c.pbx_id WHERE p.serial = s.pbx"
    " ORDER BY c.starts_on = s.starts_on DESC, c.starts_on DESC LIMIT 1)",
    # COM-6: a Commitment that had ended before we heard of it does not renew; if a file changes the end, this is decided again.
    on_insert={"renews": f"s.ends_on >= {TODAY}"},
    on_update={"renews": f"CASE WHEN s.ends_on = t.ends_on THEN t.renews ELSE s.ends_on >= {TODAY} END"},
)

CONSOLE = Table(
    "console.csv",
    ConsoleReport,
    (Reference("pbx", to="serial"), Whole("registered_users"), Choice("wms_role"), Column("wms_server"), Moment("reported_at")),
    key=("pbx",),
    check=check_console,
)

DIDS = Table(
    "dids.csv",
    Did,
    (
        DidNumber("number"),
        Reference("pbx", to="serial"),
        Choice("kind"),
        Country("country"),
        Choice("status"),
        Day("activated_on"),
        Day("porting_date"),
        YesNo("porting_confirmed"),
        Column("migration_code"),
        Amount("monthly_price"),
    ),
    key=("number",),
    check=check_did,
    computed={"numbers": "int8range(translate(s.number, 'X+', '0')::int8, translate(s.number, 'X+', '9')::int8 + 1)"},
    on_update={
        "cancelled_on": "CASE WHEN s.status = 'cancelled' THEN t.cancelled_on END",
        "ported_out_on": "CASE WHEN s.status = 'outgoing_only' THEN t.ported_out_on END",
    },
    passes=("s.status = 'cancelled'", "s.status <> 'cancelled'"),
    makes_room="s.status = 'cancelled'",  # for numbers that replace cancelled ones
    again=reset_again,
)

ITEMS = Table(
    "items.csv",
    Item,
    (Column("code"), Column("name"), Amount("capex_price"), Amount("hwaas_monthly_price"), Whole("stock")),
    key=("code",),
)

DEVICES = Table(
    "devices.csv",
    Device,
    (
        Column("serial"),
        Reference("item", to="code"),
        Reference("pbx", to="serial"),
        Choice("ownership"),
        Day("ordered_on"),
        Day("shipped_on"),
        Day("billing_starts_on"),
        YesNo("warranty_document"),
    ),
    key=("serial",),
    check=in_order("ordered_on", "shipped_on"),
    again=derive_again,
)

ORDERS = Table(
    "orders.csv",
    Order,
    (
        Column("number"),
        Reference("partner", to="code"),
        Country("country"),
        Day("placed_on"),
        Day("dispatched_on"),
        Column("carrier"),
        Column("tracking_number"),
    ),
    key=("number",),
    check=in_order("placed_on", "dispatched_on"),
)

INVOICES = Table(
    "invoices.csv",
    Invoice,
    (Column("number"), Reference("partner", to="code"), Day("issued_on"), Day("due_on"), Choice("currency")),
    key=("number",),
    check=in_order("issued_on", "due_on"),
)

INVOICE_LINES = Table(
    "invoice_lines.csv",
    InvoiceLine,
    (Reference("invoice", to="number"), Whole("line"), Column("description"), Amount("quantity"), Amount("unit_price")),
    key=("invoice", "line"),
)

BONUS_RESULTS = Table(
    "bonus_results.csv",
    MonthlyResult,
    (Reference("partner", to="code"), Month("month"), Amount("result")),
    key=("partner", "month"),
)

CALLS = Table(
    "calls.csv",
    Call,
    (
        Column("call_id"),
        NumberReference("did", to="number"),
        Column("user"),
        Moment("started_at"),
        Whole("seconds"),
        Choice("direction"),
        Column("destination"),
        Amount("price"),
    ),
    key=("call_id",),
)

TABLES = (
    PARTNERS,
    CONTACTS,
    RESELLERS,
    END_USERS,
    PBXS,
    LICENCES,
    COMMITMENTS,
    CONSOLE,
    DIDS,
    ITEMS,
    DEVICES,
    ORDERS,
    INVOICES,
    INVOICE_LINES,
    BONUS_RESULTS,
    CALLS,
)
