"""manage.py personal_data EMAIL [--forget]: for whoever asks what is kept about them, or wants to be forgotten."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from inbound import people
from partners.models import User


class Command(BaseCommand):
    help = "Print as JSON what is kept about a person who signs in, or did; with --forget take the name and the address away."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--forget", action="store_true", help="of somebody whose access has ended; cannot be undone")

    def handle(self, *args, email, forget, **options):
        person = User.objects.filter(email=email.strip().lower()).first()
        if person is None:
            raise CommandError(f"Nobody has the address {email}.")
        if not forget:
            self.stdout.write(json.dumps(people.told(person), cls=DjangoJSONEncoder, indent=1, ensure_ascii=False))
            return
        try:
            name = people.forget(person)
        except people.NotYet as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{email} is forgotten: {name} from now on.")
