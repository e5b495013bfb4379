"""manage.py load_desk: fill the demo's desk with agents, views, values, canned answers, macros, automations and requests."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.management.demo import life, team, values
from partners.models import Partner


class Command(BaseCommand):
    help = "Load agents, texts, automations and requests in every state into the demo estate."

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="do nothing if the desk already has data")

    @transaction.atomic
    def handle(self, *, if_empty, **options):
        if not settings.DEMO:
            raise CommandError(_("This command is for demos only (DEMO=no is set)."))
        if not Partner.objects.filter(code__startswith="DEMO").exists():
            return  # a real estate was imported: invent no requests about it
        now = timezone.now()
        if not (if_empty and team.is_there()):
            team.load(now)
            values.load(now)
        life.load(now)
