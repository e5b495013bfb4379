"""A repeated POST takes effect once."""

import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections, transaction
from django.test import Client

from tests.api.conftest import Program
from tickets.models import Attachment, DeniedAttempt, Event, IdempotencyRecord, Ticket


@pytest.fixture
def body(cast):
    return {"type": "did_cancel", "fields": {"dids": [cast.did.number]}}


def test_same_key_and_body_replay_the_first_response(nord, body):
    first, second = nord.post("tickets/", body, key="a"), nord.post("tickets/", body, key="a")
    assert (first.status_code, second.status_code) == (201, 201) and first.content == second.content
    assert "Idempotency-Replayed" not in first and second["Idempotency-Replayed"] == "true"
    assert second["Content-Type"] == "application/json"
    assert first["Location"] == second["Location"] == f"http://testserver/api/v1/tickets/{first.json()['number']}/"
    assert Ticket.objects.count() == 1
    assert nord.post("tickets/", body, key="b").status_code == 201 and Ticket.objects.count() == 2


def test_same_key_for_a_different_call_is_409(nord, staff, body, ticket):
    assert nord.post(f"tickets/{ticket}/messages/", {"body": "Hello there."}, key="a").status_code == 201
    for path, other in (
        (f"tickets/{ticket}/messages/", {"body": "Hello again."}),
        (f"tickets/{ticket}/withdraw/", {"body": "Hello there."}),
    ):
        answer = nord.post(path, other, key="a")
        assert answer.status_code == 409 and answer["Content-Type"] == "application/problem+json"
        assert answer.json()["type"] == "urn:careline:key-used"
    assert Event.objects.filter(kind="message").count() == 1 and Ticket.objects.get().status == "new"


def test_keys_are_per_user(nord, sud, cast, body):
    assert nord.post("tickets/", body, key="a").status_code == 201
    assert sud.post("tickets/", {"type": "did_cancel", "fields": {"dids": [cast.winery_did.number]}}, key="a").status_code == 201


def test_denial_is_replayed_and_counted_once(nord, cast):
    body = {"type": "did_cancel", "fields": {"dids": [cast.young.number]}}
    first, second = nord.post("tickets/", body, key="a"), nord.post("tickets/", body, key="a")
    assert first.status_code == second.status_code == 422 and first.content == second.content
    assert second["Content-Type"] == "application/problem+json"
    assert DeniedAttempt.objects.get().count == 1


def test_correctable_errors_are_not_stored(nord, porting):
    body = {"type": "porting_date_change", "fields": porting}
    assert nord.post("tickets/", body | {"fields": {}}, key="a").status_code == 400
    assert nord.post("tickets/", body, key="a").status_code == 409
    assert not IdempotencyRecord.objects.exists()
    assert nord.post("tickets/", body | {"accepted_charges": "50.00"}, key="a").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb", "schlüssel", "\x7f"])
def test_invalid_key_is_400(nord, body, key):
    answer = nord.post("tickets/", body, key=key)
    assert answer.status_code == 400 and "Idempotency-Key" in answer.json()["detail"]
    assert answer.json()["type"] == "urn:careline:invalid"
    assert not Ticket.objects.exists()


def test_unauthenticated_call_stores_no_key(client, nord, body):
    nord.headers = {"authorization": "Token nonsense"}
    assert nord.post("tickets/", body, key="a").status_code == 401
    assert not IdempotencyRecord.objects.exists()


def test_files_are_compared_by_their_content(nord, ticket):
    def upload(content):
        return nord.upload(f"tickets/{ticket}/attachments/", key="a", file=SimpleUploadedFile("a.txt", content))

    assert upload(b"Hello there.").status_code == 201
    assert upload(b"Hello there.")["Idempotency-Replayed"] == "true"
    assert upload(b"Hello where.").status_code == 409
    assert Attachment.objects.count() == 1


def test_server_error_leaves_neither_key_nor_ticket(nord, body, monkeypatch):
    nord.client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr("tickets.api.tickets.TicketJson", None)
        answer = nord.post("tickets/", body, key="a")
    assert answer.status_code == 500 and answer["Content-Type"] == "application/problem+json" and answer.json()["reference"]
    assert not Ticket.objects.exists() and not IdempotencyRecord.objects.exists()
    assert nord.post("tickets/", body, key="a").status_code == 201


def test_read_only_database_is_503_not_a_call_in_progress(nord, body):
    nord.client.raise_request_exception = False
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        answer = nord.post("tickets/", body, key="a")
        transaction.set_rollback(True)
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")


@pytest.mark.django_db(transaction=True)
def test_concurrent_calls_create_one_ticket(nord, body):
    token = nord.headers["authorization"].removeprefix("Token ")
    begin, answers = threading.Barrier(4), []

    def call():
        begin.wait()
        answers.append(Program(Client(), token).post("tickets/", body, key="a"))
        connections.close_all()

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer for answer in answers) == 3
    assert Ticket.objects.count() == IdempotencyRecord.objects.count() == 1
