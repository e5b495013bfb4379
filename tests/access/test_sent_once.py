"""A form sent twice takes effect once: two clicks, a lost response, a reload, going back."""

import re
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client

from partners.models import ApiToken, Invitation
from tests.desk.known import enter
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


def test_two_pages_are_two_forms(cast, question):
    client = enter(cast.agent)
    assert token_of(client, f"/desk/{question}/") != token_of(client, f"/desk/{question}/")


def test_what_is_sent_twice_from_one_page_leads_to_the_same_place(cast, question):
    client = enter(cast.agent)
    form = {"csrfmiddlewaretoken": token_of(client, f"/desk/{question}/"), "reason": "duplicate", "text": "We have it already."}
    first = client.post(f"/desk/{question}/reject/", form)
    page = client.post(f"/desk/{question}/reject/", form, follow=True)
    assert page.redirect_chain == [(first.url, 302)] and AGAIN in page.content.decode() and "Too late" not in page.content.decode()
    assert Event.objects.filter(kind="rejected").count() == Mail.objects.filter(kind="rejected").count() == 1


def test_what_is_gone_by_then_is_no_missing_page(cast):
    client = enter(cast.nora)
    ApiToken.issue(cast.nora, name="Script", expires_at="2100-01-01T00:00Z")
    page = f"/portal/tokens/{ApiToken.objects.get().pk}/revoke/"
    form = {"csrfmiddlewaretoken": token_of(client, page)}
    assert [client.post(page, form).status_code for _ in range(2)] == [302, 302]
    assert client.post(page, {"csrfmiddlewaretoken": token_of(client, "/portal/tokens/")}).status_code == 404, (
        "another page of another time"
    )


def test_other_words_another_file_and_another_page_are_another_form(cast, question):
    client = enter(cast.nora)
    page, to = f"/portal/requests/{question}/", f"/portal/requests/{question}/reply/"
    token = token_of(client, page)

    def reply(text, content, token):
        file = SimpleUploadedFile("log.txt", content)
        return client.post(to, {"csrfmiddlewaretoken": token, "text": text, "attachments": file})

    for text, content in (("Here.", b"one"), ("Here.", b"one"), ("Here.", b"two!"), ("There.", b"one")):
        assert reply(text, content, token).status_code == 302
    assert list(Event.objects.filter(kind="message").values_list("body", flat=True)) == ["Here.", "Here.", "There."]
    assert Attachment.objects.count() == 3


def test_what_was_refused_can_be_sent_again(cast, question):
    client = enter(cast.agent)
    token = {"csrfmiddlewaretoken": token_of(client, f"/desk/{question}/")}
    assert client.post(f"/desk/{question}/reject/", token | {"text": "No."}).status_code == 400  # without a reason
    assert client.post(f"/desk/{question}/execute/", token).status_code == 302  # there is nothing to execute, says the page
    assert not IdempotencyRecord.objects.exists()
    page = client.post(f"/desk/{question}/execute/", token, follow=True).content.decode()
    assert AGAIN not in page and "There is nothing to execute here" in page


def test_an_error_of_ours_leaves_nothing_behind(cast, question, monkeypatch):
    client = enter(cast.agent)
    client.raise_request_exception = False
    form = {"csrfmiddlewaretoken": token_of(client, f"/desk/{question}/"), "kind": "note", "text": "Seen."}
    with monkeypatch.context() as broken:
        broken.setattr("desk.views.drafts.redirect", None)
        assert client.post(f"/desk/{question}/reply/", form).status_code == 500
    assert not Event.objects.filter(kind="note").exists() and not IdempotencyRecord.objects.exists()
    assert client.post(f"/desk/{question}/reply/", form).status_code == 302 and Event.objects.filter(kind="note").count() == 1


def test_it_is_each_persons_own_and_no_secret_is_kept(cast, question):
    client, other = enter(cast.agent), enter(cast.agent2)
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


def test_who_sends_files_by_a_script_is_led_there_too(cast, question):
    client = enter(cast.nora)
    form = {"csrfmiddlewaretoken": token_of(client, f"/portal/requests/{question}/"), "text": "Here."}
    answers = [client.post(f"/portal/requests/{question}/reply/", form, headers={"X-Upload": "1"}) for _ in range(2)]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(204, f"/portal/requests/{question}/#timeline")}
    assert Event.objects.filter(kind="message").count() == 1


def test_a_token_has_a_name_of_its_own(cast):
    client = enter(cast.nora)
    form = {"csrfmiddlewaretoken": token_of(client, "/portal/tokens/"), "name": "Script", "days": "30"}
    assert b"Copy it now" in client.post("/portal/tokens/", form).content
    twin = client.post("/portal/tokens/", form)
    assert twin.status_code == 400 and "You already have a token with this name" in twin.content.decode()
    assert ApiToken.objects.count() == 1
    ApiToken.objects.update(revoked_at="2026-01-01T00:00Z")
    assert client.post("/portal/tokens/", form).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_are_one(cast, question):
    client = enter(cast.nora)
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
