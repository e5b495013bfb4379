"""manage.py import_estate: load or update the estate from a directory of CSV files.

The last column of its report is the rate of each file, for reading, checking and writing together. To measure the import, run it
on an empty database, then again (without changes), and with --dry-run, which does everything except the commit.
"""

import getpass
import sys
from pathlib import Path
from time import perf_counter

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from engine.single_line import single_line
from estate import runs
from estate.problems import ImportRefused
from estate.tables import TABLES
from estate.uploads import Source
from estate.upsert import SHOWN

TABULAR = {".csv", ".xlsx", ".xls", ".ods"}


class Command(BaseCommand):
    help = "Load or update the estate from the CSV files in a directory: all of them or nothing."

    def add_arguments(self, parser):
        parser.add_argument("directory", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check everything and report the changes without making them")

    def handle(self, *, directory, dry_run, **options):
        paths = self.find(directory)
        start = perf_counter()
        try:
            files = {name: Source(_lines(path)) for name, path in paths.items()}
            with runs.by_command(list(paths), is_rehearsal=dry_run, system_user=_system_user(), at=timezone.now()) as run:
                changes = runs.perform(run, files, now=timezone.now, waits=self.say_that_it_waits)
        except ImportRefused as refused:
            self.stderr.write(str(refused))  # every error, even the same one in 20,000 lines: scripts may parse them
            raise CommandError(_("Nothing was imported. Errors: %(count)d.") % {"count": len(refused.problems)})
        except KeyboardInterrupt:
            raise CommandError(_("Nothing was imported: the import was interrupted."), returncode=130)
        except OSError as error:
            raise CommandError(_("Nothing was imported: %(error)s.") % {"error": error})
        except DatabaseError as error:
            told = _("The database connection was lost: %(error)s. The Imports page in the administration shows the result.")
            raise CommandError(told % {"error": single_line(error)})
        self.report(changes, dry_run=dry_run, seconds=perf_counter() - start)

    def find(self, directory):
        """Return {file name: path} of the estate's files in the directory; point out other CSV files and spreadsheets."""
        if not directory.is_dir():
            raise CommandError(_("%(directory)s is not a directory.") % {"directory": directory})
        names = [table.file for table in TABLES]
        for path in sorted(directory.iterdir()):
            if path.suffix.lower() in TABULAR and path.name not in names:
                self.stderr.write(_("%(file)s is not an estate file and is ignored.") % {"file": path.name})
        paths = {name: directory / name for name in names if (directory / name).exists()}
        if not paths:
            raise CommandError(_("%(directory)s has none of these files: %(names)s.") % {"directory": directory, "names": ", ".join(names)})
        return paths

    def say_that_it_waits(self):
        self.stderr.write(_("Another import is running. This one starts when it has finished."))

    def report(self, changes, *, dry_run, seconds):
        for change in changes:
            rate = change.rows / change.seconds if change.seconds else 0
            self.stdout.write(
                f"{change.file:18}{change.created:>9} created{change.changed:>9} changed{change.unchanged:>9} unchanged{rate:>9.0f} rows/s"
            )
            if dry_run:
                self.show(_("would create"), change.first_created, change.created)
                self.show(_("would change"), change.first_changed, change.changed)
            told = _("ended without a request, so kept for outgoing calls only; renewal and billing as before (DID-4)")
            self.show(told, change.ported_out[:SHOWN], len(change.ported_out))
            for line in change.undone:
                self.stdout.write(_("  the file overwrites data of an executed request: %(what)s") % {"what": line})
            if change.all_undone > SHOWN:
                self.stdout.write(_("  and %(count)d more") % {"count": change.all_undone - SHOWN})
        rows = sum(change.rows for change in changes)
        self.stdout.write(_("%(rows)d rows in %(seconds).1f s.") % {"rows": rows, "seconds": seconds})
        if dry_run:
            self.stdout.write(_("This was a dry run: nothing was changed."))
        elif not any(change.created or change.changed for change in changes):
            self.stdout.write(_("No changes: everything in these files is already in the database."))

    def show(self, verb, keys, total):
        if keys:
            more = _(" and %(count)d more") % {"count": total - SHOWN} if total > SHOWN else ""
            self.stdout.write(f"  {verb}: {', '.join(keys)}{more}")


def _system_user():
    """Return the operating system's user who runs the command, or ""."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container without a name for its user
        return ""


def _lines(path):
    """Yield the lines of the file; on a terminal, show a progress bar."""
    bar = tqdm(total=path.stat().st_size, desc=path.name, unit="B", unit_scale=True, file=sys.stderr, disable=None, leave=False)
    with path.open("rb") as file, bar:
        for line in file:
            bar.update(len(line))
            yield line
