"""The request log contains no link that works without signing in."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from gunicorn.config import Config

from config import errors
from config.access_log import AccessLog, client_address
from tests.access.conftest import PASSWORD


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/confirm/xi2RhvqKWch8lc_2Rm-tte7/", "/confirm/…/"),
        ("/account/password/reset/2k-diomus-dad3d1e18b/", "/account/password/reset/…/"),
        ("/account/invitation/AbC123/?next=/", "/account/invitation/…/?next=/"),
        ("/account/password/reset/", "/account/password/reset/"),
        ("/account/password/reset/done/", "/account/password/reset/done/"),
        ("/portal/requests/?q=confirm", "/portal/requests/?q=confirm"),
    ],
)
def test_links_are_logged_without_their_tokens(path, told):
    environ = {"REQUEST_METHOD": "POST", "RAW_URI": path, "PATH_INFO": path.partition("?")[0], "SERVER_PROTOCOL": "HTTP/1.1"}
    environ["HTTP_REFERER"] = f"https://care.example{path}"
    answer = SimpleNamespace(status="200 OK", sent=12, headers=[])
    atoms = AccessLog(Config()).atoms(answer, SimpleNamespace(headers=[]), environ, timedelta(seconds=1))
    assert (atoms["r"], atoms["f"]) == (f"POST {told} HTTP/1.1", f"https://care.example{told}")
    assert atoms["U"] == told.partition("?")[0] and atoms["m"] == "POST"


@pytest.mark.parametrize(
    ("proxies", "seen", "told"),
    [("1", "6.6.6.6, 198.51.100.7", "198.51.100.7"), ("0", "6.6.6.6", "10.0.0.2"), ("1", "", "10.0.0.2"), ("2", "6.6.6.6", "10.0.0.2")],
)
def test_forwarded_address_is_logged_only_from_trusted_proxies(monkeypatch, proxies, seen, told):
    monkeypatch.setenv("TRUSTED_PROXIES", proxies)
    assert client_address({"REMOTE_ADDR": "10.0.0.2", "HTTP_X_FORWARDED_FOR": seen}) == told


def test_error_log_hides_the_token_of_a_link(rf, caplog):
    errors.server_error(rf.get("/confirm/xi2RhvqKWch8lc_2Rm-tte7/"))
    assert "GET /confirm/…/" in caplog.text and "xi2Rhvq" not in caplog.text


def test_path_cannot_inject_lines_into_the_log(rf, caplog):
    errors.server_error(rf.get("/desk/x%0A[2026-11-29] careline.sign_in signed in: user 1%0D%1B[2J/"))
    assert not set("\n\r\x1b") & set(caplog.records[-1].getMessage())


def test_sign_ins_and_failures_are_logged_without_typed_secrets(caplog, client, contact, complete_sign_in, type_password, type_code):
    caplog.set_level("INFO", "careline.sign_in")
    type_password(contact.email, "my secret")
    type_password("nobody@nord.example", "my secret")
    type_password(contact.email)
    type_code("WRNG-CODE")
    complete_sign_in(contact)
    new = {"oldpassword": PASSWORD, "password1": "another long one", "password2": "another long one"}
    client.post(reverse("account_change_password"), new)
    client.cookies.clear()
    for _ in range(5):
        type_password(contact.email.upper(), "my secret")
    assert [record.getMessage() for record in caplog.records if record.name == "careline.sign_in"] == [
        f"wrong password: user {contact.pk}, from 127.0.0.1",
        "wrong password: nobody known, from 127.0.0.1",
        f"wrong code: user {contact.pk}, from 127.0.0.1",
        f"signed in: user {contact.pk}, from 127.0.0.1",
        f"password changed: user {contact.pk}, from 127.0.0.1",
        *[f"wrong password: user {contact.pk}, from 127.0.0.1"] * 4,
        f"too many attempts: user {contact.pk}, from 127.0.0.1",
    ]
