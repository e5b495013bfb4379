"""The kinds of request, written out by hand: one line a type."""

from tickets.types.did_cancel import DidCancel
from tickets.types.did_migration_code import DidMigrationCode
from tickets.types.did_transfer import DidTransfer
from tickets.types.emergency_activation import EmergencyActivation
from tickets.types.porting_date_change import PortingDateChange
from tickets.types.reseller_transfer import ResellerTransfer
from tickets.types.rma import RmaRequest
from tickets.types.special_number_access import SpecialNumberAccess

TYPES = {
    kind.code: kind
    for kind in (
        DidCancel(),
        PortingDateChange(),
        DidTransfer(),
        EmergencyActivation(),
        SpecialNumberAccess(),
        DidMigrationCode(),
        RmaRequest(),
        ResellerTransfer(),
    )
}


def kind_of(ticket):
    """The TicketType of a ticket."""
    return TYPES[ticket.type_code]
