"""Setting a password by e-mail, and changing it."""

import datetime

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from partners.models import ApiToken
from tests.access.conftest import PASSWORD, mailed_path

pytestmark = pytest.mark.django_db
NEW = "an entirely other secret"


@pytest.fixture
def reset_path(client, contact):
    """The link in the e-mail that the contact requested."""
    client.post(reverse("account_reset_password"), {"email": contact.email})
    return mailed_path()


def set_password(client, path, password=NEW):
    form = client.get(path).url
    return client.post(form, {"password1": password, "password2": password})


def test_reset_link_works_once_without_signing_in(client, contact, reset_path):
    assert set_password(client, reset_path).url == reverse("account_reset_password_from_key_done")
    contact.refresh_from_db()
    assert contact.check_password(NEW)
    assert "_auth_user_id" not in client.session
    told = mail.outbox[-1]
    assert told.subject == "Your Careline password was set", "it may be the first one"
    assert told.body.startswith("Hello Carla Contact,\n\nThe password of your account was set.")
    again = client.get(reset_path)
    assert again.status_code == 200 and b"has expired" in again.content


def test_previous_email_address_cannot_sign_in(client, contact, reset_path, type_password):
    """An address is stored in one place only, not also in allauth's table of addresses."""
    set_password(client, reset_path)
    type_password(contact.email, NEW)
    client.cookies.clear()
    contact.refresh_from_db()
    contact.email = "carla.new@nord.example"
    contact.save()
    assert type_password("carla@nord.example", NEW).status_code == 200
    assert type_password("carla.new@nord.example", NEW).status_code == 302
    assert mail.outbox[-1].to == ["carla.new@nord.example"]
    assert not EmailAddress.objects.exists()


def test_reset_link_expires(client, contact, reset_path):
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=4)):
        assert b"has expired" in client.get(reset_path).content


def test_reset_link_ignores_the_host_header(client, contact, settings):
    settings.ALLOWED_HOSTS, settings.SITE_URL = ["*"], "https://care.example"
    client.post(reverse("account_reset_password"), {"email": contact.email}, headers={"host": "evil.example"})
    mailed_path()
    assert "https://care.example/account/password/reset/" in mail.outbox[-1].body
    assert "evil" not in mail.outbox[-1].body


@pytest.mark.parametrize("weak", ["password123", "carla@nord.example", "Carla Contact 1"])
def test_weak_password_is_rejected_at_its_field(client, contact, reset_path, weak):
    answer = set_password(client, reset_path, weak)
    assert answer.status_code == 200 and answer.context["form"].errors.keys() == {"password1"}


def test_password_reset_ends_open_sessions(client, contact, complete_sign_in):
    complete_sign_in(contact)
    contact.set_password(NEW)
    contact.save()
    assert client.get("/").url.startswith(reverse("account_login"))


def test_password_change_is_confirmed_by_email(client, contact, complete_sign_in):
    complete_sign_in(contact)
    answer = client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert answer.url == reverse("home")
    assert client.get("/").url == "/portal/"
    assert mail.outbox[-1].to == [contact.email] and "If this was not you" in mail.outbox[-1].body


def test_password_change_requires_the_current_password(client, contact, complete_sign_in):
    complete_sign_in(contact)
    answer = client.post(reverse("account_change_password"), {"oldpassword": "wrong", "password1": NEW, "password2": NEW})
    assert answer.status_code == 200
    contact.refresh_from_db()
    assert contact.check_password(PASSWORD)


def test_password_change_requires_sign_in(client):
    assert client.get(reverse("account_change_password")).url.startswith(reverse("account_login"))


def test_reset_lists_the_api_tokens_that_stay_valid(client, contact, reset_path):
    now = datetime.datetime.now(datetime.UTC)
    secret = ApiToken.issue(contact, name="our <ERP>", expires_at=now + datetime.timedelta(days=1))
    ApiToken.issue(contact, name="the former", expires_at=now - datetime.timedelta(days=1))
    page = client.get(set_password(client, reset_path).url).content.decode()
    told = mail.outbox[-1]
    assert told.to == [contact.email] and "our <ERP>" in told.body and "/portal/tokens/" in told.body
    assert "our &lt;ERP&gt;" in page and "/portal/tokens/" in page
    assert "the former" not in told.body + page and secret not in told.body + page
    assert ApiToken.user_of(secret, now=now) == contact


def test_reset_mentions_no_tokens_if_there_are_none(client, contact, reset_path):
    page = client.get(set_password(client, reset_path).url).content.decode()
    assert "API token" not in page + mail.outbox[-1].body


def test_change_email_names_time_browser_and_reset_page(client, contact, settings):
    settings.SITE_URL = "https://care.example"
    client.force_login(contact)
    firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    words = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    with time_machine.travel(datetime.datetime(2026, 11, 18, 10, tzinfo=datetime.UTC), tick=False):
        client.post(reverse("account_change_password"), words, headers={"user-agent": firefox})
    told = mail.outbox[-1]
    assert told.subject == "Your Careline password was changed"
    assert "When: 18 November 2026, 10:00 UTC" in told.body and "Browser: Firefox on Windows" in told.body and "Mozilla" not in told.body
    assert "https://care.example/account/password/reset/" in told.body


def test_reset_email_states_the_link_lifetime(client, contact, settings):
    for days, words in ((1, "It expires in one day."), (3, "It expires in 3 days.")):
        settings.PASSWORD_RESET_TIMEOUT = days * 24 * 60 * 60
        mail.outbox.clear()
        client.post(reverse("account_reset_password"), {"email": contact.email})
        mailed_path()
        assert words in mail.outbox[-1].body
