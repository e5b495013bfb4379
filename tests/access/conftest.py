"""The sign-in process, and the users' actions in it."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from partners import account_emails
from partners.models import Partner, User

PASSWORD = "a long enough secret"


@pytest.fixture
def partner(db):
    return Partner.objects.create(code="NORD", name="Nord", country="DE", region="EU", currency="EUR")


@pytest.fixture
def contact(partner):
    return User.objects.create_user("carla@nord.example", PASSWORD, full_name="Carla Contact", partner=partner)


@pytest.fixture
def agent(db):
    return User.objects.create_user("anna@care.example", PASSWORD, full_name="Anna Agent", role=User.Role.AGENT)


@pytest.fixture
def admin(db):
    return User.objects.create_user("adam@care.example", PASSWORD, full_name="Adam Admin", role=User.Role.ADMIN)


@pytest.fixture
def type_password(client):
    """Send the first step, address and password; return the response."""

    def submit(email, password=PASSWORD, **extra):
        return client.post(reverse("account_login"), {"login": email, "password": password}, **extra)

    return submit


@pytest.fixture
def type_code(client):
    """Send the second step, the e-mailed code or the given one; return the response."""

    def submit(code=None):
        return client.post(reverse("account_confirm_login_code"), {"code": mailed_code() if code is None else code})

    return submit


@pytest.fixture
def complete_sign_in(type_password, type_code):
    def both(user):
        type_password(user.email)
        return type_code()

    return both


def mailed_code():
    """Return the code in the newest e-mail."""
    return re.search(r"^[A-Z]{4}-[A-Z]{4}$", mail.outbox[-1].body, re.MULTILINE)[0]


def mailed_path():
    """Return the path of the link in the newest e-mail, also of one sent after the response."""
    account_emails.wait_until_sent()
    return re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body)[1]
