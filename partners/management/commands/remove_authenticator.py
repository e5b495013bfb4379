"""manage.py remove_authenticator EMAIL: for a member of staff who lost the app and the recovery codes."""

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError

from partners import sessions
from partners.users import User


class Command(BaseCommand):
    help = "Take the authenticator app of a member of staff away: the code of the sign-in is mailed again."

    def add_arguments(self, parser):
        parser.add_argument("email")

    def handle(self, *args, email, **options):
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"Nobody has the address {email}.")
        removed, _ = Authenticator.objects.filter(user=user).delete()
        sessions.end(user)  # where the app was lost, one may be open
        self.stdout.write(f"{user.email} is mailed a code again." if removed else f"{user.email} has no authenticator app.")
