"""manage.py remove_authenticator EMAIL: for a member of staff who has lost both the app and the recovery codes."""

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError

from partners import sessions
from partners.users import User


class Command(BaseCommand):
    help = "Remove the authenticator app of a member of staff, whose verification codes are then e-mailed again."

    def add_arguments(self, parser):
        parser.add_argument("email")

    def handle(self, *args, email, **options):
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"There is no account with the address {email}.")
        removed, _ = Authenticator.objects.filter(user=user).delete()
        sessions.end(user)  # the lost device may still be signed in
        self.stdout.write(f"{user.email} gets codes by e-mail again." if removed else f"{user.email} has no authenticator app.")
