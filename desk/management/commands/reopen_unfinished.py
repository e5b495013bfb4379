"""manage.py reopen_unfinished: find requests that were closed by hand with steps left open, which still block a device or a number."""

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from tickets.services import unfinished_steps
from tickets.services.lifecycle import NotNow


class Command(BaseCommand):
    help = "List requests that were closed with steps left open; with --reopen, return them to the queue. Sends no e-mails."

    def add_arguments(self, parser):
        parser.add_argument("--reopen", action="store_true", help="return them to the queue so that their steps can be completed")

    def handle(self, *, reopen, **options):
        rows = unfinished_steps.find_all()
        for ticket, steps in rows:
            values = {
                "number": ticket.pk,
                "partner": ticket.partner.code,
                "subject": ticket.subject,
                "day": f"{ticket.solved_at:%Y-%m-%d}" if ticket.solved_at else "–",
                "steps": ", ".join(str(step.title) for step in steps),
            }
            self.stdout.write(_("#%(number)d %(partner)s, solved %(day)s: %(subject)s. Open steps: %(steps)s") % values)
            if reopen:
                try:
                    unfinished_steps.reopen(ticket.pk, at=timezone.now())
                except NotNow as error:  # somebody else changed it first
                    self.stdout.write(f"  {error}")
        if not rows:
            self.stdout.write(_("No request was closed with open steps."))
        elif not reopen:
            self.stdout.write(_("%(count)d in total. Run again with --reopen to return them to the queue.") % {"count": len(rows)})
