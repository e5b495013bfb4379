"""What a step led to is written down: status, outcome, timeline, charges that come due, the partner's mail."""

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from partners.models import Partner
from policies.verdict import AGAIN, UNJUSTIFIED, Charge
from tickets.models import Event, Ticket, TicketCharge
from tickets.services import clocks, delivery, finding
from tickets.services.lifecycle import move, now_open, record, tell

LESS = (Ticket.Outcome.DECLINED, Ticket.Outcome.WITHDRAWN)
TAKEN_BACK = "taken_back"  # the moment of a reversal
TITLE = 180  # characters; names in it may be as long as its column alone, and the ledger puts the ticket's number behind it


def settle(ticket, follows, kind, *, actor, at, **data):
    """Write down what a step led to (a Next), in its transaction. Returns the Event."""
    if follows.note and actor and actor.is_care:
        clocks.answered(ticket, at=at)
    now_open(ticket, at=at)
    move(ticket, follows.status, at=at, waiting_for=follows.waiting_for, outcome=follows.outcome)
    event = record(ticket, kind, actor=actor, at=at, body=str(follows.note), **data, **_came_to_less(follows))
    quote(ticket, follows.charges)
    delivery.mark_due(ticket, follows.moments, at=at)
    if "executed" in follows.moments:
        take_back_refusal(ticket, at=at)
    if follows.note:
        finding.add(ticket, event.body)
        tell(ticket, "progress", at=at, about=event.pk)
    return event


def _came_to_less(follows):
    """What the event keeps of a request that was carried out and declined, or given up: a thank-you may reopen it, and it stays so."""
    return {follows.outcome.value: True} if follows.outcome in LESS else {}


def came_to_less(ticket):
    """What a request that was carried out has come to by its steps, where that is less than executed: declined, or given up.

    A whole ticket (services.dossier) has its landmarks, which are asked instead of the database.
    """
    steps = ticket.landmarks if hasattr(ticket, "landmarks") else ticket.events.filter(kind=Event.Kind.STEP)
    return [one for one in LESS if any(step.data.get(one.value) for step in steps)]


def charge_refusal(ticket, *, at):
    """What a refusal for lack of justification costs comes due (BIL-2): anew, for what was quoted, where an earlier one was given back."""
    delivery.mark_due(ticket, (UNJUSTIFIED,), at=at)
    charges = list(ticket.charges.select_related("payer"))
    known = [charge for charge in charges if charge.contingent]
    if known and not any(charge.contingent for charge in reversible(charges)):
        first, code = known[0], f"{known[0].fee}:{len(known) + 1}"
        quote(ticket, [Charge(code, first.title, first.amount, first.currency, first.payer.code, AGAIN)])
        delivery.mark_due(ticket, (AGAIN,), at=at)


def take_back_refusal(ticket, *, at):
    """What an earlier refusal has cost is given back, when the request is granted after all or refused for another reason (GEN-3)."""
    if any(charge.get("contingent") for charge in ticket.verdict.get("charges", ())):
        give_back(ticket, [charge for charge in reversible(ticket.charges.select_related("payer")) if charge.contingent], at=at)


def reversible(charges):
    """Which of a ticket's charges can be taken back: those that have come due and were not taken back yet."""
    charges = list(charges)
    gone = {charge.fee for charge in charges if charge.kind == TicketCharge.Kind.REVERSAL}
    return [charge for charge in charges if charge.due_at and not charge.is_credit and _reversal(charge.fee) not in gone]


def give_back(ticket, charges, *, at):
    """Give charges of a locked ticket back to their payers, by entries of their own."""
    title, kind = _("Taken back: %(what)s"), TicketCharge.Kind.REVERSAL
    quote(
        ticket,
        [Charge(_reversal(c.fee), title % {"what": c.title}, c.amount, c.currency, c.payer.code, TAKEN_BACK, kind=kind) for c in charges],
    )
    delivery.mark_due(ticket, (TAKEN_BACK,), at=at)


def _reversal(fee):
    return f"reversal:{fee}"


def quote(ticket, charges):
    """Keep the charges and credits (Charge) with the ticket, as they were quoted."""
    payers = {p.code: p for p in Partner.objects.filter(code__in={c.payer for c in charges})} if charges else {}
    TicketCharge.objects.bulk_create(
        TicketCharge(
            ticket=ticket,
            fee=c.fee,
            kind=c.kind,
            title=Truncator(c.title).chars(TITLE),
            amount=c.amount,
            currency=c.currency,
            payer=payers[c.payer],
            moment=c.moment,
            contingent=c.contingent,
        )
        for c in charges
    )
