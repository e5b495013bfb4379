"""Notifications about a request that the care team files for a caller go to that person."""

from datetime import timedelta

import pytest

from tests.signing_in import log_in
from tests.tickets.actions import send_mails
from tickets.models import Event, Mail, Ticket

FORM = "/portal/requests/new/did_cancel/?partner=NORD"


@pytest.fixture
def file_request(client, cast, that_day):
    log_in(client, cast.agent)

    def filed(**fields):
        return client.post(FORM, {"dids": cast.did.number} | fields)

    return filed


def test_request_filed_for_a_caller_belongs_to_and_notifies_that_caller(file_request, cast, client, now, mailoutbox):
    assert file_request(requester=cast.nora.pk).status_code == 302
    ticket = Ticket.objects.get()
    assert (ticket.requester, Mail.objects.get().to) == (cast.nora, cast.nora.email)
    assert Event.objects.get(kind="submitted").actor == cast.agent
    send_mails(now + timedelta(minutes=1))
    assert "Ada Agent has submitted a request for you" in mailoutbox[0].body
    assert "submitted the request for the partner" in client.get(f"/desk/{ticket.pk}/").text
    log_in(client, cast.nora)
    assert "submitted the request for you" in client.get(f"/portal/requests/{ticket.pk}/").text


def test_nobody_is_notified_only_if_that_was_chosen(file_request, cast, client):
    for wrong in ("", "x", cast.sara.pk, cast.agent2.pk):
        answer = file_request(requester=wrong)
        assert (answer.status_code, 'href="#id_requester"' in answer.text, cast.did.number in answer.text) == (400, True, True)
    assert file_request(requester="nobody").status_code == 302
    assert (Ticket.objects.get().requester, Mail.objects.exists()) == (cast.agent, False)
    assert "The care team submitted this request" in client.get(f"/desk/{Ticket.objects.get().pk}/").text
    log_in(client, cast.nora)
    assert "Nobody on your team yet." in client.get(f"/portal/requests/{Ticket.objects.get().pk}/").text


def test_contact_always_files_for_itself(client, cast, that_day):
    log_in(client, cast.nora)
    assert client.post(FORM, {"dids": cast.did.number, "requester": cast.sara.pk}).status_code == 302
    assert Ticket.objects.get().requester == cast.nora
