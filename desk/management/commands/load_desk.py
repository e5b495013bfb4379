"""manage.py load_desk: a living desk for the demo: agents, views, values, canned answers, macros, automations, requests with talk."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.management.demo import life, team, values
from partners.models import Partner


class Command(BaseCommand):
    help = "Loads agents, texts, automations and requests in every state for the care team of the demo estate."

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="load nothing where there is some already")

    @transaction.atomic
    def handle(self, *, if_empty, **options):
        if not settings.DEMO:
            raise CommandError(_("This is not a demo (DEMO=no): the care team writes its own."))
        if not Partner.objects.filter(code__startswith="DEMO").exists():
            return  # an estate of one's own was imported: nothing is made up about it
        now = timezone.now()
        if not (if_empty and team.is_there()):
            team.load(now)
            values.load(now)
        life.load(now)
