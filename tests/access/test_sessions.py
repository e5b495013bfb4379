"""Where a person is signed in: shown, ended, and expired when unused (docs/decisions/0349)."""

import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.sessions.backends.base import UpdateError
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from partners import user_agents
from partners.models import Session, User
from partners.tasks import forget_sessions
from tests.access.conftest import PASSWORD, mailed_code, mailed_path
from tests.access.test_authenticator_app import app_code

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1"
PAGE, NAME = "/account/sessions/", re.compile(r'name="end" value="(\w{16})"')
BY_ITSELF = {"HX-Request": "true"}


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def signed_in_browser(user, user_agent=FIREFOX):
    """Return a browser in which the user has completed both steps."""
    client = Client(headers={"user-agent": user_agent})
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    if mail.outbox:
        client.post(reverse("account_confirm_login_code"), {"code": mailed_code()})
    return client


def is_signed_in(client):
    return client.get("/", headers=BY_ITSELF).status_code != 401


def logged_sign_outs(caplog):
    told = [record.getMessage() for record in caplog.records if record.name == "careline.sign_in"]
    return [text for text in told if "signed in" not in text]


def listed_sessions(client):
    return NAME.findall(client.get(PAGE).content.decode())


def test_sessions_are_listed_with_start_last_use_and_current_one(clock, contact, agent):
    computer = signed_in_browser(contact)
    signed_in_browser(agent, "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36 Edg/140.0")
    clock.shift(timedelta(hours=1))
    phone = signed_in_browser(contact, IPHONE)
    page = phone.get(PAGE).content.decode()
    assert (
        page.index("Safari on iPhone") < page.index("This browser") < page.index("Firefox on Windows") and page.count("This browser") == 1
    )
    assert "A session ends after 4 hours without use." in page
    assert page.count("12:00 UTC") == 3 and page.count("13:00 UTC") == 2 and "Edge" not in page
    assert not any(one.session_key in page for one in Session.objects.all())
    computer.get("/")
    assert phone.get(PAGE).content.decode().count("13:00 UTC") == 3


def test_ending_one_or_all_other_sessions_is_logged(contact, caplog):
    computer, tablet, phone = (signed_in_browser(contact) for _ in range(3))
    first = listed_sessions(phone)[1]
    caplog.set_level(logging.INFO, "careline.sign_in")
    assert "Signed out: Firefox on Windows." in phone.post(PAGE, {"end": first}, follow=True).content.decode()
    assert [is_signed_in(one) for one in (computer, tablet, phone)].count(False) == 1 and is_signed_in(phone)
    assert "session has already ended" in phone.post(PAGE, {"end": first}, follow=True).content.decode()
    assert "everywhere else" in phone.post(PAGE, {"end": "others"}, follow=True).content.decode()
    assert [is_signed_in(one) for one in (computer, tablet, phone)] == [False, False, True]
    assert len(listed_sessions(phone)) == 1 and Session.objects.filter(user=contact).count() == 1
    assert logged_sign_outs(caplog) == [f"signed out elsewhere: user {contact.pk}, from 127.0.0.1"] * 2


def test_other_peoples_sessions_are_invisible_and_safe(contact, agent):
    theirs, own = signed_in_browser(agent), signed_in_browser(contact)
    for end in (*listed_sessions(theirs), Session.objects.get(user=agent).session_key, "", "\x00"):
        assert "session has already ended" in own.post(PAGE, {"end": end}, follow=True).content.decode()
    own.post(PAGE, {"end": "others"})
    assert is_signed_in(theirs) and Client().get(PAGE).url.startswith(reverse("account_login"))


def test_session_ended_during_a_request_is_not_recreated(contact):
    client = signed_in_browser(contact)
    session = client.session
    session["something"] = "new"
    Session.objects.filter(user=contact).delete()
    with pytest.raises(UpdateError):
        session.save()
    assert not is_signed_in(client) and not Session.objects.filter(user=contact).exists()


def test_idle_session_expires_and_used_one_continues(clock, contact, settings):
    settings.SESSION_IDLE_HOURS = 2
    used, left = signed_in_browser(contact), signed_in_browser(contact)
    for _half_hour in range(5):
        clock.shift(timedelta(minutes=30))
        assert used.get("/", headers={"accept": "text/html"}).url == "/portal/"
    assert not is_signed_in(left) and len(listed_sessions(used)) == 1
    clock.shift(timedelta(hours=2))
    assert is_signed_in(used)
    clock.shift(timedelta(minutes=6))
    assert not is_signed_in(used)
    forget_sessions()
    assert not Session.objects.exists()


