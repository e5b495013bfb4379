"""Pages and problems when something goes wrong."""

import re
import time

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.template import engines
from django.test import Client
from django.urls import reverse

from web.templatetags.once import MOST

pytestmark = pytest.mark.urls("tests.access.urls")


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


def test_error_page_shows_the_logged_reference(client, caplog):
    """Deliberately without a database: the page must not need what is down."""
    client.cookies[django_settings.SESSION_COOKIE_NAME] = "a-session"
    answer = client.get("/boom/")
    assert answer.status_code == 500
    reference = re.search(r"\b[0-9A-F]{8}\b", answer.content.decode())[0]
    record = next(record for record in caplog.records if reference in record.getMessage())
    assert record.exc_info[1].args == ("the disk is gone",)
    assert b"disk is gone" not in answer.content


def test_unavailable_database_is_503_with_retry_after(client, caplog):
    for path in ("/away/", "/busy/", "/api/busy/", "/api/full/", "/api/away/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Retry-After"]) == (503, "10")
        assert re.search(r"\b[0-9A-F]{8}\b", answer.content.decode())[0] in caplog.text
    lines = [record for record in caplog.records if record.name == "careline.errors"]
    assert [(line.exc_info, "\n" in line.getMessage()) for line in lines] == [(None, False)] * 5  # once per request
    assert answer.json()["title"] == "Service Unavailable"
    assert "stopped" in client.get("/busy/").text and "stopped" not in client.get("/away/").text


def test_read_only_database_is_503_and_drops_the_connection(client, cast, caplog, monkeypatch):
    """PostgreSQL itself refuses each change, like a standby to which a kept connection may lead after a failover."""
    client.force_login(cast.agent)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        assert client.get("/api/v1/health/").json()["database"] == "takes no changes"
        assert client.get("/desk/").status_code == 200
        monkeypatch.setattr(connection, "close_at", None)
        answer = client.post("/desk/notices/read/", {"notice": "1"})
        transaction.set_rollback(True)
    assert (answer.status_code, answer["Retry-After"]) == (503, "10") and connection.close_at <= time.monotonic()
    words = answer.content.decode()
    assert "We cannot save anything at the moment." in words and "What you typed is not lost" in words
    assert re.search(r"\b[0-9A-F]{8}\b", words)[0] in caplog.text


def test_each_error_has_its_own_reference(client):
    pages = {re.search(r"\b[0-9A-F]{8}\b", client.get("/boom/").content.decode())[0] for _ in range(2)}
    assert len(pages) == 2


def test_broken_error_page_still_shows_the_reference(client, settings, caplog):
    templates = settings.TEMPLATES[0]
    loaders = [("django.template.loaders.locmem.Loader", {"error.html": "{% no_such_tag %}"})]
    settings.TEMPLATES = [templates | {"APP_DIRS": False, "OPTIONS": templates["OPTIONS"] | {"loaders": loaders}}]
    answer = client.get("/boom/")
    assert answer.status_code == 500 and answer["Content-Type"].startswith("text/plain")
    assert re.search(r"reference: [0-9A-F]{8}", answer.content.decode())


def test_api_error_is_a_problem_with_a_reference(client, caplog):
    answer = client.get("/api/boom/")
    problem = answer.json()
    assert answer.status_code == 500 and answer["Content-Type"] == "application/problem+json"
    assert (problem["status"], problem["title"]) == (500, "Internal Server Error")
    assert problem["reference"] in caplog.text and "gone" not in answer.content.decode()


def test_unknown_url_is_404_as_page_or_problem(client):
    assert client.get("/nothing/").status_code == 404
    answer = client.get("/api/nothing/")
    assert answer.status_code == 404 and answer.json()["status"] == 404


@pytest.mark.django_db
def test_shared_parts_render_fully_whichever_page_comes_first(client, settings):
    """Shared parts of pages are rendered once per process; an error page has less context than others, and may be its first."""
    sign_in = reverse("account_login")
    for paths in (("/nothing/", sign_in), (sign_in, "/nothing/", sign_in)):
        settings.TEMPLATES = [*settings.TEMPLATES]  # nothing has been rendered yet
        drawn = [client.get(path).content.decode() for path in paths][-1]
        assert f'id="idle" data-hours="{settings.SESSION_IDLE_HOURS}"' in drawn


def test_once_tag_sees_only_the_variables_it_names(settings):
    words = "{% once ticket.status with rail %}{{ ticket.status }}{{ ticket.kind }}{{ rail }}{{ else }}{% endonce %}"
    template = engines["django"].from_string(words)
    for kind in ("did", "pbx"):
        assert template.render({"ticket": {"status": "new", "kind": "did"}, "rail": "-", "else": kind}) == "newdid-"


def test_once_tag_caches_again_after_a_flood_of_keys():
    """A queue URL can name any word as the view: after 500 of them the rail of each other page was rendered again permanently."""
    template, drawn = engines["django"].from_string("{% once view with rail %}{{ rail.draw }}{% endonce %}"), []
    rail = {"draw": lambda: drawn.append(1)}
    for view in range(MOST + 1):
        template.render({"view": view, "rail": rail})
    for _again in range(3):
        template.render({"view": "mine", "rail": rail})
    assert MOST < len(drawn) <= MOST + 2


@pytest.mark.parametrize("path", ["/boom/", "/nothing/"])
def test_error_pages_keep_the_security_headers(client, path):
    answer = client.get(path)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY" and answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_csrf_failure_is_403_without_a_token():
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "a@b.example", "password": "x"})
    assert answer.status_code == 403 and b"csrfmiddlewaretoken" not in answer.content


def test_csp_nonce_differs_per_response(client):
    assert client.get("/nothing/")["Content-Security-Policy"] != client.get("/nothing/")["Content-Security-Policy"]


@pytest.mark.urls("config.urls")
def test_post_only_url_explains_405_to_browsers(client):
    answer = client.get("/desk/10001/tags/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST") and "There is no page at this address" in answer.content.decode()
