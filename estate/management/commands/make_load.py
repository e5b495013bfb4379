"""manage.py make_load: fill the database with years of history for measurements."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from estate import load


class Command(BaseCommand):
    help = "Add tickets with plausible events, messages, verdicts and fees about the estate. For measurements only, never in production."

    def add_arguments(self, parser):
        parser.add_argument("--tickets", type=int, required=True, help="how many tickets to add")

    def handle(self, *, tickets, **options):
        if not settings.DEMO:
            raise CommandError(_("This command is for demos only (DEMO=no is set)."))
        if tickets < 1:
            raise CommandError(_("The number of tickets must be at least 1."))
        begun = time.perf_counter()
        with tqdm(total=tickets, unit=" tickets", disable=None) as bar:
            try:
                for progress in load.fill(tickets, now=timezone.now()):
                    bar.set_description(progress.what)
                    bar.update(progress.done - bar.n)
            except load.TooLittle:
                raise CommandError(_("There is no estate to create tickets about. Load one first (load_demo or import_estate).")) from None
        seconds = time.perf_counter() - begun
        self.stdout.write(
            _("%(count)s tickets in %(seconds).1f s, %(rate)d per second.")
            % {"count": tickets, "seconds": seconds, "rate": tickets / seconds}
        )
