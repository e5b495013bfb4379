"""Forms of a ticket's page that could not be processed: they come back as sent, with the reason in its place."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template

from tests.markup import flat
from tests.tickets.actions import ask
from tickets.services import agent_actions
from web.sparse import Sparse

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(client, cast):
    """sent(path, user=…, **fields) returns the page that came back."""

    def send(path, user=cast.agent, **fields):
        client.force_login(user)
        answer = client.post(path, fields)
        assert answer.status_code == 400, answer
        return answer.content.decode()

    return send


def test_errors_are_shown_at_their_fields_and_input_is_kept(cast, now, ticket, sent, client):
    page = sent(f"/desk/{ticket.pk}/reject/", reason="duplicate", text=" ")
    assert "data-open open" in page and '<option value="duplicate" selected>' in page and 'id="reject-text_error"' in page
    page = sent(f"/desk/{ticket.pk}/handling/", status="on_hold", text="They look into it.", seen_status="new")
    assert "They look into it.</textarea>" in page and 'id="hold-for-error"' in page and "status-text-error" not in page
    page = sent(f"/desk/{ticket.pk}/merge/", other="99999")
    assert "?other=99999" in page and "There is no ticket #99999." in page
    beside = client.get(f"/desk/{ticket.pk}/beside/?other=99999").content.decode()
    assert 'value="99999" aria-invalid' in beside and 'id="link-error" hx-preserve' in beside
    moved = ask(cast.nora, "reseller_transfer", now, reseller="R-NORD", new_partner="ALBION", description="All its customers as well.")
    letter = SimpleUploadedFile("letter.exe", b"MZ\x00")
    page = sent(f"/desk/{moved.pk}/confirmations/new_partner/letter/", letter=letter, name="Nils Albion")
    assert 'value="Nils Albion"' in page and page.count("letter.exe is not a PDF") == 1 and 'id="letter-new_partner-letter_error"' in page


def test_text_sent_too_late_precedes_the_draft_in_the_composer(cast, now, ticket, sent, client):
    client.force_login(cast.lead)
    client.post(f"/desk/{ticket.pk}/draft/", {"kind": "reply", "text": "An earlier draft."})
    agent_actions.reject(ticket.pk, "other", "No.", actor=cast.agent2, at=now)
    page = sent(f"/desk/{ticket.pk}/reject/", cast.lead, reason="duplicate", text="As <yesterday>.")
    assert "As &lt;yesterday&gt;.\n\nAn earlier draft.</textarea>" in page and "Too late: this request is already rejected." in page
    assert 'value="reply" data-key="r" data-key-name="Reply" checked' in flat(page)
    # Text for colleagues does not end up in a reply.
    page = sent(f"/desk/{ticket.pk}/override/", cast.lead, rule="DID-1", reason="Agreed with the boss.")
    assert "Agreed with the boss." in page and 'value="note" data-key="i" data-key-name="Internal note" checked' in flat(page)


def test_missing_fields_of_sparse_resolve_to_nothing():
    shown = Template(
        "{% if sent.reject.text.errors %}wrong{% endif %}{{ sent.reject.text.value }}{{ sent.ask|default:'-' }}{{ sent.status }}"
    )
    assert shown.render(Context({"sent": Sparse(status="solved")})) == "-solved"
