"""The demo users with a public password."""

from typing import NamedTuple

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from estate.demo.companies import address
from estate.demo.names import PARTNERS
from partners.models import User

PASSWORD = "careline-demo"  # noqa: S105  public on purpose, and only if settings.DEMO


class Login(NamedTuple):
    """A person who can sign in to the demo."""

    role: str
    email: str
    name: str

    @property
    def what(self):
        """Return a short description for visitors who choose a login."""
        if self.role == User.Role.LEAD:
            return _("team lead (may override)")
        return dict(User.Role.choices).get(self.role, self.role)


CONTACTS = tuple(Login(f"contact of {company.name}", address(company.people[0], company), company.people[0]) for company in PARTNERS[:3])
STAFF = (
    Login("agent", "agent@careline.example", "Priya Raman"),
    Login("agent", "agent2@careline.example", "Tomasz Wilk"),
    Login("lead", "lead@careline.example", "Joan Abara"),
    Login("admin", "admin@careline.example", "Edda Lindqvist"),
)


def let_in():
    """Create the demo's staff and set the known password for all logins."""
    for login in STAFF:
        User.objects.get_or_create(email=login.email, defaults={"full_name": login.name, "role": login.role})
    _people().update(password=make_password(PASSWORD))


def existing():
    """Return the logins that are in the database, in display order."""
    there = set(_people().values_list("email", flat=True))
    return [login for login in CONTACTS + STAFF if login.email in there]


def _people():
    return User.objects.filter(email__in=[login.email for login in CONTACTS + STAFF])
