"""A person is erased while something with their address is not committed yet, since it was begun before their access ended."""

from functools import partial

import pytest

from classound.models import Call
from inbound import personal_data
from inbound.intake import process
from inbound.models import InboundMail
from partners.models import User
from tests.inbound.test_intake import letter
from tests.interleaving import meanwhile
from tickets.models import Mail
from tickets.services import conversation, usage_reports

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["letter"]


def erase(person):
    """End the person's access, then erase them."""
    User.objects.filter(pk=person.pk).update(is_active=False)
    return personal_data.erase(person)


@pytest.mark.parametrize("about", ["ticket", "usage"])
def test_person_whose_email_is_being_written_is_not_erased_yet(cast, now, ticket, about):
    Mail.objects.update(sent_at=now)
    Call.objects.create(call_id=1, did=cast.did, direction="out", started_at="2026-10-02T00:00:00Z", seconds=90, price="0.03")
    writing = {
        "ticket": (partial(conversation.reply, ticket.pk, "Yes, there is.", author=cast.agent, at=now), 'UPDATE "tickets_ticket"'),
        "usage": (partial(usage_reports.tell_usage, at=now), 'UPDATE "partners_partner"'),
    }
    _written, refusal = meanwhile(*writing[about], partial(erase, cast.nora))
    assert isinstance(refusal, personal_data.CannotErase) and "still to be sent" in str(refusal)
    assert Mail.objects.filter(sent_at=None, to=User.objects.get(pk=cast.nora.pk).email).exists()


def test_address_of_an_email_that_is_being_read_is_erased(cast, now, ticket, letter):
    raw = letter("It is for the kitchen.")
    Mail.objects.update(sent_at=now)
    outcome, name = meanwhile(partial(process, raw, at=now), 'UPDATE "inbound_inboundmail"', partial(erase, cast.nora))
    assert (outcome, name) == ("taken", str(User.objects.get(pk=cast.nora.pk)))
    assert InboundMail.objects.get().sender.endswith(".invalid")
