"""A worker dies while it processes an incoming e-mail: the answer is on its ticket once."""

import pytest

from inbound import demo
from inbound.models import InboundMail
from tests.durability.faults import MAIL_POINTS
from tests.durability.porting_requests import submit
from tests.durability.stack import until
from tickets.email_ids import reply_address
from tickets.models import Event

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.thorough
def test_worker_killed_at_any_point_takes_an_email_once(stack, cast, now, settings):
    settings.INBOX_DIR, ticket = stack.folder / "inbox", submit(cast, now)
    about = {
        "sender": cast.nora.email,
        "to": reply_address(ticket.pk, cast.nora.email),
        "subject": "Yes",
        "answered": ("Careline", "Hello"),
    }
    for point in MAIL_POINTS:
        stack.set_trap(point, None, "kill")
        demo.answer(f"Killed {point}.", **about)
        until(lambda: not stack.is_set(point, None), point)  # noqa: B023
        until(lambda: not list(settings.INBOX_DIR.iterdir()), "the mail to be put away")
    said = Event.objects.filter(ticket=ticket, kind="message").order_by("pk")
    assert [event.body.partition("\n")[0] for event in said] == [f"Killed {point}." for point in MAIL_POINTS]
    assert set(InboundMail.objects.values_list("outcome", flat=True)) == {"taken"}