@pytest.mark.parametrize(("headers", "is_use"), [(BY_ITSELF, False), ({"accept": "application/json"}, False), ({}, True)])
def test_background_requests_do_not_count_as_use(clock, contact, headers, is_use):
    client = signed_in_browser(contact)
    clock.shift(timedelta(minutes=30))
    client.get("/", headers=headers)
    assert (Session.objects.get(user=contact).seen_at > NOON) is is_use
    client.post("/portal/requests/new/did_cancel/check/", headers=headers)
    assert Session.objects.get(user=contact).seen_at > NOON


def test_session_use_is_written_at_most_every_five_minutes(clock, contact, django_assert_num_queries):
    client = signed_in_browser(contact)
    clock.shift(timedelta(minutes=4))
    with django_assert_num_queries(2):
        client.get("/")
    clock.shift(timedelta(minutes=2))
    with django_assert_num_queries(3):
        client.get("/")
    with django_assert_num_queries(2):
        client.get("/")


def test_maximum_session_age_applies_despite_use(clock, contact, settings):
    client = signed_in_browser(contact)
    for _hour in range(12):
        assert is_signed_in(client)
        clock.shift(timedelta(hours=1))
        client.get("/")
    assert not is_signed_in(client)


def test_password_change_ends_other_sessions(contact):
    phone, computer = signed_in_browser(contact), signed_in_browser(contact)
    new = {"oldpassword": PASSWORD, "password1": "an entirely other secret", "password2": "an entirely other secret"}
    assert computer.post(reverse("account_change_password"), new).url == reverse("home")
    assert (is_signed_in(computer), is_signed_in(phone), len(listed_sessions(computer))) == (True, False, 1)


def test_password_reset_ends_all_sessions(client, contact):
    phone = signed_in_browser(contact)
    client.post(reverse("account_reset_password"), {"email": contact.email})
    form = client.get(mailed_path()).url
    client.post(form, {"password1": "an entirely other secret", "password2": "an entirely other secret"})
    assert not is_signed_in(phone) and not Session.objects.filter(user=contact).exists()


def test_removing_a_lost_authenticator_ends_sessions(agent):
    computer = signed_in_browser(agent)
    call_command("remove_authenticator", agent.email)
    assert not is_signed_in(computer)


@pytest.mark.django_db(transaction=True)
def test_adding_or_removing_an_app_ends_other_sessions(agent):
    for act in ("mfa_activate_totp", "mfa_deactivate_totp"):
        phone, computer = Client(), Client()
        for one in (phone, computer):
            one.force_login(agent)
        computer.post(computer.get(reverse(act)).url, {"password": PASSWORD})
        page = computer.get(reverse(act))
        code = app_code(page.context["form"].secret) if act == "mfa_activate_totp" else ""
        assert computer.post(reverse(act), {"code": code}).status_code == 302
        assert (is_signed_in(computer), is_signed_in(phone)) == (True, False)


def test_administrator_can_sign_users_out_everywhere(client, contact, agent, admin, caplog):
    theirs, others = signed_in_browser(contact), signed_in_browser(agent)
    client.force_login(admin)
    caplog.set_level(logging.INFO, "careline.sign_in")
    chosen = {"action": "sign_out", "_selected_action": [contact.pk, admin.pk]}
    page = client.post(reverse("admin:partners_user_changelist"), chosen, follow=True).content.decode()
    assert "1 person was signed out everywhere." in page and "API tokens still work" in page
    assert (is_signed_in(theirs), is_signed_in(others), is_signed_in(client)) == (False, True, True)
    assert logged_sign_outs(caplog) == [f"signed out by user {admin.pk}: user {contact.pk}, from 127.0.0.1"]
    assert '<caption class="visually-hidden">Users</caption>' in page
    again = client.post(reverse("admin:partners_user_changelist"), chosen, follow=True).content.decode()
    assert "None of them was signed in." in again and is_signed_in(client)
    assert others.post(reverse("admin:partners_user_changelist"), chosen).status_code == 404


def test_deactivation_ends_all_sessions(contact, admin, client):
    theirs = signed_in_browser(contact)
    client.force_login(admin)
    kept = {"email": contact.email, "full_name": contact.full_name, "role": "contact", "partner": contact.partner_id, "label": ""}
    client.post(reverse("admin:partners_user_change", args=[contact.pk]), kept)
    assert not User.objects.get(pk=contact.pk).is_active and not Session.objects.filter(user=contact).exists() and not is_signed_in(theirs)


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (IPHONE, "Safari on iPhone"),
        (
            "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 SamsungBrowser/27.0 Chrome/125.0 Safari/537.36",
            "Samsung Internet on Android",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome on macOS"),
        ("Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 CriOS/126.0 Mobile Safari/604.1", "Chrome on iPad"),
        ("<script>" * 100, "Unknown browser or program"),
        ("", "Unknown browser or program"),
    ],
)
def test_browsers_have_familiar_names(user_agent, words):
    assert user_agents.in_words(user_agent) == words
