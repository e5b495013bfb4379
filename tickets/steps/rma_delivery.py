"""The delivery of a replacement for which the price list has no amount (ORD-1): quoted by the care team, accepted, then sent."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hwaas.models import Rma
from hwaas.services import agree_on_delivery
from policies.verdict import Charge
from tickets.base import Step, done, waits
from tickets.steps.quoting import AN_AMOUNT, answer_form, is_accepted
from web.number_fields import AmountField

State, Delivery = Rma.State, Rma.Delivery


class QuoteForm(forms.Form):
    cost = AmountField(
        label=gettext_lazy("Delivery cost, in the partner’s currency"),
        **AN_AMOUNT,
        help_text=gettext_lazy("Including opening the master box. Nothing is sent until the partner accepts it. Enter 0 if it is free."),
    )


def rma_of(ticket, *, lock=False):
    """Return the ticket's RMA with its device, or None before it was opened."""
    rmas = Rma.objects.select_related("device__item")
    return (rmas.select_for_update(no_key=True, of=("self", "device")) if lock else rmas).filter(source=ticket.source).first()


def steps(ticket, rma):
    """Return the open steps for the delivery cost: quoting it (again), and the partner's answer to the quote."""
    quote = Step("quote_delivery", gettext_lazy("Quote the delivery"), "agent", quote_cost, QuoteForm, gettext_lazy("Send to the partner"))
    if rma.delivery == Delivery.TO_QUOTE:
        return [quote]
    if rma.delivery != Delivery.QUOTED:
        return []
    title = gettext_lazy("Quote the delivery again")
    again = Step("quote_delivery", title, "agent", quote_cost, QuoteForm, gettext_lazy("Send to the partner"), aside=True)
    form = answer(rma.delivery_cost, ticket.partner.currency)
    return [Step("accept_delivery", gettext_lazy("Accept the delivery cost"), "partner", take_answer, form, gettext_lazy("Answer")), again]


def answer(cost, currency):
    """Return the form that accepts exactly this cost; it does not accept a newer quote."""
    accept = _("I accept %(cost)s %(currency)s, charged when the replacement is sent") % {"cost": f"{cost:.2f}", "currency": currency}
    return answer_form(_("The delivery of your replacement"), cost, accept)


def quote_cost(ticket, cleaned, *, today):
    """Record the delivery cost found out by the care team; if it is free, there is nothing to accept."""
    rma = rma_of(ticket, lock=True)
    cost, free = cleaned["cost"], not cleaned["cost"]
    agree_on_delivery(rma, Delivery.AGREED if free else Delivery.QUOTED, cost)
    if free:
        return follows(rma, _("The delivery of your replacement is free of charge."))
    text = _("The delivery of your replacement costs %(cost)s %(currency)s.")
    return follows(rma, text % {"cost": f"{cost:.2f}", "currency": ticket.partner.currency})


def take_answer(ticket, cleaned, *, today):
    """Record that the partner accepts or declines the quoted cost. Raise ValidationError if there is a newer quote."""
    rma, partner = rma_of(ticket, lock=True), ticket.partner
    if not is_accepted(cleaned["answer"], rma.delivery_cost):
        agree_on_delivery(rma, Delivery.TO_QUOTE, None)
        return follows(rma, _("The quoted delivery cost was declined. The care team will contact you about alternatives."))
    agree_on_delivery(rma, Delivery.AGREED, rma.delivery_cost)
    charge = Charge(
        "price.delivery", _("Delivery, as quoted"), rma.delivery_cost, partner.currency, partner.code, "dispatched", kind="charge"
    )
    note = _("The delivery cost of %(cost)s %(currency)s has been accepted.")
    return follows(rma, note % {"cost": f"{rma.delivery_cost:.2f}", "currency": partner.currency}, charges=(charge,))


def follows(rma, note, *, charges=()):
    """Return what follows: who acts next, depending on the state of the RMA and its delivery cost."""
    if rma.state == State.REPLACED:
        return done(note, "dispatched")
    if rma.state == State.CHOICE:
        note = note + " " + _("No new device is in stock. Choose a refurbished device or wait for a new one.")
    elif rma.state == State.WAITING_STOCK:
        note = note + " " + _("We will send a new device as soon as one is in stock.")
    if rma.delivery == Delivery.QUOTED:
        note = note + " " + _("We will send the replacement once you have accepted its delivery cost.")
    with_partner = rma.state in (State.CHOICE, State.LABELS_SENT) or (rma.state == State.OPENED and not rma.with_labels)
    if with_partner or rma.delivery == Delivery.QUOTED:
        return waits("partner", note, charges=charges)
    if rma.delivery == Delivery.TO_QUOTE:
        return waits("", note, charges=charges)
    return waits("warehouse" if rma.state in (State.IN_TRANSIT, State.WAITING_STOCK) else "", note, charges=charges)
