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


def test_a_token_speaks_for_its_user_and_needs_no_csrf_token(token, contact):
    for method in ("get", "post"):
        answer = ask(Client(enforce_csrf_checks=True), f"Token {token}", method)
        assert answer.status_code == 200 and answer.json() == {"email": contact.email}


def test_a_request_with_a_token_costs_one_query_and_writes_nothing(client, token, django_assert_num_queries):
    with django_assert_num_queries(1) as queries:
        ask(client, f"Token {token}")
    assert queries.captured_queries[0]["sql"].startswith("SELECT")


@pytest.mark.parametrize("header", ["Token nonsense", "Token ", "Token", "token \xff", "Token a b", "Bearer x", "Basic YTpi", ""])
def test_what_is_no_token_is_401_and_says_how_to_ask(client, token, header):
    answer = ask(client, header)
    assert answer.status_code == 401 and answer["WWW-Authenticate"] == "Token"


def test_an_expired_revoked_or_closed_accounts_token_is_401_in_the_same_words(client, contact):
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


def test_the_database_does_not_hold_the_token(token):
    row = ApiToken.objects.values().get()
    assert token not in str(row) and token.removeprefix("care_") not in str(row)


def test_the_session_serves_the_documentation_only_with_a_csrf_token(contact):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(contact)
    assert browser.get("/api/who/").status_code == 200
    assert browser.post("/api/who/").status_code == 403


def test_the_openapi_description_knows_tokens(client):
    schema = client.get("/api/schema/?format=json").json()
    assert schema["components"]["securitySchemes"]["token"]["name"] == "Authorization"


def command(*arguments):
    out, err = StringIO(), StringIO()
    call_command("create_api_token", *arguments, stdout=out, stderr=err)
    assert err.getvalue() == ""
    return out.getvalue()


def test_the_command_prints_the_token_and_nothing_else(client, contact):
    printed = command("CARLA@nord.example", "--name", "our ERP")
    assert printed == printed.strip() + "\n" and " " not in printed
    assert ask(client, f"Token {printed.strip()}").json() == {"email": contact.email}
    assert ApiToken.objects.get().name == "our ERP"


def test_the_command_takes_the_lifetime_from_the_settings_or_in_days(contact, settings):
    with time_machine.travel(NOON, tick=False):
        command(contact.email)
        command(contact.email, "--days", "7")
        days = sorted((token.expires_at - NOON).days for token in ApiToken.objects.all())
    assert days == [7, settings.API_TOKEN_DAYS]


@pytest.mark.parametrize(
    "arguments", [["nobody@nord.example"], ["carla@nord.example", "--days", "0"], ["carla@nord.example", "--name", "n" * 101]]
)
def test_the_command_refuses_what_cannot_work(contact, arguments):
    with pytest.raises(CommandError):
        command(*arguments)
    assert not ApiToken.objects.exists()


def test_the_command_makes_no_token_for_a_closed_account(contact):
    contact.is_active = False
    contact.save()
    with pytest.raises(CommandError, match="may not sign in"):
        command(contact.email)
