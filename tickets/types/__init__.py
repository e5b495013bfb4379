"""The kinds of request, written out by hand: one line a type."""

from tickets.types.did_cancel import DidCancel
from tickets.types.porting_date_change import PortingDateChange
from tickets.types.reseller_transfer import ResellerTransfer
from tickets.types.rma import RmaRequest

TYPES = {
    kind.code: kind
    for kind in (
        DidCancel(),
        PortingDateChange(),
        RmaRequest(),
        ResellerTransfer(),
    )
}


def kind_of(ticket):
    """The TicketType of a ticket."""
    return TYPES[ticket.type_code]
