"""manage.py create_staff EMAIL --role agent|lead|admin: create an account for a member of the vendor's staff."""

import getpass
import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from partners.sign_in import password_mail
from partners.users import User

ROLES = [role.value for role in User.Role if role != User.Role.CONTACT]


class Command(BaseCommand):
    help = "Create a staff account or change its role. On a terminal, prompts for a password; otherwise e-mails a link to set one."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--role", required=True, choices=ROLES, help="a lead can override rules, an admin can also edit policy values")
        parser.add_argument("--name", default="", help="full name")

    def handle(self, *args, email, role, name, **options):
        email = email.strip().lower()
        try:
            validate_email(email)
            User._meta.get_field("email").run_validators(email)
            User._meta.get_field("full_name").run_validators(name)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages))
        if not self._changed(email, role, name):
            self._create(email, role, name)

    @transaction.atomic
    def _changed(self, email, role, name):
        user = User.objects.select_for_update().filter(email=email).first()
        if user is None:
            return False
        if not user.is_care:
            raise CommandError(f"{email} is a contact of a partner and cannot be staff as well.")
        user.role, user.full_name = role, name or user.full_name
        user.save(update_fields=["role", "full_name"])
        self.stdout.write(f"{email} is now {user.get_role_display()}.")
        return True

    def _create(self, email, role, name):
        user = User(email=email, role=role, full_name=name or email.partition("@")[0])
        password = self._asked(user) if sys.stdin.isatty() else None
        user = User.objects.create_user(email, password, role=role, full_name=user.full_name)
        self.stdout.write(f"Created {email}, {user.get_role_display()}.")
        if password is None:
            self._invite(user)

    def _asked(self, user):
        while password := getpass.getpass("Password (leave empty to e-mail a link to set one): "):
            try:
                validate_password(password, user)
            except ValidationError as error:
                self.stderr.write(" ".join(error.messages))
                continue
            if getpass.getpass("Password (again): ") == password:
                return password
            self.stderr.write("The passwords do not match.")
        return None

    def _invite(self, user):
        try:
            password_mail(user, "invitation").send()
        except OSError as error:
            self.stderr.write(f"The e-mail to {user.email} could not be sent ({error}). Use “Forgot your password?” to get a link.")
        else:
            self.stdout.write(f"A link to set a password was e-mailed to {user.email}.")
