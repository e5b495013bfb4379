"""manage.py create_api_token EMAIL: create an API token, which is printed once and not stored."""

from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from partners.users import ApiToken, User


class Command(BaseCommand):
    help = "Create an API token for a contact or a member of staff and print only the token on standard output."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--days", type=int, default=settings.API_TOKEN_DAYS, help="number of days it is valid (default: %(default)s)")
        parser.add_argument("--name", default="", help="what it is for, to distinguish it from other tokens")

    def handle(self, *args, email, days, name, **options):
        if not 1 <= days <= 3650:
            raise CommandError("--days must be between 1 and 3650.")
        if len(name) > ApiToken._meta.get_field("name").max_length:
            raise CommandError("--name is too long: at most 100 characters.")
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"There is no account with the address {email}.")
        if not user.is_active:
            raise CommandError(f"{email} may not sign in, so a token would not work.")
        self.stdout.write(ApiToken.issue(user, name=name, expires_at=timezone.now() + timedelta(days=days)))
