"""A form sent twice takes effect once: two clicks, a lost response, a reload, going back."""

import re
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client

from partners.models import ApiToken, Invitation
from tests.desk.figures import client_of
from tests.tickets.actions import ask
from tickets.models import Attachment, Event, IdempotencyRecord, Mail, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_day")]
AGAIN = "You had already sent this form"


@pytest.fixture
def question(cast, now):
    return ask(cast.nora, "general_question", now, topic="General", subject="Two lines", message="Please explain both lines.").pk


def token_of(client, page):
    """Return the CSRF token of a page rendered now."""
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(page).content.decode())[1]


def test_each_page_has_its_own_form_token(cast, question):
    client = client_of(cast.agent)
    assert token_of(client, f"/desk/{question}/") != token_of(client, f"/desk/{question}/")


def test_second_submission_redirects_like_the_first(cast, question):
    client = client_of(cast.agent)
    form = {"csrfmiddlewaretoken": token_of(client, f"/desk/{question}/"), "reason": "duplicate", "text": "We have it already."}
    first = client.post(f"/desk/{question}/reject/", form)
    page = client.post(f"/desk/{question}/reject/", form, follow=True)
    assert page.redirect_chain == [(first.url, 302)] and AGAIN in page.content.decode() and "Too late" not in page.content.decode()
    assert Event.objects.filter(kind="rejected").count() == Mail.objects.filter(kind="rejected").count() == 1


def test_repeated_revocation_is_not_404(cast):
    client = client_of(cast.nora)
    ApiToken.issue(cast.nora, name="Script", expires_at="2100-01-01T00:00Z")
    page = f"/portal/tokens/{ApiToken.objects.get().pk}/revoke/"
    form = {"csrfmiddlewaretoken": token_of(client, page)}
    assert [client.post(page, form).status_code for _ in range(2)] == [302, 302]
    assert client.post(page, {"csrfmiddlewaretoken": token_of(client, "/portal/tokens/")}).status_code == 404, (
        "another page of another time"
    )


def test_different_text_file_or_page_counts_as_a_new_form(cast, question):
    client = client_of(cast.nora)
    page, to = f"/portal/requests/{question}/", f"/portal/requests/{question}/reply/"
    token = token_of(client, page)

    def reply(text, content, token):
        file = SimpleUploadedFile("log.txt", content)
        return client.post(to, {"csrfmiddlewaretoken": token, "text": text, "attachments": file})

    for text, content in (("Here.", b"one"), ("Here.", b"one"), ("Here.", b"two!"), ("There.", b"one")):
        assert reply(text, content, token).status_code == 302
    assert list(Event.objects.filter(kind="message").values_list("body", flat=True)) == ["Here.", "Here.", "There."]
    assert Attachment.objects.count() == 3


def test_rejected_form_can_be_sent_again(cast, question):
    client = client_of(cast.agent)
    token = {"csrfmiddlewaretoken": token_of(client, f"/desk/{question}/")}
    assert client.post(f"/desk/{question}/reject/", token | {"text": "No."}).status_code == 400  # without a reason
    assert client.post(f"/desk/{question}/execute/", token).status_code == 302  # there is nothing to execute, says the page
    assert not IdempotencyRecord.objects.exists()
    page = client.post(f"/desk/{question}/execute/", token, follow=True).content.decode()
    assert AGAIN not in page and "There is nothing to execute here" in page


def test_server_error_leaves_no_trace(cast, question, monkeypatch):
    client = client_of(cast.agent)
    client.raise_request_exception = False
    form = {"csrfmiddlewaretoken": token_of(client, f"/desk/{question}/"), "kind": "note", "text": "Seen."}
    with monkeypatch.context() as broken:
        broken.setattr("desk.views.drafts.redirect", None)
        assert client.post(f"/desk/{question}/reply/", form).status_code == 500
    assert not Event.objects.filter(kind="note").exists() and not IdempotencyRecord.objects.exists()
    assert client.post(f"/desk/{question}/reply/", form).status_code == 302 and Event.objects.filter(kind="note").count() == 1


def test_records_are_per_person_and_contain_no_secrets(cast, question):
    client, other = client_of(cast.agent), client_of(cast.agent2)
    form = {"csrfmiddlewaretoken": token_of(client, f"/desk/{question}/"), "kind": "note", "text": "Seen."}
    assert other.post(f"/desk/{question}/reply/", form).status_code == client.post(f"/desk/{question}/reply/", form).status_code == 302
    assert Event.objects.filter(kind="note").count() == 2
    kept = str(list(IdempotencyRecord.objects.values()))
    assert form["csrfmiddlewaretoken"] not in kept and "Seen." not in kept
    anybody = Client()
    token = token_of(anybody, "/account/login/")
    for _ in range(2):
        anybody.post("/account/login/", {"csrfmiddlewaretoken": token, "login": cast.nora.email, "password": "wrong"})
    assert IdempotencyRecord.objects.count() == 2, "who is not signed in is nobody's twin"


def test_repeated_scripted_upload_gets_the_same_location(cast, question):
    client = client_of(cast.nora)
    form = {"csrfmiddlewaretoken": token_of(client, f"/portal/requests/{question}/"), "text": "Here."}
    answers = [client.post(f"/portal/requests/{question}/reply/", form, headers={"X-Upload": "1"}) for _ in range(2)]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(204, f"/portal/requests/{question}/#timeline")}
    assert Event.objects.filter(kind="message").count() == 1


def test_active_api_token_names_are_unique(cast):
    client = client_of(cast.nora)
    form = {"csrfmiddlewaretoken": token_of(client, "/portal/tokens/"), "name": "Script", "days": "30"}
    assert b"Copy it now" in client.post("/portal/tokens/", form).content
    twin = client.post("/portal/tokens/", form)
    assert twin.status_code == 400 and "You already have a token with this name" in twin.content.decode()
    assert ApiToken.objects.count() == 1
    ApiToken.objects.update(revoked_at="2026-01-01T00:00Z")
    assert client.post("/portal/tokens/", form).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_simultaneous_clicks_take_effect_once(cast, question):
    client = client_of(cast.nora)
    reply = {"csrfmiddlewaretoken": token_of(client, f"/portal/requests/{question}/"), "text": "Here."}
    invite = {"csrfmiddlewaretoken": reply["csrfmiddlewaretoken"], "email": "new@nord.example", "full_name": "Neu", "label": ""}
    for path, form in ((f"/portal/requests/{question}/reply/", reply), ("/portal/team/invite/", invite)):
        begin, answers = threading.Barrier(3), []

        def send(path, form, begin, answers):
            browser = Client()
            browser.cookies = client.cookies
            begin.wait()
            answers.append(browser.post(path, form))
            connections.close_all()

        threads = [threading.Thread(target=send, args=(path, form, begin, answers)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {answer.status_code for answer in answers} == {302} and len({answer.url for answer in answers}) == 1
    assert Event.objects.filter(kind="message").count() == Invitation.objects.count() == Ticket.objects.count() == 1
    assert IdempotencyRecord.objects.count() == 2
