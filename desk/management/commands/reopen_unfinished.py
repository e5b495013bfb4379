"""manage.py reopen_unfinished: requests that were closed by hand over steps of theirs, and still hold a device or a number."""

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from tickets.services import unfinished
from tickets.services.lifecycle import NotNow


class Command(BaseCommand):
    help = "Lists requests that were closed over their open steps, and with --reopen puts them back into the queue. Nobody is mailed."

    def add_arguments(self, parser):
        parser.add_argument("--reopen", action="store_true", help="put them back into the queue, so that their steps can be taken")

    def handle(self, *, reopen, **options):
        rows = unfinished.found()
        for ticket, steps in rows:
            values = {
                "number": ticket.pk,
                "partner": ticket.partner.code,
                "subject": ticket.subject,
                "day": f"{ticket.solved_at:%Y-%m-%d}" if ticket.solved_at else "–",
                "steps": ", ".join(str(step.title) for step in steps),
            }
            self.stdout.write(_("#%(number)d %(partner)s, solved %(day)s: %(subject)s. Left: %(steps)s") % values)
            if reopen:
                try:
                    unfinished.reopen(ticket.pk, at=timezone.now())
                except NotNow as error:  # somebody was faster
                    self.stdout.write(f"  {error}")
        if not rows:
            self.stdout.write(_("No request was closed over steps of its own."))
        elif not reopen:
            self.stdout.write(_("%(count)d in all. With --reopen they go back into the queue.") % {"count": len(rows)})
