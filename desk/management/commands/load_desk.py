"""manage.py load_desk: canned answers, macros and automations for the demo's care team."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.models import Automation, CannedAnswer, Macro
from desk.services import acting, automations, canned, moments
from partners.models import User

ANSWERS = (
    (
        "Which number is it?",
        "",
        "Dear {requester.name},\n\nwhich of your numbers is this about? Please name it with its country code.\n\n{agent.name}",
    ),
    (
        "We are on it",
        "",
        "Dear {requester.name},\n\nthank you for #{ticket.number} about {asset}. We look into it and write again soon.\n\n{agent.name}",
    ),
    (
        "Possible from a later day",
        "CLASSOUND",
        "Dear {requester.name},\n\n{asset} cannot be cancelled before {allowed_from}. We can do it on that day: shall we?\n\n{agent.name}",
    ),
    (
        "The device is on its way",
        "HWaaS",
        "Dear {requester.name},\n\nyour device has left our warehouse. The tracking number follows by mail.\n\n{agent.name}",
    ),
    (
        "Copy of an invoice",
        "Billing",
        "Dear {requester.name},\n\nall invoices of {partner.name} are in the portal under Account, also as CSV.\n\n{agent.name}",
    ),
)
MACROS = (
    ("Take and answer soon", [("assign", "me"), ("status", "open"), ("reply", ANSWERS[1][2].replace(" about {asset}", ""))]),
    ("Urgent, to a lead", [("priority", "1"), ("tag", "lead"), ("note", "Please have a look at #{ticket.number} of {partner.name}.")]),
    ("Wait for the number", [("assign", "me"), ("ask", ANSWERS[0][2])]),
)
# title, when, since, hours, conditions, actions, whether it is on: only what merely marks.
AUTOMATIONS = (
    ("Mark what costs much", "submitted", "", None, [("fee", "100")], [("tag", "over-100")], True),
    ("Mark what waits for a week", "time", "waiting", 168, [("untagged", "silent")], [("tag", "silent")], True),
    (
        "Remind the partner after three days",
        "time",
        "waiting",
        72,
        [],
        [("reply", "Dear {requester.name}, we still need your answer.")],
        False,
    ),
    ("A reopened ticket is urgent", "reopened", "", None, [("priority", "2")], [("priority", "1"), ("tag", "reopened")], False),
    ("Nobody has it after four hours", "time", "created", 4, [("owner", "nobody")], [("priority", "1"), ("tag", "nobody")], False),
)


class Command(BaseCommand):
    help = "Loads canned answers, macros and automations for the demo's care team."

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="load nothing where there are some already")

    @transaction.atomic
    def handle(self, *, if_empty, **options):
        if not settings.DEMO:
            raise CommandError(_("This is not a demo (DEMO=no): the care team writes its own."))
        if if_empty and (CannedAnswer.objects.exists() or Macro.objects.exists() or Automation.objects.exists()):
            return
        lead = User.objects.filter(role=User.Role.LEAD).order_by("pk").first()
        for title, topic, body in ANSWERS:
            CannedAnswer.objects.get_or_create(owner=None, title=title, defaults={"topic": topic, "body": canned.checked(body)})
        for title, actions in MACROS:
            made = [acting.chosen(code, value, user=lead) for code, value in actions]
            Macro.objects.get_or_create(owner=None, title=title, defaults={"actions": made})
        for title, when, since, hours, conditions, actions, is_active in AUTOMATIONS if lead else ():
            if not Automation.objects.filter(title=title).exists():
                made = Automation(title=title, when=when, since=since, hours=hours)
                made.conditions = [moments.condition(code, value) for code, value in conditions]
                made.actions = [acting.chosen(code, value, user=None) for code, value in actions]
                automations.save(made, by=lead, at=timezone.now(), is_active=is_active)
