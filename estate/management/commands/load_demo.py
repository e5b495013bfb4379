"""manage.py load_demo: load the demo estate around today, and its logins."""

import datetime
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from estate import demo
from estate.demo.logins import PASSWORD, existing
from estate.problems import ImportRefused
from partners.models import Partner


class Command(BaseCommand):
    help = "Load the demo estate around today, or update it to today, and print its logins."

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="do nothing if the database already has partners")
        parser.add_argument("--write", type=Path, metavar="DIRECTORY", help="write the demo estate as CSV files instead of loading it")

    def handle(self, *, if_empty, write, **options):
        today = datetime.datetime.now(datetime.UTC).date()
        if write:
            demo.write(write, today)
            return
        if not settings.DEMO:
            raise CommandError(_("This command is for demos only (DEMO=no is set): the demo estate has public passwords."))
        if not (if_empty and Partner.objects.exists()):
            try:
                demo.load(today)
            except ImportRefused as refused:
                raise CommandError(_("The demo estate was not loaded.\n%(problems)s") % {"problems": refused})
        for login in existing():
            self.stdout.write(f"{login.what:36} {login.email:36} {PASSWORD}")
