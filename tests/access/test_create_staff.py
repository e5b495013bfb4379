"""manage.py create_staff."""

import getpass
import sys
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse

from partners.models import User
from tests.access.conftest import PASSWORD, mailed_path

pytestmark = pytest.mark.django_db
EMAIL = "lena@care.example"


def command(*arguments):
    out, err = StringIO(), StringIO()
    call_command("create_staff", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def terminal(monkeypatch):
    """A terminal at which these passwords are typed."""

    def typing(*passwords):
        answers = iter(passwords)
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
        monkeypatch.setattr(getpass, "getpass", lambda prompt: next(answers))

    return typing


@pytest.mark.parametrize(("role", "override", "tune"), [("agent", False, False), ("lead", True, False), ("admin", True, True)])
def test_account_is_created_with_the_role(role, override, tune):
    out, err = command(EMAIL.upper(), "--role", role, "--name", "Lena Lead")
    user = User.objects.get(email=EMAIL)
    assert (user.full_name, user.is_care, user.may_override, user.is_staff, user.partner) == ("Lena Lead", True, override, tune, None)
    assert "Created" in out and err == ""


def test_without_a_terminal_a_password_link_is_emailed(client, complete_sign_in):
    command(EMAIL, "--role", "agent")
    user = User.objects.get(email=EMAIL)
    assert not user.has_usable_password() and mail.outbox[0].to == [EMAIL]
    form = client.get(mailed_path()).url
    client.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    complete_sign_in(user)
    assert client.get("/").url == "/desk/"


def test_terminal_asks_until_password_is_strong_and_repeated(terminal):
    terminal("short", PASSWORD, "otherwise", PASSWORD, PASSWORD)
    _, err = command(EMAIL, "--role", "agent")
    assert "too short" in err and "do not match" in err
    assert User.objects.get(email=EMAIL).check_password(PASSWORD)
    assert not mail.outbox


def test_empty_password_on_a_terminal_emails_the_link(terminal):
    terminal("")
    command(EMAIL, "--role", "agent")
    assert mail.outbox[0].to == [EMAIL]


def test_second_run_changes_only_the_role():
    command(EMAIL, "--role", "agent", "--name", "Lena")
    user = User.objects.get(email=EMAIL)
    user.set_password(PASSWORD)
    user.save()
    out, _ = command(EMAIL, "--role", "lead")
    user.refresh_from_db()
    assert (user.role, user.full_name) == ("lead", "Lena") and user.check_password(PASSWORD)
    assert "team lead" in out and len(mail.outbox) == 1
    assert User.objects.count() == 1


def test_contact_cannot_become_staff(contact):
    with pytest.raises(CommandError, match="contact of a partner"):
        command(contact.email, "--role", "admin")
    contact.refresh_from_db()
    assert contact.role == "contact"


@pytest.mark.parametrize(
    "arguments", [["no address", "--role", "agent"], [EMAIL, "--role", "contact"], [EMAIL], [EMAIL, "--role", "agent", "--name", "n" * 201]]
)
def test_invalid_arguments_are_rejected(arguments):
    with pytest.raises(CommandError):
        command(*arguments)
    assert not User.objects.exists()


def test_account_is_created_even_if_the_mail_server_is_down(settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", 1
    _, err = command(EMAIL, "--role", "agent")
    assert User.objects.filter(email=EMAIL).exists() and "could not be sent" in err


def test_password_reset_page_exists(client):
    assert client.get(reverse("account_reset_password")).status_code == 200
