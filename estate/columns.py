"""Parsers for the cells of the estate's CSV files, one class for each kind of column.

A column has the name of the model's field; its limits (length, choices, decimals, whether it may be empty) are those of the field.
"""

import datetime
import re
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql

from classound.numbers import InvalidNumber, parse_number
from policies.catalog.declare import EVER
from web.name_fields import UNSEEN
from web.user_input import parse_month

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})")
WHOLE = re.compile(r"[0-9]{1,18}")
AMOUNT = re.compile(r"([0-9]+)(?:\.([0-9]+))?")
# Rules count terms from dates, and look up policy values, which begin in 1990. 9999-12-31 and 1900-01-01 are placeholders, not dates.
FIRST_YEAR, LAST_YEAR = EVER.year, 2199
REMEMBERED = 10_000


class BadCell(ValueError):
    """An invalid cell; the message is for the person who imports."""


class Column:
    """A text column. `read` takes a cell and returns the value for the database, or raises BadCell.

    What a cell means depends on the column alone. `recurs`: the same cells are in many rows, so their values are remembered.
    """

    recurs = True

    def __init__(self, name):
        self.name = name

    def bind(self, model, *, key):
        """Take over the limits of the model's field of the same name."""
        self.field = model._meta.get_field(self.name)
        self.is_required = key or not (self.field.null or self.field.blank or self.field.has_default())
        self.empty = self.field.get_default() if self.field.has_default() or not self.field.null else None
        self.stage_type = self.field.db_type(connection)
        if self.recurs and not key:
            self.read = lru_cache(maxsize=REMEMBERED)(self.read)

    def read(self, cell):
        if not cell:
            if self.is_required:
                raise BadCell(_("must not be empty."))
            return self.empty
        if not cell.isprintable() and ("\0" in cell or UNSEEN.search(cell)):
            raise BadCell(_("contains a control character, such as a line break or a NUL."))
        if cell != cell.strip():
            raise BadCell(_("has a leading or trailing space: “%(cell)s”.") % {"cell": cell})
        return self.parse(cell)

    def parse(self, cell):
        longest = self.field.max_length
        if longest and len(cell) > longest:
            raise BadCell(_("has %(length)d characters; the maximum is %(longest)d.") % {"length": len(cell), "longest": longest})
        return cell

    def value(self):
        """Return SQL for the value of the model's row, from a row of the staging table aliased as s."""
        return self.staged

    def join(self):
        """Return SQL that joins what `value` needs to the staging table."""
        return sql.SQL("")

    @property
    def staged(self):
        return sql.Identifier("s", self.name)


class Choice(Column):
    def bind(self, model, *, key):
        super().bind(model, key=key)
        self.codes = {code for code, _label in self.field.choices}

    def parse(self, cell):
        if cell not in self.codes:
            raise BadCell(_("“%(cell)s” is not one of: %(codes)s.") % {"cell": cell, "codes": ", ".join(sorted(self.codes))})
        return cell


class Country(Column):
    def parse(self, cell):
        if cell not in phonenumbers.SUPPORTED_REGIONS:
            raise BadCell(_("“%(cell)s” is not a country code: use two capital letters (ISO 3166), for example IT.") % {"cell": cell})
        return cell


class Zone(Column):
    def parse(self, cell):
        try:
            ZoneInfo(cell)
        except (LookupError, ValueError, OSError):
            raise BadCell(_("“%(cell)s” is not a time zone, for example Europe/Rome.") % {"cell": cell})
        return super().parse(cell)


class Email(Column):
    def parse(self, cell):
        try:
            validate_email(cell)
        except ValidationError:
            raise BadCell(_("“%(cell)s” is not an e-mail address.") % {"cell": cell})
        return super().parse(cell)


class SignInEmail(Email):
    """The address a person signs in with, in lower case so that each address is one person."""

    def parse(self, cell):
        return super().parse(cell.lower())


class YesNo(Column):
    def parse(self, cell):
        if cell not in ("yes", "no"):
            raise BadCell(_("“%(cell)s” is neither yes nor no.") % {"cell": cell})
        return cell == "yes"


