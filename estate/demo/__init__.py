"""The demo estate: a small, plausible world around a given day, so that the demo always has something to show.

It is generated as the CSV files of the estate and imported; all names in it are invented.
"""

import csv
import io

from django.db import transaction

from estate.demo import bonuses, companies, hardware, invoices, numbers, systems
from estate.demo.logins import let_in
from estate.importer import import_files
from estate.tables import TABLES


def rows(today):
    """Return the demo estate as of `today`, {file name: rows in the order of the file's columns}; always the same for the same date."""
    made = companies.make()
    made |= systems.make(made, today)
    made |= numbers.make(made, today)
    made |= hardware.make(made, today)
    made |= invoices.make(made, today)
    return made


def files(today):
    """Return the demo estate as CSV, {file name: text}."""
    made = rows(today)
    return {table.file: _csv(table.names, made[table.file]) for table in TABLES}


def load(today):
    """Load the demo estate with its logins and past bonuses into the database. Return the changes; raise ImportRefused."""
    with transaction.atomic():
        changes = import_files({name: io.BytesIO(text.encode()) for name, text in files(today).items()}, today=today)
        let_in()
        bonuses.post()
    return changes


def write(directory, today):
    """Write the demo estate to a directory, for import_estate."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in files(today).items():
        (directory / name).write_text(text, encoding="utf-8")


def _csv(names, lines):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(value) for value in line] for line in lines)
    return out.getvalue()


def _cell(value):
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
