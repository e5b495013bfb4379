"""Staff may use the code of their authenticator app instead of the e-mailed one; contacts may not."""

import datetime
import time
from types import SimpleNamespace

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from partners.models import User
from tests.access.conftest import PASSWORD

NOON = datetime.datetime(2026, 11, 23, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def app_code(secret):
    """Return the code that an app with this secret shows now (RFC 6238)."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def play():
    """The stage here is an agent with an app."""
    return "an app", an_app


def an_app():
    """Add the app as an agent, and sign out."""
    agent = User.objects.create_user("anna@care.example", PASSWORD, full_name="Anna Agent", role=User.Role.AGENT)
    client = Client()
    with time_machine.travel(NOON, tick=False):
        client.force_login(agent)
        page = client.get(reverse("mfa_activate_totp"))
        client.post(page.url, {"password": PASSWORD})
        secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
        answer = client.post(reverse("mfa_activate_totp"), {"code": app_code(secret)})
        assert answer.url == reverse("mfa_view_recovery_codes")
        client.post(reverse("account_logout"))
    return SimpleNamespace(agent=agent, secret=secret)


@pytest.fixture
def agent(cast):
    return cast.agent


@pytest.fixture
def app(cast, clock):
    """The secret of the app that the agent added a minute ago."""
    mail.outbox.clear()
    clock.shift(datetime.timedelta(minutes=1))
    return cast.secret


def test_app_code_replaces_the_emailed_code(client, agent, app, type_password):
    assert type_password(agent.email, follow=True).redirect_chain[-1][0] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    answer = client.post(reverse("mfa_authenticate"), {"code": app_code(app)})
    assert answer.url == reverse("home")
    assert client.session["_auth_user_id"] == str(agent.pk)
    assert not mail.outbox


def test_wrong_app_codes_are_refused_and_limited(client, agent, app, type_password):
    type_password(agent.email)
    right = app_code(app)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        assert client.post(reverse("mfa_authenticate"), {"code": wrong}).status_code == 200
    client.post(reverse("mfa_authenticate"), {"code": right})
    assert "_auth_user_id" not in client.session


def test_app_code_works_once(client, agent, app, type_password):
    for signed_in in (True, False):
        type_password(agent.email)
        client.post(reverse("mfa_authenticate"), {"code": app_code(app)})
        assert ("_auth_user_id" in client.session) is signed_in
        client.post(reverse("account_logout"))


def test_emailed_code_cannot_bypass_the_app(client, agent, app, type_password):
    type_password(agent.email)
    assert client.get(reverse("account_confirm_login_code")).url == reverse("account_login")


def test_each_recovery_code_signs_in_once(client, agent, app, type_password):
    code = Authenticator.objects.get(user=agent, type="recovery_codes").wrap().get_unused_codes()[0]
    for signed_in in (True, False):
        type_password(agent.email)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert ("_auth_user_id" in client.session) is signed_in
        client.post(reverse("account_logout"))


def test_secret_is_encrypted_in_the_database(agent, app):
    for row in Authenticator.objects.filter(user=agent):
        assert app not in str(row.data)
    assert Authenticator.objects.get(user=agent, type="totp").wrap().validate_code(app_code(app))


def test_secret_survives_key_rotation_with_a_fallback(agent, app, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new one"
    assert Authenticator.objects.get(user=agent, type="totp").wrap().validate_code(app_code(app))
    settings.SECRET_KEY_FALLBACKS = []
    for row in Authenticator.objects.filter(user=agent):
        assert not row.wrap().validate_code(app_code(app))


def test_removing_the_app_requires_reauthentication_and_restores_email_codes(client, agent, app, type_password):
    type_password(agent.email)
    client.post(reverse("mfa_authenticate"), {"code": app_code(app)})
    page = client.post(reverse("mfa_deactivate_totp"))
    assert page.url.startswith(reverse("account_reauthenticate"))
    client.post(page.url, {"password": PASSWORD})
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=agent).exists()
    assert mail.outbox[-1].subject == "The authenticator app was removed from your Careline account"
    assert "we e-mail you a code to complete your sign-in." in mail.outbox[-1].body
    client.post(reverse("account_logout"))
    assert type_password(agent.email).url == reverse("account_confirm_login_code")


def test_command_removes_a_lost_authenticator(agent, contact, app, type_password, capsys):
    call_command("remove_authenticator", agent.email)
    assert "gets codes by e-mail again" in capsys.readouterr().out
    assert type_password(agent.email).url == reverse("account_confirm_login_code")
    call_command("remove_authenticator", contact.email)
    assert "no authenticator" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("remove_authenticator", "nobody@care.example")


def test_authenticator_pages_render(client, agent, app, type_password):
    type_password(agent.email)
    assert client.get(reverse("mfa_authenticate")).status_code == 200
    client.post(reverse("mfa_authenticate"), {"code": app_code(app)})
    page = client.get(reverse("mfa_deactivate_totp"))
    assert client.get(page.url).status_code == 200
    client.post(page.url, {"password": PASSWORD})
    for name in ("index", "view_recovery_codes", "generate_recovery_codes", "download_recovery_codes", "deactivate_totp"):
        assert client.get(reverse(f"mfa_{name}")).status_code == 200


def test_browser_stores_neither_secret_nor_recovery_codes(client, agent, app, type_password):
    type_password(agent.email)
    client.post(reverse("mfa_authenticate"), {"code": app_code(app)})
    client.post(client.get(reverse("mfa_view_recovery_codes")).url, {"password": PASSWORD})
    codes = client.get(reverse("mfa_view_recovery_codes"))
    client.post(reverse("mfa_deactivate_totp"))
    secret = client.get(reverse("mfa_activate_totp"))
    for page in (codes, secret):
        assert page.status_code == 200 and "no-store" in page["Cache-Control"]


@pytest.mark.parametrize(
    "name", ["index", "activate_totp", "deactivate_totp", "reauthenticate", "view_recovery_codes", "generate_recovery_codes"]
)
def test_authenticator_pages_are_404_for_contacts_and_require_sign_in(client, contact, name):
    assert client.get(reverse(f"mfa_{name}")).url.startswith(reverse("account_login"))
    client.force_login(contact)
    assert client.get(reverse(f"mfa_{name}")).status_code == 404
    assert client.post(reverse(f"mfa_{name}")).status_code == 404
