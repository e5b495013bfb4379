"""The price of added licences if the expiry date of the PBX is unknown (LIC-4): quoted by the care team, accepted, then executed."""

from functools import partial

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.amounts import format_amount
from policies.verdict import REQUIRE
from tickets import fees
from tickets.base import Step, TicketType, waits
from tickets.models import Quote
from tickets.steps.quoting import AN_AMOUNT, answer_form, is_accepted
from web.number_fields import AmountField


class PriceForm(forms.Form):
    price = AmountField(
        label=gettext_lazy("Price of all added licences, in the partner’s currency"),
        help_text=gettext_lazy("Nothing is added until the partner has accepted the price. Enter 0 if it is free of charge."),
        **AN_AMOUNT,
    )
    worked_out = forms.CharField(
        label=gettext_lazy("Calculation, shown to the partner"),
        max_length=300,
        help_text=gettext_lazy("For example: until 31 March 2027, at 12.00 a month each."),
    )


class LicencesType(TicketType):
    """A type that adds licences: if their price is unknown, it is quoted and accepted before they are added."""

    step_titles = {"quote_price": gettext_lazy("Price quoted"), "accept_price": gettext_lazy("Price quote answered")}

    def added(self, answers) -> dict:
        """Return {licence type: how many more} compared with the PBX's current licences."""
        raise NotImplementedError

    def agreed(self, ticket):
        quote = _quote(ticket)
        return quote if quote and quote.is_accepted else None

    def preparations(self, ticket):
        quote = _quote(ticket)
        is_free = quote is not None and not quote.amount
        if not _may_be_quoted(ticket) or (quote and quote.is_accepted and not is_free):
            return []
        title = gettext_lazy("Quote a new price") if quote else gettext_lazy("Quote the price")
        run = partial(quote_price, self)
        quoting = Step("quote_price", title, "agent", run, PriceForm, gettext_lazy("Send to the partner"), aside=quote is not None)
        if quote is None or is_free:  # nothing has been accepted yet: it can be quoted for the current difference
            return [quoting]
        about, amount = _("Adding %(what)s") % {"what": fees.in_words(quote.what)}, format_amount(quote.amount, ticket.partner.currency)
        form = answer_form(about, quote.amount, _("I accept %(amount)s, charged when the licences are added") % {"amount": amount})
        return [
            Step("accept_price", gettext_lazy("Accept the price"), "partner", partial(take_answer, self), form, gettext_lazy("Answer")),
            quoting,
        ]


def _may_be_quoted(ticket):
    """Return whether the request was submitted without a price (LIC-4). No query, because pages call it for every request."""
    return any(finding["rule"] == "LIC-4" and finding["effect"] == REQUIRE for finding in ticket.verdict["findings"])


def _quote(ticket):
    """Return the ticket's quote, or None; read once, and only for requests that can have one."""
    return getattr(ticket, "quote", None) if _may_be_quoted(ticket) else None


def _asked(kind, ticket):
    """Return (PBX, {licence type: how many more}) by the current data; the dict is empty if nothing is added (any more)."""
    form = kind.form(dict(ticket.answers), partner=ticket.partner)
    if not form.is_valid():
        return None, {}
    return form.cleaned_data["pbx"], kind.added(form.answers())


def quote_price(kind, ticket, cleaned, *, today):
    """Record the price the care team has calculated; if it is free, there is nothing to accept. Raise ValidationError."""
    (_pbx, what), amount = _asked(kind, ticket), cleaned["price"]
    if not what:
        raise ValidationError(_("There is nothing to quote: this request no longer adds any licences."))
    Quote.objects.update_or_create(ticket=ticket, defaults={"what": what, "amount": amount, "is_accepted": not amount})
    values = {"what": fees.in_words(what), "amount": format_amount(amount, ticket.partner.currency), "how": cleaned["worked_out"]}
    if not amount:
        return waits("", _("Adding %(what)s is free of charge (%(how)s). We will add them now.") % values)
    return waits("partner", _("Adding %(what)s costs %(amount)s (%(how)s). We will add them once you have accepted the price.") % values)


def take_answer(kind, ticket, cleaned, *, today):
    """Record that the partner accepts or declines the quote; an outdated quote has to be made again. Raise ValidationError."""
    quote = Quote.objects.get(ticket=ticket)
    wanted = is_accepted(cleaned["answer"], quote.amount)
    pbx, what = _asked(kind, ticket)
    if not wanted or what != quote.what:
        quote.delete()
        declined = _("The quoted price was declined. The care team will contact you about alternatives.")
        return waits("", _("The licences of the PBX have changed in the meantime. We will send you a new quote.") if wanted else declined)
    quote.is_accepted = True
    quote.save(update_fields=["is_accepted"])
    amount = format_amount(quote.amount, ticket.partner.currency)
    _findings, charges = fees.as_quoted(pbx, what, quote.amount, ticket.partner)
    return waits("", _("The price of %(amount)s has been accepted.") % {"amount": amount}, charges=charges)
