"""Password, then code: who can sign in, who cannot, and where they arrive (ORG-2)."""

import datetime
import threading
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends import locmem
from django.http import QueryDict
from django.test import Client
from django.urls import NoReverseMatch, reverse

from estate.demo import logins
from partners import account_emails
from policies.models import PolicyValue
from tests.access.conftest import PASSWORD, mailed_code

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 11, 23, 12, 0, tzinfo=datetime.UTC)


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_demo_accounts_are_offered_only_in_the_demo(client, settings):
    logins.let_in()
    for is_demo in (True, False):
        settings.DEMO = is_demo
        page = client.get(reverse("account_login")).content.decode()
        assert ("Sign in as Priya Raman" in page, logins.PASSWORD in page) == (is_demo, is_demo)


def test_password_alone_does_not_sign_in(client, contact, type_password):
    answer = type_password(contact.email)
    assert answer.url == reverse("account_confirm_login_code")
    assert not is_signed_in(client)
    assert client.get("/").url.startswith(reverse("account_login"))


def test_emailed_code_completes_the_sign_in(client, contact, complete_sign_in):
    answer = complete_sign_in(contact)
    assert [message.to for message in mail.outbox] == [["carla@nord.example"]] and "It expires in 15 minutes." in mail.outbox[0].body
    assert answer.status_code == 302 and answer.url == reverse("home")
    assert client.session["_auth_user_id"] == str(contact.pk)


def test_code_page_explains_what_to_do_if_no_code_arrives(client, contact, type_password):
    type_password(contact.email)
    page = client.get(reverse("account_confirm_login_code")).content.decode()
    assert (
        "It expires in 15 minutes." in page and "spam folder" in page and "the address or the telephone number in your starter kit" in page
    )


@pytest.mark.parametrize("typed", ["  Carla@NORD.example ", "carla@nord.example"])
def test_email_address_is_case_insensitive(client, contact, type_password, type_code, typed):
    type_password(typed)
    type_code()
    assert is_signed_in(client)


def test_code_may_be_lower_case_without_the_dash(client, contact, type_password, type_code):
    type_password(contact.email)
    type_code(mailed_code().lower().replace("-", ""))
    assert is_signed_in(client)


def test_session_key_changes_at_sign_in(client, contact, type_password, type_code):
    type_password(contact.email)
    before = client.session.session_key
    type_code()
    assert client.session.session_key != before


def test_policy_sets_the_number_of_code_attempts(client, contact, admin, type_password, type_code):
    PolicyValue.objects.create(code="sign_in.code_tries", valid_from=datetime.date(2020, 1, 1), value="1", note="Stricter.", set_by=admin)
    type_password(contact.email)
    assert type_code("WRNG-CODE").url == reverse("account_login")


def test_policy_of_zero_attempts_does_not_lock_everyone_out(client, contact, admin, complete_sign_in):
    for code in ("sign_in.code_tries", "sign_in.code_lifetime_minutes"):
        PolicyValue.objects.create(code=code, valid_from=datetime.date(2020, 1, 1), value="0", note="A slip.", set_by=admin)
    complete_sign_in(contact)
    assert is_signed_in(client)


def test_policy_sets_the_code_lifetime(client, contact, admin, type_password, type_code):
    PolicyValue.objects.create(
        code="sign_in.code_lifetime_minutes", valid_from=datetime.date(2020, 1, 1), value="30", note="Slow mail.", set_by=admin
    )
    with time_machine.travel(NOON, tick=False) as clock:
        type_password(contact.email)
        clock.shift(datetime.timedelta(minutes=29))
        type_code()
        assert is_signed_in(client)


def test_new_code_invalidates_the_previous_one(client, contact, type_password, type_code):
    type_password(contact.email)
    old = mailed_code()
    client.post(reverse("account_confirm_login_code"), {"action": "resend"})
    assert len(mail.outbox) == 2
    type_code(old)
    assert not is_signed_in(client)
    type_code()
    assert is_signed_in(client)


def test_sign_in_can_be_restarted_with_another_address(client, contact, agent, type_password, type_code):
    type_password(contact.email)
    assert client.get(reverse("account_login")).url == reverse("account_confirm_login_code")
    client.post(reverse("account_logout"))
    type_password(agent.email)
    type_code()
    assert client.session["_auth_user_id"] == str(agent.pk)


def test_code_works_once(client, contact, complete_sign_in, type_code):
    complete_sign_in(contact)
    client.post(reverse("account_logout"))
    type_code()
    assert not is_signed_in(client)


def test_user_deactivated_before_the_code_cannot_sign_in(client, contact, type_password, type_code):
    type_password(contact.email)
    contact.is_active = False
    contact.save()
    type_code()
    assert client.get("/").url.startswith(reverse("account_login"))


def test_deactivated_user_is_signed_out(client, contact, complete_sign_in):
    complete_sign_in(contact)
    contact.is_active = False
    contact.save()
    assert client.get("/").url.startswith(reverse("account_login"))


