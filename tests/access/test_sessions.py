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

from partners import browsers
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


def signed_in(user, user_agent=FIREFOX):
    """Return a browser in which the user has completed both steps."""
    client = Client(headers={"user-agent": user_agent})
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    if mail.outbox:
        client.post(reverse("account_confirm_login_code"), {"code": mailed_code()})
    return client


def is_in(client):
    return client.get("/", headers=BY_ITSELF).status_code != 401


def door(caplog):
    return [record.getMessage() for record in caplog.records if record.name == "careline.door" and "signed in" not in record.getMessage()]


def names(client):
    return NAME.findall(client.get(PAGE).content.decode())


def test_each_browser_is_listed_with_since_when_and_last_use_and_which_one_asks(clock, contact, agent):
    computer, _stranger = signed_in(contact), signed_in(agent, "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36 Edg/140.0")
    clock.shift(timedelta(hours=1))
    phone = signed_in(contact, IPHONE)
    page = phone.get(PAGE).content.decode()
    assert (
        page.index("Safari on iPhone") < page.index("This browser") < page.index("Firefox on Windows") and page.count("This browser") == 1
    )
    assert "A session ends after 4 hours without use." in page
    assert page.count("12:00 UTC") == 3 and page.count("13:00 UTC") == 2 and "Edge" not in page
    assert not any(one.session_key in page for one in Session.objects.all())
    computer.get("/")
    assert phone.get(PAGE).content.decode().count("13:00 UTC") == 3


def test_one_is_ended_or_all_others_are_and_it_is_logged(contact, caplog):
    computer, tablet, phone = (signed_in(contact) for _ in range(3))
    first = names(phone)[1]
    caplog.set_level(logging.INFO, "careline.door")
    assert "Signed out: Firefox on Windows." in phone.post(PAGE, {"end": first}, follow=True).content.decode()
    assert [is_in(one) for one in (computer, tablet, phone)].count(False) == 1 and is_in(phone)
    assert "session has already ended" in phone.post(PAGE, {"end": first}, follow=True).content.decode()
    assert "everywhere else" in phone.post(PAGE, {"end": "others"}, follow=True).content.decode()
    assert [is_in(one) for one in (computer, tablet, phone)] == [False, False, True]
    assert len(names(phone)) == 1 and Session.objects.filter(user=contact).count() == 1
    assert door(caplog) == [f"signed out elsewhere: user {contact.pk}, from 127.0.0.1"] * 2


def test_nobody_ends_or_sees_what_is_somebody_elses(contact, agent):
    theirs, own = signed_in(agent), signed_in(contact)
    for end in (*names(theirs), Session.objects.get(user=agent).session_key, "", "\x00"):
        assert "session has already ended" in own.post(PAGE, {"end": end}, follow=True).content.decode()
    own.post(PAGE, {"end": "others"})
    assert is_in(theirs) and Client().get(PAGE).url.startswith(reverse("account_login"))


def test_a_session_that_is_ended_while_it_asks_does_not_come_back(contact):
    client = signed_in(contact)
    session = client.session
    session["something"] = "new"
    Session.objects.filter(user=contact).delete()
    with pytest.raises(UpdateError):
        session.save()
    assert not is_in(client) and not Session.objects.filter(user=contact).exists()


def test_an_unused_session_is_over_and_a_used_one_goes_on(clock, contact, settings):
    settings.SESSION_IDLE_HOURS = 2
    used, left = signed_in(contact), signed_in(contact)
    for _half_hour in range(5):
        clock.shift(timedelta(minutes=30))
        assert used.get("/", headers={"accept": "text/html"}).url == "/portal/"
    assert not is_in(left) and len(names(used)) == 1
    clock.shift(timedelta(hours=2))
    assert is_in(used)
    clock.shift(timedelta(minutes=6))
    assert not is_in(used)
    forget_sessions()
    assert not Session.objects.exists()


@pytest.mark.parametrize(("headers", "is_use"), [(BY_ITSELF, False), ({"accept": "application/json"}, False), ({}, True)])
def test_what_an_open_page_asks_by_itself_is_no_use(clock, contact, headers, is_use):
    client = signed_in(contact)
    clock.shift(timedelta(minutes=30))
    client.get("/", headers=headers)
    assert (Session.objects.get(user=contact).seen_at > NOON) is is_use
    client.post("/portal/requests/new/did_cancel/check/", headers=headers)
    assert Session.objects.get(user=contact).seen_at > NOON


