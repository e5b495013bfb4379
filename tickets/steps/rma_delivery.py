"""The delivery of a replacement for which the price list has no figure (ORD-1): quoted by the care team, accepted, then sent."""

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
        help_text=gettext_lazy("With opening the master box. Nothing is sent before the partner has accepted it; 0 is free."),
    )


def rma_of(ticket, *, lock=False):
    """The ticket's RMA with its device, or None before it was opened."""
    rmas = Rma.objects.select_related("device__item")
    return (rmas.select_for_update(no_key=True, of=("self", "device")) if lock else rmas).filter(source=ticket.source).first()


def steps(ticket, rma):
    """What can be done about the delivery cost now: quoting it (again), and the partner's answer to the quote."""
    quote = Step("quote_delivery", gettext_lazy("Quote the delivery"), "agent", quote_cost, QuoteForm, gettext_lazy("Tell the partner"))
    if rma.delivery == Delivery.TO_QUOTE:
        return [quote]
    if rma.delivery != Delivery.QUOTED:
        return []
    title = gettext_lazy("Quote the delivery anew")
    again = Step("quote_delivery", title, "agent", quote_cost, QuoteForm, gettext_lazy("Tell the partner"), aside=True)
    form = answer(rma.delivery_cost, ticket.partner.currency)
    return [Step("accept_delivery", gettext_lazy("Accept the delivery cost"), "partner", take_answer, form, gettext_lazy("Answer")), again]


def answer(cost, currency):
    """The form that accepts exactly this cost; one that was quoted anew meanwhile is not accepted by it."""
    accept = _("I accept %(cost)s %(currency)s, charged when the replacement is sent") % {"cost": f"{cost:.2f}", "currency": currency}
    return answer_form(_("The delivery of your replacement"), cost, accept)


def quote_cost(ticket, cleaned, *, today):
    """The care team has found out what the delivery costs; free of charge there is nothing to accept."""
    rma = rma_of(ticket, lock=True)
    cost, free = cleaned["cost"], not cleaned["cost"]
    agree_on_delivery(rma, Delivery.AGREED if free else Delivery.QUOTED, cost)
    if free:
        return follows(rma, _("The delivery of your replacement is free of charge."))
    text = _("The delivery of your replacement costs %(cost)s %(currency)s.")
    return follows(rma, text % {"cost": f"{cost:.2f}", "currency": ticket.partner.currency})


def take_answer(ticket, cleaned, *, today):
    """The partner accepts the cost it was told, or declines it. Raises ValidationError when it was quoted anew meanwhile."""
    rma, partner = rma_of(ticket, lock=True), ticket.partner
    if not is_accepted(cleaned["answer"], rma.delivery_cost):
        agree_on_delivery(rma, Delivery.TO_QUOTE, None)
        return follows(rma, _("The quoted delivery cost was not accepted. The care team gets in touch about another way."))
    agree_on_delivery(rma, Delivery.AGREED, rma.delivery_cost)
    charge = Charge(
        "price.delivery", _("Delivery, as quoted"), rma.delivery_cost, partner.currency, partner.code, "dispatched", kind="charge"
    )
    note = _("The delivery cost of %(cost)s %(currency)s is accepted.")
    return follows(rma, note % {"cost": f"{rma.delivery_cost:.2f}", "currency": partner.currency}, charges=(charge,))


def follows(rma, note, *, charges=()):
    """Whom the request waits for, from the state of the RMA and of its delivery cost."""
    if rma.state == State.REPLACED:
        return done(note, "dispatched")
    if rma.state == State.CHOICE:
        note = note + " " + _("No new one is in stock: please choose a refurbished device or wait for a new one.")
    elif rma.state == State.WAITING_STOCK:
        note = note + " " + _("We send a new one as soon as it is in stock.")
    if rma.delivery == Delivery.QUOTED:
        note = note + " " + _("The replacement is sent once you have accepted the cost of its delivery.")
    with_partner = rma.state in (State.CHOICE, State.LABELS_SENT) or (rma.state == State.OPENED and not rma.with_labels)
    if with_partner or rma.delivery == Delivery.QUOTED:
        return waits("partner", note, charges=charges)
    if rma.delivery == Delivery.TO_QUOTE:
        return waits("", note, charges=charges)
    return waits("warehouse" if rma.state in (State.IN_TRANSIT, State.WAITING_STOCK) else "", note, charges=charges)
