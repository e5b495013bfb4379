"""Sign-in for programs: API tokens, and the command that creates them."""

import datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from partners.models import ApiToken
from partners.users import digest_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.access.urls")]
NOON = datetime.datetime(2026, 11, 23, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture
def token(contact):
    return ApiToken.issue(contact, expires_at=timezone.now() + datetime.timedelta(days=1))


def ask(client, header, method="get"):
    return getattr(client, method)("/api/who/", headers={"authorization": header})


def test_token_authenticates_its_user_without_csrf(token, contact):
    for method in ("get", "post"):
        answer = ask(Client(enforce_csrf_checks=True), f"Token {token}", method)
        assert answer.status_code == 200 and answer.json() == {"email": contact.email}


def test_token_authentication_costs_one_read_query(client, token, django_assert_num_queries):
    with django_assert_num_queries(1) as queries:
        ask(client, f"Token {token}")
    assert queries.captured_queries[0]["sql"].startswith("SELECT")


@pytest.mark.parametrize("header", ["Token nonsense", "Token ", "Token", "token \xff", "Token a b", "Bearer x", "Basic YTpi", ""])
def test_invalid_token_is_401_with_challenge(client, token, header):
    answer = ask(client, header)
    assert answer.status_code == 401 and answer["WWW-Authenticate"] == "Token"


def test_expired_revoked_and_closed_get_identical_401(client, contact):
    now = timezone.now()
    answers = []
    ends = now + datetime.timedelta(days=1)
    expired = ApiToken.issue(contact, expires_at=ends)
    with time_machine.travel(ends, tick=False):
        answers.append(ask(client, f"Token {expired}"))
    revoked = ApiToken.issue(contact, expires_at=ends)
    ApiToken.objects.filter(digest=digest_of(revoked)).update(revoked_at=now)
    answers.append(ask(client, f"Token {revoked}"))
    closed = ApiToken.issue(contact, expires_at=ends)
    assert ask(client, f"Token {closed}").status_code == 200
    contact.is_active = False
    contact.save()
    answers += [ask(client, f"Token {closed}"), ask(client, "Token never-issued")]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1


def test_token_is_not_stored_in_clear_text(token):
    row = ApiToken.objects.values().get()
    assert token not in str(row) and token.removeprefix("care_") not in str(row)


def test_session_authentication_requires_csrf_for_post(contact):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(contact)
    assert browser.get("/api/who/").status_code == 200
    assert browser.post("/api/who/").status_code == 403


def test_openapi_description_declares_token_authentication(client):
    schema = client.get("/api/schema/?format=json").json()
    assert schema["components"]["securitySchemes"]["token"]["name"] == "Authorization"


def command(*arguments):
    out, err = StringIO(), StringIO()
    call_command("create_api_token", *arguments, stdout=out, stderr=err)
    assert err.getvalue() == ""
    return out.getvalue()


def test_command_prints_only_the_token(client, contact):
    printed = command("CARLA@nord.example", "--name", "our ERP")
    assert printed == printed.strip() + "\n" and " " not in printed
    assert ask(client, f"Token {printed.strip()}").json() == {"email": contact.email}
    assert ApiToken.objects.get().name == "our ERP"


def test_command_takes_lifetime_from_settings_or_argument(contact, settings):
    with time_machine.travel(NOON, tick=False):
        command(contact.email)
        command(contact.email, "--days", "7")
        days = sorted((token.expires_at - NOON).days for token in ApiToken.objects.all())
    assert days == [7, settings.API_TOKEN_DAYS]


@pytest.mark.parametrize(
    "arguments", [["nobody@nord.example"], ["carla@nord.example", "--days", "0"], ["carla@nord.example", "--name", "n" * 101]]
)
def test_command_rejects_invalid_arguments(contact, arguments):
    with pytest.raises(CommandError):
        command(*arguments)
    assert not ApiToken.objects.exists()


def test_command_refuses_deactivated_accounts(contact):
    contact.is_active = False
    contact.save()
    with pytest.raises(CommandError, match="may not sign in"):
        command(contact.email)
