"""The people of the demo whom everybody may sign in as."""

from typing import NamedTuple

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from estate.demo.companies import address
from estate.demo.names import PARTNERS
from partners.models import User

PASSWORD = "careline-demo"  # noqa: S105  public on purpose, and only where settings.DEMO holds


class Login(NamedTuple):
    """Somebody who can sign in to the demo."""

    role: str
    email: str
    name: str

    @property
    def what(self):
        """What somebody who looks for a login knows it by, in words."""
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
    """Create the staff of the demo and give everybody the known password."""
    for login in STAFF:
        User.objects.get_or_create(email=login.email, defaults={"full_name": login.name, "role": login.role})
    _people().update(password=make_password(PASSWORD))


def existing():
    """The logins that are in the database, in the order in which they are shown."""
    there = set(_people().values_list("email", flat=True))
    return [login for login in CONTACTS + STAFF if login.email in there]


def _people():
    return User.objects.filter(email__in=[login.email for login in CONTACTS + STAFF])
