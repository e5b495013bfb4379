"""manage.py make_load: fills the database with the history of years, to measure with."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from estate import load


class Command(BaseCommand):
    help = "Adds tickets with plausible events, messages, verdicts and fees about the things of the estate. For measuring, not for life."

    def add_arguments(self, parser):
        parser.add_argument("--tickets", type=int, required=True, help="how many tickets to add")

    def handle(self, *, tickets, **options):
        if not settings.DEMO:
            raise CommandError(_("This is not a demo (DEMO=no): nothing is invented here."))
        if tickets < 1:
            raise CommandError(_("Name at least one ticket."))
        begun = time.perf_counter()
        with tqdm(total=tickets, unit=" tickets", disable=None) as bar:
            try:
                for progress in load.fill(tickets, now=timezone.now()):
                    bar.set_description(progress.what)
                    bar.update(progress.done - bar.n)
            except load.TooLittle:
                raise CommandError(_("The estate has nothing to ask about: load one first (load_demo or import_estate).")) from None
        seconds = time.perf_counter() - begun
        self.stdout.write(
            _("%(count)s tickets in %(seconds).1f s, %(rate)d a second.")
            % {"count": tickets, "seconds": seconds, "rate": tickets / seconds}
        )
