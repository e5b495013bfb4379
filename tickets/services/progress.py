"""Recording the result of a step: status, outcome, timeline, charges that become due, the partner's e-mail."""

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from partners.models import Partner
from policies.verdict import AGAIN, UNJUSTIFIED, Charge
from tickets.models import Event, Ticket, TicketCharge
from tickets.services import clocks, outbox, search_index
from tickets.services.lifecycle import move, open_if_new, owe_email, record

LESS = (Ticket.Outcome.DECLINED, Ticket.Outcome.WITHDRAWN)
TAKEN_BACK = "taken_back"  # the moment of a reversal
TITLE = 180  # characters; names in a title can fill its column, and the ledger appends the ticket's number


def settle(ticket, follows, kind, *, actor, at, **data):
    """Record the result of a step (a Next), in its transaction. Return the Event."""
    if follows.note and actor and actor.is_care:
        clocks.care_team_wrote(ticket, at=at)
    open_if_new(ticket, at=at)
    move(ticket, follows.status, at=at, waiting_for=follows.waiting_for, outcome=follows.outcome)
    event = record(ticket, kind, actor=actor, at=at, body=str(follows.note), **data, **_came_to_less(follows))
    quote(ticket, follows.charges)
    outbox.mark_due(ticket, follows.moments, at=at)
    if "executed" in follows.moments:
        reverse_rejection_fee(ticket, at=at)
    if follows.note:
        search_index.add(ticket, event.body)
        owe_email(ticket, "progress", at=at, about=event.pk)
    return event


def _came_to_less(follows):
    """Return event data for a declined or given-up request, so that it keeps this outcome even if a later message reopens it."""
    return {follows.outcome.value: True} if follows.outcome in LESS else {}


def lesser_outcomes(ticket):
    """Return the outcomes below executed (declined or withdrawn) that the steps of an executed request led to.

    A ticket read for the desk (services.dossier) has its landmarks, which are used instead of a query.
    """
    steps = ticket.landmarks if hasattr(ticket, "landmarks") else ticket.events.filter(kind=Event.Kind.STEP)
    return [one for one in LESS if any(step.data.get(one.value) for step in steps)]


def charge_rejection(ticket, *, at):
    """Make the fee of a rejection for lack of justification due (BIL-2); charge the quoted amount again if it was given back before."""
    outbox.mark_due(ticket, (UNJUSTIFIED,), at=at)
    charges = list(ticket.charges.select_related("payer"))
    known = [charge for charge in charges if charge.contingent]
    if known and not any(charge.contingent for charge in reversible(charges)):
        first, code = known[0], f"{known[0].fee}:{len(known) + 1}"
        quote(ticket, [Charge(code, first.title, first.amount, first.currency, first.payer.code, AGAIN)])
        outbox.mark_due(ticket, (AGAIN,), at=at)


def reverse_rejection_fee(ticket, *, at):
    """Give back the fee of an earlier rejection if the request is granted after all or rejected for another reason (GEN-3)."""
    if any(charge.get("contingent") for charge in ticket.verdict.get("charges", ())):
        reverse(ticket, [charge for charge in reversible(ticket.charges.select_related("payer")) if charge.contingent], at=at)


def reversible(charges):
    """Return the charges of a ticket that can be reversed: due and not reversed yet."""
    charges = list(charges)
    gone = {charge.fee for charge in charges if charge.kind == TicketCharge.Kind.REVERSAL}
    return [charge for charge in charges if charge.due_at and not charge.is_credit and _reversal(charge.fee) not in gone]


def reverse(ticket, charges, *, at):
    """Give charges of a locked ticket back to their payers, by separate entries."""
    title, kind = _("Reversed: %(what)s"), TicketCharge.Kind.REVERSAL
    quote(
        ticket,
        [Charge(_reversal(c.fee), title % {"what": c.title}, c.amount, c.currency, c.payer.code, TAKEN_BACK, kind=kind) for c in charges],
    )
    outbox.mark_due(ticket, (TAKEN_BACK,), at=at)


def _reversal(fee):
    return f"reversal:{fee}"


def quote(ticket, charges):
    """Store the charges and credits (Charge) on the ticket, as quoted."""
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
