"""A replacement that waits for a new device returns to the care team once one is in stock (HW-10, docs/decisions/0411)."""

from tests.cast import make_device
from tests.tickets.actions import take
from tests.tickets.test_rma import opened
from tickets.models import Ticket
from tickets.services import status
from tickets.tasks import watch


def test_request_returns_to_the_care_team_once_a_new_device_is_in_stock(cast, now):
    """As many requests as devices, the oldest first, once each; not one that somebody put on hold by hand."""
    waiting = []
    for serial in ("SN-SCARCE", "SN-SCARCE-B", "SN-SCARCE-C"):
        if serial != "SN-SCARCE":
            make_device(serial, cast.scarce, cast.pbx, ordered_on=now.date())
        waiting.append(opened(cast, cast.nora, serial, now, replacement="wait"))
        take(waiting[-1], "received", cast.agent, now)
    status.change(waiting[0].pk, "open", actor=cast.agent, at=now)
    status.change(waiting[0].pk, "on_hold", waiting_for="warehouse", text="Its box is damaged.", actor=cast.agent, at=now)

    def states(stock):
        type(cast.scarce).objects.filter(pk=cast.scarce.pk).update(stock=stock)
        for _run in range(2):
            watch()
        return list(Ticket.objects.order_by("pk").values_list("status", flat=True))

    assert states(stock=0) == ["on_hold", "on_hold", "on_hold"]
    assert states(stock=1) == ["on_hold", "open", "on_hold"]
    take(waiting[1], "dispatch", cast.agent, now, serial="SN-SCARCE-2")
    type(cast.scarce).objects.filter(pk=cast.scarce.pk).update(stock=1)
    arrived = opened(cast, cast.nora, "SN-SCARCE-2", now)
    take(arrived, "received", cast.agent, now)
    assert states(stock=1) == ["on_hold", "solved", "on_hold", "open"], "the only one is for the request that can be completed already"
    assert states(stock=5) == ["on_hold", "solved", "open", "open"]
    assert [ticket.events.filter(data__step="in_stock").count() for ticket in waiting] == [0, 1, 1]
