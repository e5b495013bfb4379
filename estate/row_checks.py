"""Checks within a single row of the estate; each yields (column, reason)."""

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _


def in_order(earlier, later):
    """Return a check that the date in column `later`, if both are known, is not before the one in `earlier`."""

    def check(row):
        if row[earlier] and row[later] and row[later] < row[earlier]:
            yield (
                later,
                _("%(later)s is before %(column)s (%(earlier)s).") % {"later": row[later], "column": earlier, "earlier": row[earlier]},
            )

    return check


def check_pbx(row):
    """Dates must be in order; only clients have a WMS server."""
    yield from in_order("activated_on", "expires_on")(row)
    yield from _servers_of_clients(row, is_empty=not row["wms_server"])


def check_commitment(row):
    """The term must be whole years and match the end date."""
    if row["years"] == 0:
        yield "years", _("is 0: a Commitment lasts at least one year.")
    elif row["years"] and row["starts_on"] and row["ends_on"]:
        end = _end_of(row["starts_on"], row["years"])
        if row["ends_on"] != end:
            yield (
                "ends_on",
                _("%(day)s is not %(years)d years after the start: expected %(end)s.")
                % {"day": row["ends_on"], "years": row["years"], "end": end or "?"},
            )


def check_console(row):
    """Only clients report a server."""
    yield from _servers_of_clients(row, is_empty=row["wms_server"] == "")


def _servers_of_clients(row, *, is_empty):
    if row["wms_role"] == "client" and is_empty:
        yield "wms_server", _("is empty, but a client in a WMS network needs a server.")
    if row["wms_role"] in ("standalone", "server") and row["wms_server"]:
        yield "wms_server", _("is given, but the WMS role is %(role)s: only a client has a server.") % {"role": row["wms_role"]}


def _end_of(start, years):
    try:
        return start + relativedelta(years=years)
    except ValueError:  # beyond the last year of the calendar
        return None


def check_did(row):
    """Only an existing porting date can be confirmed."""
    if row["porting_confirmed"] and not row["porting_date"]:
        yield "porting_date", _("is empty, but the porting date is marked as confirmed.")
