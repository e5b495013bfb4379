"""Attempts are counted, also while Redis is down, and responses do not reveal who exists."""

import datetime
import hashlib
import re
import threading

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.test.signals import template_rendered
from django.urls import reverse

from partners import account_emails

NOON = datetime.datetime(2026, 11, 23, 12, 0, tzinfo=datetime.UTC)


def observed(answer, typed):
    """Return what an observer sees: status, headers, cookies and page, without random parts and the observer's own input."""
    page = answer.content.decode().replace(typed, "TYPED")
    page = re.sub(r'(name="csrfmiddlewaretoken" value="|"X-CSRFToken": ")[^"]+', r"\1", page)
    page = re.sub(r'nonce="[^"]+"', "", page)
    headers = {key: re.sub(r"nonce-[\w-]+", "", value) for key, value in answer.headers.items() if key not in ("Content-Length", "Expires")}
    return answer.status_code, headers, sorted(answer.cookies), page


@pytest.fixture
def dead_redis(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"


def test_five_failures_lock_the_address_even_without_redis(client, contact, type_password, dead_redis):
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(5):
            assert "incorrect" in type_password(contact.email, "wrong").content.decode()
        assert "Too many" in type_password(contact.email).content.decode()
        assert not mail.outbox
        clock.shift(datetime.timedelta(minutes=6))
        assert type_password(contact.email).url == reverse("account_confirm_login_code")


def test_port_and_letter_case_share_one_failure_count(client, contact, type_password):
    with time_machine.travel(NOON, tick=False):
        for number in range(5):
            type_password(contact.email, "wrong", HTTP_HOST=f"localhost:{number + 1}")
        answer = type_password(contact.email.upper(), HTTP_HOST="127.0.0.1:77")
    assert "Too many" in answer.content.decode() and not mail.outbox


def test_unknown_address_is_locked_identically(client, contact, type_password):
    told_by = {}
    for typed, computer in ((contact.email, "10.0.0.1"), ("nobody@nord.example", "10.0.0.2")):
        told_by[typed] = [observed(type_password(typed, "wrong", REMOTE_ADDR=computer), typed) for _ in range(6)]
    known, unknown = told_by.values()
    assert "incorrect" in known[4][3] and "Too many" in known[5][3]
    assert unknown == known


def test_failures_per_client_address_are_limited(type_password, contact):
    with time_machine.travel(NOON, tick=False):
        for number in range(10):
            type_password(f"made-up-{number}@nord.example", "wrong")
        assert "Too many" in type_password(contact.email).content.decode()


def test_forwarded_address_is_ignored_without_a_proxy(type_password, contact):
    with time_machine.travel(NOON, tick=False):
        for number in range(10):
            type_password(f"made-up-{number}@nord.example", "wrong", HTTP_X_FORWARDED_FOR=f"10.0.0.{number}")
        assert "Too many" in type_password(contact.email, HTTP_X_FORWARDED_FOR="10.0.0.99").content.decode()


def test_emailed_codes_are_rate_limited(client, contact, type_password, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"send_code": "2/h/key"}
    answers = []
    for _ in range(3):
        answers.append(type_password(contact.email).status_code)
        client.cookies.clear()
    assert answers == [302, 302, 429]
    assert len(mail.outbox) == 2


def test_unknown_wrong_and_closed_get_identical_responses(client, contact, agent, type_password):
    agent.is_active = False
    agent.save()
    wrong = observed(type_password(contact.email, "wrong"), contact.email)
    assert wrong[0] == 200 and "incorrect" in wrong[3]
    assert observed(type_password("nobody@nord.example", "wrong"), "nobody@nord.example") == wrong
    assert observed(type_password(agent.email), agent.email) == wrong
    assert observed(type_password(agent.email, "wrong"), agent.email) == wrong


@pytest.mark.parametrize("typed", ["nobody@nord.example", "anna@care.example"])
def test_reset_response_does_not_reveal_accounts(client, contact, agent, typed):
    agent.is_active = False
    agent.save()
    address = reverse("account_reset_password")
    known = observed(client.post(address, {"email": contact.email}), contact.email)
    assert observed(client.post(address, {"email": typed}), typed) == known
    assert observed(client.post(address, {"email": typed}, follow=True), typed) == observed(
        client.post(address, {"email": contact.email}, follow=True), contact.email
    )
    account_emails.wait_until_sent()
    assert {tuple(message.to) for message in mail.outbox} == {(contact.email,)}


def test_unknown_address_costs_a_password_hash_too(client, contact, type_password, monkeypatch, settings):
    """The costly part of a response is the hash; counting is steadier than measuring time."""
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[1:]
    contact.set_password("a long enough secret")
    contact.save()
    computed = []
    scrypt = hashlib.scrypt
    monkeypatch.setattr(hashlib, "scrypt", lambda *args, **kwargs: computed.append(1) or scrypt(*args, **kwargs))
    spent = []
    for typed in (contact.email, "nobody@nord.example"):
        computed.clear()
        type_password(typed, "wrong")
        spent.append(len(computed))
    assert spent == [1, 1]


class WaitingBackend(BaseEmailBackend):
    """A mail server that answers only when `answered` is set: after the page was there, or never."""

    answered = threading.Event()
    sent = []

    def send_messages(self, messages):
        if self.answered.wait(timeout=60):
            self.sent.extend(messages)


def test_reset_does_not_wait_for_the_mail_server(client, contact, settings):
    settings.EMAIL_BACKEND = "tests.access.test_limits.WaitingBackend"
    client.post(reverse("account_reset_password"), {"email": contact.email})
    WaitingBackend.answered.set()
    account_emails.wait_until_sent()
    assert [message.to for message in WaitingBackend.sent] == [[contact.email]]


def test_reset_renders_the_email_for_unknown_addresses_too(client, contact):
    """Counting the rendered templates is steadier than measuring time."""
    built = {}
    for typed in (contact.email, "nobody@nord.example"):
        names = built[typed] = []

        def note(sender, template, names=names, **kwargs):
            names.append(template.name)

        template_rendered.connect(note)
        client.post(reverse("account_reset_password"), {"email": typed})
        account_emails.wait_until_sent()
        template_rendered.disconnect(note)
    assert "account/email/password_reset_key_message.txt" in built[contact.email]
    assert built[contact.email] == built["nobody@nord.example"]


def test_resets_per_address_are_limited(client, contact):
    for typed, computer in ((contact.email, "10.0.0.1"), ("nobody@nord.example", "10.0.0.2")):
        address = reverse("account_reset_password")
        answers = [client.post(address, {"email": typed}, REMOTE_ADDR=computer).status_code for _ in range(6)]
        assert answers == [302, 302, 302, 302, 302, 429]
    account_emails.wait_until_sent()
    assert len(mail.outbox) == 5