def _within_years(day, cell):
    """Return the date or datetime. Raise BadCell if it is too far away to be real."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        reason = _("“%(cell)s” is not between %(first)d and %(last)d: leave the cell empty if there is no date or it is unknown.")
        raise BadCell(reason % {"cell": cell, "first": FIRST_YEAR, "last": LAST_YEAR})
    return day


class Day(Column):
    def parse(self, cell):
        try:
            day = datetime.date.fromisoformat(cell) if DAY.fullmatch(cell) else None
        except ValueError:
            day = None
        if day is None:
            raise BadCell(_("“%(cell)s” is not a date: use year-month-day, for example 2026-03-31.") % {"cell": cell})
        return _within_years(day, cell)


class Month(Column):
    """A month, such as 2022-03; stored as its first day."""

    def parse(self, cell):
        month = parse_month(cell)
        if month is None:
            raise BadCell(_("“%(cell)s” is not a month: use year-month, for example 2026-03.") % {"cell": cell})
        return month


class Moment(Column):
    recurs = False

    def parse(self, cell):
        try:
            moment = datetime.datetime.fromisoformat(cell).astimezone(datetime.UTC) if MOMENT.fullmatch(cell) else None
        except (ValueError, OverflowError):
            moment = None
        if moment is None:
            raise BadCell(_("“%(cell)s” is not a date and time: use this format: 2026-03-31T16:28:20Z.") % {"cell": cell})
        return _within_years(moment, cell)


class Whole(Column):
    """A non-negative whole number."""

    def bind(self, model, *, key):
        super().bind(model, key=key)
        self.highest = connection.ops.integer_field_range(self.field.get_internal_type())[1]

    def parse(self, cell):
        if not WHOLE.fullmatch(cell):
            raise BadCell(_("“%(cell)s” is not a whole number of 0 or more, in digits 0 to 9.") % {"cell": cell})
        if int(cell) > self.highest:
            raise BadCell(_("%(cell)s is too large.") % {"cell": cell})
        return int(cell)


class Amount(Column):
    """A non-negative decimal number with a point."""

    def parse(self, cell):
        match = AMOUNT.fullmatch(cell)
        if not match:
            raise BadCell(_("“%(cell)s” is not an amount of 0 or more with a decimal point.") % {"cell": cell})
        places = self.field.decimal_places
        if len(match[2] or "") > places:
            raise BadCell(_("%(cell)s has more than %(places)d decimal places.") % {"cell": cell, "places": places})
        if len(match[1].lstrip("0")) > self.field.max_digits - places:
            raise BadCell(_("%(cell)s is too large.") % {"cell": cell})
        return Decimal(cell)


def canonical_number(cell):
    """Return the canonical spelling of a number or range. Raise BadCell."""
    try:
        return parse_number(cell).text
    except InvalidNumber as wrong:
        raise BadCell(f"“{cell}”: {wrong}")


class DidNumber(Column):
    """A number in E.164 or a range with trailing X (DID-3), in canonical spelling."""

    def parse(self, cell):
        return canonical_number(cell)


class Reference(Column):
    """The key of a row of another table, in the files or in the database. `is_required`: only rows of certain kinds may lack it."""

    def __init__(self, name, *, to, is_required=False):
        super().__init__(name)
        self.to, self.has_to_be_known = to, is_required

    def bind(self, model, *, key):
        super().bind(model, key=key)
        self.is_required |= self.has_to_be_known
        self.stage_type = "text"
        self.target = self.field.related_model

    def parse(self, cell):
        return cell

    def spellings(self):
        """Return SQL for the array of keys under which the referenced row may exist."""
        return sql.SQL("ARRAY[{}]").format(self.staged)

    @property
    def meant(self):
        """The alias of the referenced row."""
        return sql.Identifier(f"meant_{self.name}")

    def value(self):
        return sql.SQL("{}.id").format(self.meant)

    def join(self):
        target, key = sql.Identifier(self.target._meta.db_table), sql.Identifier(self.to)
        return sql.SQL("LEFT JOIN {0} {1} ON {1}.{2} = {3}").format(target, self.meant, key, self.staged)


class NumberReference(Reference):
    """The number on our side of a call: a DID, or a number inside a range."""

    def parse(self, cell):
        return canonical_number(cell)

    def spellings(self):
        return sql.SQL("ARRAY[{0}, left({0}, -1) || 'X', left({0}, -2) || 'XX', left({0}, -3) || 'XXX']").format(self.staged)

    def join(self):
        """The DID with exactly that number, else the range that contains it: active before cancelled ones, the smallest first."""
        return sql.SQL(
            "LEFT JOIN LATERAL (SELECT t.id FROM classound_did t WHERE t.number = ANY({spellings})"
            " ORDER BY t.number = {staged} DESC, t.status = 'cancelled', t.number COLLATE \"C\" LIMIT 1) {meant} ON true"
        ).format(spellings=self.spellings(), staged=self.staged, meant=self.meant)
