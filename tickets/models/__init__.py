"""The models of the ticket system, one module per subject."""

from tickets.models.confirmation import Confirmation
from tickets.models.mail import Mail
from tickets.models.money import Quote, TicketCharge
from tickets.models.records import DeniedAttempt, IdempotencyRecord
from tickets.models.relations import Follower, Subscription, TicketLink
from tickets.models.ticket import Ticket
from tickets.models.timeline import Attachment, Event, Override, ReaderOfEvents
from tickets.models.trouble import Trouble

__all__ = [
    "Attachment",
    "Confirmation",
    "DeniedAttempt",
    "Event",
    "Follower",
    "IdempotencyRecord",
    "Mail",
    "Override",
    "Quote",
    "ReaderOfEvents",
    "Subscription",
    "Ticket",
    "TicketCharge",
    "TicketLink",
    "Trouble",
]