def test_staff_land_on_the_desk_and_contacts_on_the_portal(client, contact, agent, admin):
    for user, place in ((contact, "/portal/"), (agent, "/desk/"), (admin, "/desk/")):
        client.force_login(user)
        assert client.get("/").url == place


def test_deep_link_is_opened_after_both_steps(client, contact, type_password, type_code):
    client.post(reverse("account_login") + "?next=/portal/x/", {"login": contact.email, "password": PASSWORD})
    assert type_code().url == "/portal/x/"


def test_redirect_to_another_site_is_ignored(client, contact, type_password, type_code):
    client.post(reverse("account_login"), {"login": contact.email, "password": PASSWORD, "next": "https://evil.example/"})
    assert type_code().url == reverse("home")


def test_sign_out_requires_post(client, contact, complete_sign_in):
    complete_sign_in(contact)
    assert client.get(reverse("account_logout")).status_code == 200
    assert is_signed_in(client)
    client.post(reverse("account_logout"))
    assert not is_signed_in(client)


def test_sign_in_form_requires_a_csrf_token(contact):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("account_login"), {"login": contact.email, "password": "x"}).status_code == 403


@pytest.mark.parametrize(
    "name", ["account_signup", "account_email", "account_inactive", "account_request_login_code", "account_set_password"]
)
def test_unused_allauth_urls_do_not_exist(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("path", ["/account/signup/", "/account/email/", "/account/"])
def test_sign_up_pages_are_404(client, path):
    assert client.get(path).status_code == 404


def test_admin_site_redirects_to_the_main_sign_in(client, admin):
    answer = client.post("/admin/login/", {"username": admin.email, "password": PASSWORD})
    assert answer.status_code == 302 and answer.url.startswith(reverse("account_login"))
    assert not is_signed_in(client)


def test_admin_site_is_404_for_agents_and_contacts(client, agent, contact):
    for user in (agent, contact):
        client.force_login(user)
        assert client.get("/admin/", follow=True).status_code == 404


def test_unreachable_mail_server_is_503(client, contact, type_password, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1", 1
    answer = type_password(contact.email)
    assert answer.status_code == 503 and b"mail" in answer.content
    assert not is_signed_in(client)


class SlowServer(locmem.EmailBackend):
    """A mail server that accepts the connection and says nothing until `speaks` is set; then it accepts the e-mail, or not."""

    speaks, is_fine = threading.Event(), True

    def send_messages(self, messages):
        assert self.speaks.wait(timeout=60)
        if not self.is_fine:
            raise TimeoutError("nothing said")
        return super().send_messages(messages)


@pytest.fixture
def slow_server(settings, monkeypatch):
    settings.EMAIL_BACKEND = "tests.access.test_sign_in.SlowServer"
    monkeypatch.setattr(account_emails, "PATIENCE", 0.05)
    monkeypatch.setattr(SlowServer, "speaks", threading.Event())
    yield SlowServer
    SlowServer.speaks.set()
    account_emails.wait_until_sent()


def test_slow_mail_server_does_not_delay_the_page(client, contact, type_password, type_code, slow_server):
    page = client.get(type_password(contact.email).url).content.decode()
    assert "Our e-mail server is slow" in page and "Enter your verification code" in page and not mail.outbox
    slow_server.speaks.set()
    account_emails.wait_until_sent()
    assert len(mail.outbox) == 1 and type_code().status_code == 302 and is_signed_in(client)


def test_code_refused_by_a_slow_mail_server_is_logged(client, contact, type_password, slow_server, monkeypatch, caplog):
    monkeypatch.setattr(slow_server, "is_fine", False)
    assert type_password(contact.email).status_code == 302
    slow_server.speaks.set()
    account_emails.wait_until_sent()
    assert [record.getMessage() for record in caplog.records if record.name == "careline.post"] == [
        "E-mail (account/email/login_code) could not be sent: nothing said"
    ]


@pytest.mark.parametrize(
    ("came_from", "leads_to"),
    [("http://testserver/desk/1/?tab=all", "/desk/1/?tab=all"), ("https://evil.example/desk/1/", "/"), ("", "/")],
)
def test_form_sent_after_sign_out_leads_back_to_its_page(client, came_from, leads_to):
    answer = client.post("/desk/1/tags/", {"add": "x"}, headers={"referer": came_from})
    assert QueryDict(urlsplit(answer.url).query)["next"] == leads_to


def test_signed_out_scripted_requests_get_location_or_401(client):
    answer = client.post("/desk/1/reply/", {"text": "x"}, headers={"X-Upload": "1"})
    assert (answer.status_code, answer.content) == (204, b"") and answer["Location"].startswith("/account/login/?next=")
    assert client.post("/desk/1/draft/", {"text": "x"}, headers={"HX-Request": "true"}).status_code == 401
