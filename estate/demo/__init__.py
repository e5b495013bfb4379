"""The demo estate: a small believable world around a given day, so that the demo always shows something interesting.

It is written as the CSV files of the estate and goes through the import; all names in it are invented.
"""

import csv
import io

from django.db import transaction

from estate.demo import bonuses, companies, hardware, invoices, numbers, systems
from estate.demo.logins import let_in
from estate.importer import import_files
from estate.tables import TABLES


def rows(today):
    """The demo estate as of `today` (a date): file name -> rows in the order of the file's columns. The same day, the same rows."""
    made = companies.make()
    made |= systems.make(made, today)
    made |= numbers.make(made, today)
    made |= hardware.make(made, today)
    made |= invoices.make(made, today)
    return made


def files(today):
    """The demo estate as CSV: file name -> text."""
    made = rows(today)
    return {table.file: _csv(table.names, made[table.file]) for table in TABLES}


def load(today):
    """Load the demo estate into the database, with its logins and the bonuses of its past. Returns the changes; raises ImportRefused."""
    with transaction.atomic():
        changes = import_files({name: io.BytesIO(text.encode()) for name, text in files(today).items()}, today=today)
        let_in()
        bonuses.post()
    return changes


def write(directory, today):
    """Write the demo estate into a directory, for import_estate."""
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
