"""manage.py personal_data EMAIL [--forget]: disclose or erase the personal data of a user."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from inbound import personal_data
from partners.models import User


class Command(BaseCommand):
    help = "Print the personal data of a current or former user as JSON; with --forget erase name and address."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--forget", action="store_true", help="erase; only for users whose access has ended; cannot be undone")

    def handle(self, *args, email, forget, **options):
        person = User.objects.filter(email=email.strip().lower()).first()
        if person is None:
            raise CommandError(f"No user has the address {email}.")
        if not forget:
            self.stdout.write(json.dumps(personal_data.export(person), cls=DjangoJSONEncoder, indent=1, ensure_ascii=False))
            return
        try:
            name = personal_data.erase(person)
        except personal_data.CannotErase as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{email} has been erased and is now called {name}.")
