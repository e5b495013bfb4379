"""The registry of request types, listed by hand: one line per type."""

from policies.codes import KINDS
from policies.verdict import Verdict
from tickets.base import QuestionType
from tickets.types.commitment_request import CommitmentRequest
from tickets.types.company_change import CompanyChange
from tickets.types.credit_note_request import CreditNoteRequest
from tickets.types.delivery_quote import DeliveryQuote
from tickets.types.did_cancel import DidCancel
from tickets.types.did_migration_code import DidMigrationCode
from tickets.types.did_transfer import DidTransfer
from tickets.types.emergency_activation import EmergencyActivation
from tickets.types.end_user_transfer import EndUserTransfer
from tickets.types.general_question import GeneralQuestion
from tickets.types.hw_to_hwaas import HwToHwaas
from tickets.types.hwaas_buyout import HwaasBuyout
from tickets.types.hwaas_lost import HwaasLost
from tickets.types.hwaas_return import HwaasReturn
from tickets.types.licence_change import LicenceChange
from tickets.types.order_amendment import OrderAmendment
from tickets.types.pbx_terminate import PbxTerminate
from tickets.types.porting_date_change import PortingDateChange
from tickets.types.refund_request import RefundRequest
from tickets.types.reseller_transfer import ResellerTransfer
from tickets.types.rma import RmaRequest
from tickets.types.shipment_tracking import ShipmentTracking
from tickets.types.special_number_access import SpecialNumberAccess
from tickets.types.teams_licence_change import TeamsLicenceChange
from tickets.types.xbees_switch import XbeesSwitch

TYPES = {
    kind.code: kind
    for kind in (
        DidCancel(),
        PortingDateChange(),
        DidTransfer(),
        EmergencyActivation(),
        SpecialNumberAccess(),
        DidMigrationCode(),
        TeamsLicenceChange(),
        RmaRequest(),
        HwaasReturn(),
        HwaasLost(),
        HwaasBuyout(),
        HwToHwaas(),
        LicenceChange(),
        CommitmentRequest(),
        XbeesSwitch(),
        PbxTerminate(),
        ShipmentTracking(),
        OrderAmendment(),
        DeliveryQuote(),
        CreditNoteRequest(),
        RefundRequest(),
        ResellerTransfer(),
        EndUserTransfer(),
        CompanyChange(),
        GeneralQuestion(),
    )
}
KINDS.update((code, kind.title) for code, kind in TYPES.items())


class NewerType(QuestionType):
    """Stands for a type of the next version while both run (decision 0400): its requests can be read and answered, not executed."""

    def __init__(self, code):
        self.code, self.title = code, code.replace("_", " ").capitalize()

    def decide(self, answers, *, book, today):
        return Verdict()


def kind_of(ticket):
    """Return the TicketType of a ticket."""
    return TYPES.get(ticket.type_code) or NewerType(ticket.type_code)
