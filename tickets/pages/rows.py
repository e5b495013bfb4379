"""Rows of ticket lists, and the confirmations, steps and charges on ticket pages."""

from dataclasses import asdict
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.amounts import sum_by_currency
from classound.numbers import grouped
from policies.models import PolicyValue
from tickets.consents import names_of
from tickets.models import Confirmation, Event, TicketCharge
from tickets.pages import tracker
from tickets.services import execution
from tickets.types import kind_of
from web.sparse import Sparse


def request_rows(tickets):
    """Return the rows of a partner's list. Two queries, whatever the number of tickets."""
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


def item_states(ticket):
    """Return the status of each item that the ticket names, for tickets/_item_states.html; `noted`: any of them has a note."""
    things = kind_of(ticket).item_states(ticket)
    noted = any(one.note for one in things)
    return [asdict(one) | {"name": grouped(one.name), "noted": noted} for one in things]


_MOVED = {"reseller": _("Reseller"), "end_user": _("End user")}


def role(party, kind):
    """Return the label of a party (a Confirmation.Party or its value); the subject of a move is named by its type, such as "Reseller"."""
    return str(_MOVED[kind.moved] if party == Confirmation.Party.SUBJECT and kind.moved in _MOVED else Confirmation.Party(party).label)


def parties(ticket, *, now, for_staff, overtaken):
    """Return the confirmations for components/party.html. They are void once the ticket is over, or its subject moved elsewhere first.

    A partner sees only the address at which its own company is asked, not those of the other parties.
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


def pending_agreements(confirmations, user, *, now):
    """Return the pending confirmations of the user's company for portal/_agreement_row.html; the company's own requests have a url."""
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
    """Return the steps the user can take now, each with its form: the one given with errors, or an empty one.

    A step with a parcel has the URL of its return sheet; the partner, who sends the parcel, also sees the contents as `sheet`
    (tickets.base.ReturnSheet) of the date `today`.
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


def charge_tables(ticket, *, viewer=None):
    """Return {"charges", "credits", "total", "credited", "is_certain"} for components/charges.html, without what can no longer come due.

    A payer is named if it is not the asking partner; a `viewer` (a Partner) sees only the code of a payer that it has not asked to agree.
    `total` is the sum of several charges in one currency less reversals, even if zero; `credited` is the sum of several credits if nothing
    is charged; charges and credits are never netted. A charge due only on rejection is `contingent` and in no sum; `is_certain` says
    whether there is any other charge.
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
    """Return {"amount", "currency"} of several credits in one currency, else None; the amount of a credit may be a string."""
    currencies = {credit["currency"] for credit in credits}
    if len(credits) < 2 or len(currencies) > 1:
        return None
    return {"amount": sum(Decimal(credit["amount"]) for credit in credits), "currency": currencies.pop()}


def charges_that_count(charges, *, is_over):
    """Return the charges that have come due or still can: of a closed request, and of contingent charges, only those already due."""
    return [charge for charge in charges if charge.due_at or not (is_over or charge.contingent)]


def price(charges, *, is_over):
    """Return {currency: amount} of a request's charges less reversals: never added across currencies."""
    kinds = TicketCharge.Kind
    counted = [c for c in charges_that_count(charges, is_over=is_over) if c.kind != kinds.CREDIT_NOTE]
    sums = sum_by_currency((-c.amount if c.kind == kinds.REVERSAL else c.amount, c.currency) for c in counted)
    return {currency: amount for currency, amount in sums.items() if amount}
