"""Tickets in lists, and confirmations and charges on their pages."""

from dataclasses import asdict
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.amounts import added_up
from classound.numbers import grouped
from policies.models import PolicyValue
from tickets.consents import names_of
from tickets.models import Confirmation, Event, TicketCharge
from tickets.pages import tracker
from tickets.services import execution
from tickets.types import kind_of
from web.sparse import Sparse


def request_rows(tickets):
    """Rows of a partner's list. Two queries for all of them: tickets' events at once, whatever their number."""
    tickets = list(tickets)
    events = {}
    for number, kind, step, at in Event.objects.filter(ticket__in=tickets, kind__in=tracker.STATIONS).values_list(
        "ticket", "kind", "data__step", "at"
    ):
        events.setdefault(number, []).append((kind, step, at))
    return [
        {
            "number": t.number,
            "url": reverse("portal:request", args=[t.number]),
            "title": t.subject,
            "asset": str(kind_of(t).title),
            "status": t.status,
            "outcome": t.outcome,
            "steps": [] if t.is_over else tracker.stations(t, events.get(t.number, [])),
            "next": tracker.next_in_words(t),
            "updated_at": t.updated_at,
        }
        for t in tickets
    ]


def standing(ticket):
    """What has become of each thing that the ticket names, for tickets/_standing.html; `noted`: any of them comes with a note."""
    things = kind_of(ticket).standing(ticket)
    noted = any(one.note for one in things)
    return [asdict(one) | {"name": grouped(one.name), "noted": noted} for one in things]


_MOVED = {"reseller": _("Reseller"), "end_user": _("End user")}


def role(party, kind):
    """What a party (a Confirmation.Party or its value) of a ticket of this kind is called: what moves, by what it is."""
    return str(_MOVED[kind.moved] if party == Confirmation.Party.SUBJECT and kind.moved in _MOVED else Confirmation.Party(party).label)


def parties(ticket, *, now, for_staff, overtaken):
    """The confirmations for components/party.html. Nobody is asked any more about what is over, or went to another partner before.

    A partner reads where its own company is asked; the addresses of the others are no business of it.
    """
    is_over = ticket.is_over or overtaken
    rows = []
    for c in ticket.confirmations.all():
        waiting = not c.decision
        expired = waiting and c.expires_at is not None and c.expires_at <= now
        undecided = "over" if is_over else "expired" if expired else "waiting" if c.email else "unasked"
        rows.append(
            {
                "party": c.party,
                "role": role(c.party, kind_of(ticket)),
                "name": c.name or c.partner.code,
                "state": c.decision or undecided,
                "at": c.decided_at,
                "expires_at": None if is_over else c.expires_at,
                "reason": c.reason,
                "email": c.email,
                "address": "" if for_staff or c.partner_id != ticket.partner_id else c.email,
                "remind_url": reverse("desk:send_again", args=[ticket.pk, c.party])
                if for_staff and waiting and c.email and not is_over
                else "",
            }
        )
    return rows


def agreements(confirmations, user, *, now):
    """What the company of `user` is asked to agree to, for portal/_agreement_row.html: its own request leads to its page."""
    return [
        {
            "title": c.ticket.subject,
            "number": c.ticket_id,
            "url": reverse("portal:request", args=[c.ticket_id]) if c.ticket.partner_id == user.partner_id else "",
            "asker": c.ticket.partner.name,
            "address": c.email,
            "expires_at": c.expires_at,
            "expired": c.expires_at is not None and c.expires_at <= now,
        }
        for c in confirmations
    ]


def open_steps(ticket, user, forms, *, today):
    """The steps that the user can take now, each with its form: the one that came back with errors, or an empty one.

    A step with a parcel has where its sheet is printed; a partner, who sends it, reads what is on it as well: `sheet`
    (tickets.base.ReturnSheet), as it is on the date `today`.
    """
    steps = execution.open_steps(ticket, user=user)
    is_sender = not user.is_care and any(step.sheet for step in steps)
    sheet = kind_of(ticket).return_sheet(ticket, book=PolicyValue.objects.book(on=today)) if is_sender else None
    return [
        {
            "step": step,
            "form": forms.get(step.code) or step.form(),
            "url": reverse(f"{user.area}:step", args=[ticket.pk, step.code]),
            "sheet": sheet if step.sheet else None,
            "sheet_url": reverse("return_sheet", args=[ticket.pk]) if step.sheet else "",
        }
        for step in steps
    ]


def money(ticket, *, viewer=None):
    """{"charges", "credits", "total", "credited"} for components/charges.html, as long as they can come due.

    A payer is named where it is not the partner that asks; a `viewer` (a Partner) reads the code only of whom it has not had asked.
    `total` is the sum of several charges in one currency, less what of them was given back, also where nothing is left; `credited` that of
    several credits where nothing is charged beside them; of both together there is none. What only a refusal costs is `contingent`, and in
    no sum; `is_certain` that there is something else.
    """
    rows, back, asked = {"charges": [], "credits": []}, [], names_of(ticket) if viewer else {}
    charges = ticket.charges.all()
    for c in charges_that_count(charges, is_over=True) if ticket.is_over else charges:
        row = Sparse(
            title=c.title,
            amount=c.amount,
            currency=c.currency,
            payer_name="" if c.payer_id == ticket.partner_id else c.payer.name if viewer is None else asked.get(c.payer.code, c.payer.code),
            posted_at=c.posted_at,
            due_at=c.due_at,
            contingent=c.contingent and not c.due_at,
        )
        rows["credits" if c.is_credit else "charges"].append(row)
        back += [c.amount] if c.kind == TicketCharge.Kind.REVERSAL else []
    certain = [row for row in rows["charges"] if not row["contingent"]]
    is_mixed = len(rows["credits"]) > len(back) or len({row["currency"] for row in certain}) > 1
    several = certain and len(certain) + len(back) > 1 and not is_mixed
    return rows | {
        "total": sum(row["amount"] for row in certain) - sum(back) if several else None,
        "credited": None if certain else sum_of_credits(rows["credits"]),
        "is_certain": bool(certain),
    }


def sum_of_credits(credits):
    """{"amount", "currency"} of several credits in one currency, None of others; `credits` have both, the amount may be a text."""
    currencies = {credit["currency"] for credit in credits}
    if len(credits) < 2 or len(currencies) > 1:
        return None
    return {"amount": sum(Decimal(credit["amount"]) for credit in credits), "currency": currencies.pop()}


def charges_that_count(charges, *, is_over):
    """Of a request that is over, and of what only a refusal costs, just what has come due: nothing else is charged any more."""
    return [charge for charge in charges if charge.due_at or not (is_over or charge.contingent)]


def price(charges, *, is_over):
    """{currency: amount} of what a request costs, less what of it was given back: never added across currencies."""
    kinds = TicketCharge.Kind
    counted = [c for c in charges_that_count(charges, is_over=is_over) if c.kind != kinds.CREDIT_NOTE]
    sums = added_up((-c.amount if c.kind == kinds.REVERSAL else c.amount, c.currency) for c in counted)
    return {currency: amount for currency, amount in sums.items() if amount}