def test_a_session_in_use_is_written_every_five_minutes_at_most(clock, contact, django_assert_num_queries):
    client = signed_in(contact)
    clock.shift(timedelta(minutes=4))
    with django_assert_num_queries(2):
        client.get("/")
    clock.shift(timedelta(minutes=2))
    with django_assert_num_queries(3):
        client.get("/")
    with django_assert_num_queries(2):
        client.get("/")


def test_the_longest_time_of_a_session_holds_also_for_one_in_use(clock, contact, settings):
    client = signed_in(contact)
    for _hour in range(12):
        assert is_in(client)
        clock.shift(timedelta(hours=1))
        client.get("/")
    assert not is_in(client)


def test_a_new_password_ends_the_others(contact):
    phone, computer = signed_in(contact), signed_in(contact)
    new = {"oldpassword": PASSWORD, "password1": "an entirely other secret", "password2": "an entirely other secret"}
    assert computer.post(reverse("account_change_password"), new).url == reverse("home")
    assert (is_in(computer), is_in(phone), len(names(computer))) == (True, False, 1)


def test_a_link_to_a_new_password_ends_them_all(client, contact):
    phone = signed_in(contact)
    client.post(reverse("account_reset_password"), {"email": contact.email})
    form = client.get(mailed_path()).url
    client.post(form, {"password1": "an entirely other secret", "password2": "an entirely other secret"})
    assert not is_in(phone) and not Session.objects.filter(user=contact).exists()


def test_who_has_lost_the_app_is_signed_out_where_it_is_lost(agent):
    computer = signed_in(agent)
    call_command("remove_authenticator", agent.email)
    assert not is_in(computer)


@pytest.mark.django_db(transaction=True)
def test_adding_and_removing_an_app_ends_the_others(agent):
    for act in ("mfa_activate_totp", "mfa_deactivate_totp"):
        phone, computer = Client(), Client()
        for one in (phone, computer):
            one.force_login(agent)
        computer.post(computer.get(reverse(act)).url, {"password": PASSWORD})
        page = computer.get(reverse(act))
        code = app_code(page.context["form"].secret) if act == "mfa_activate_totp" else ""
        assert computer.post(reverse(act), {"code": code}).status_code == 302
        assert (is_in(computer), is_in(phone)) == (True, False)


def test_an_administrator_signs_somebody_out_everywhere_and_it_is_logged(client, contact, agent, admin, caplog):
    theirs, others = signed_in(contact), signed_in(agent)
    client.force_login(admin)
    caplog.set_level(logging.INFO, "careline.door")
    chosen = {"action": "sign_out", "_selected_action": [contact.pk, admin.pk]}
    page = client.post(reverse("admin:partners_user_changelist"), chosen, follow=True).content.decode()
    assert "1 person was signed out everywhere." in page and "API tokens still work" in page
    assert (is_in(theirs), is_in(others), is_in(client)) == (False, True, True)
    assert door(caplog) == [f"signed out by user {admin.pk}: user {contact.pk}, from 127.0.0.1"]
    assert '<caption class="visually-hidden">Users</caption>' in page
    again = client.post(reverse("admin:partners_user_changelist"), chosen, follow=True).content.decode()
    assert "None of them was signed in." in again and is_in(client)
    assert others.post(reverse("admin:partners_user_changelist"), chosen).status_code == 404


def test_ended_access_leaves_no_session(contact, admin, client):
    theirs = signed_in(contact)
    client.force_login(admin)
    kept = {"email": contact.email, "full_name": contact.full_name, "role": "contact", "partner": contact.partner_id, "label": ""}
    client.post(reverse("admin:partners_user_change", args=[contact.pk]), kept)
    assert not User.objects.get(pk=contact.pk).is_active and not Session.objects.filter(user=contact).exists() and not is_in(theirs)


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
def test_browsers_are_called_as_their_people_call_them(user_agent, words):
    assert browsers.in_words(user_agent) == words
