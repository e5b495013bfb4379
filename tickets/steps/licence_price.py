"""The price of more licences where nobody knows until when the PBX runs (LIC-4): quoted by the care team, accepted, then executed."""

from functools import partial

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.amounts import in_words
from policies.verdict import REQUIRE
from tickets import fees
from tickets.base import Step, TicketType, waits
from tickets.models import Quote
from tickets.steps.quoting import AN_AMOUNT, answer_form, is_accepted
from web.number_fields import AmountField


class PriceForm(forms.Form):
    price = AmountField(
        label=gettext_lazy("Price of all that is added, in the partner’s currency"),
        help_text=gettext_lazy("Nothing is added before the partner has accepted it; 0 is free."),
        **AN_AMOUNT,
    )
    worked_out = forms.CharField(
        label=gettext_lazy("How it is worked out, for the partner to read"),
        max_length=300,
        help_text=gettext_lazy("For example: until 31 March 2027, at 12.00 a month each."),
    )


class LicencesType(TicketType):
    """A type that adds licences: where their price is not known, it is quoted and accepted before they are added."""

    taken = {"quote_price": gettext_lazy("Price quoted"), "accept_price": gettext_lazy("Answered the quoted price")}

    def added(self, answers) -> dict:
        """{licence type: how many more} than the PBX has."""
        raise NotImplementedError

    def agreed(self, ticket):
        quote = _quote(ticket)
        return quote if quote and quote.is_accepted else None

    def preparations(self, ticket):
        quote = _quote(ticket)
        is_free = quote is not None and not quote.amount
        if not _may_be_quoted(ticket) or (quote and quote.is_accepted and not is_free):
            return []
        title = gettext_lazy("Quote the price anew") if quote else gettext_lazy("Quote the price")
        run = partial(quote_price, self)
        quoting = Step("quote_price", title, "agent", run, PriceForm, gettext_lazy("Tell the partner"), aside=quote is not None)
        if quote is None or is_free:  # nobody has accepted anything: it can be quoted for what is added by now
            return [quoting]
        about, amount = _("%(what)s more") % {"what": fees.in_words(quote.what)}, in_words(quote.amount, ticket.partner.currency)
        form = answer_form(about, quote.amount, _("I accept %(amount)s, charged when the licences are added") % {"amount": amount})
        return [
            Step("accept_price", gettext_lazy("Accept the price"), "partner", partial(take_answer, self), form, gettext_lazy("Answer")),
            quoting,
        ]


def _may_be_quoted(ticket):
    """Whether the request was filed without a price (LIC-4); no query, for pages ask it of every request."""
    return any(finding["rule"] == "LIC-4" and finding["effect"] == REQUIRE for finding in ticket.verdict["findings"])


def _quote(ticket):
    """What was quoted for the ticket, or None; read once, and only for a request that can have it."""
    return getattr(ticket, "quote", None) if _may_be_quoted(ticket) else None


def _asked(kind, ticket):
    """(the PBX, {licence type: how many more}) as things stand now; the latter is empty where nothing is added (any more)."""
    form = kind.form(dict(ticket.answers), partner=ticket.partner)
    if not form.is_valid():
        return None, {}
    return form.cleaned_data["pbx"], kind.added(form.answers())


def quote_price(kind, ticket, cleaned, *, today):
    """The care team has worked out what the licences cost; free of charge there is nothing to accept. Raises ValidationError."""
    (_pbx, what), amount = _asked(kind, ticket), cleaned["price"]
    if not what:
        raise ValidationError(_("There is nothing to quote: as things stand now, this adds no licences."))
    Quote.objects.update_or_create(ticket=ticket, defaults={"what": what, "amount": amount, "is_accepted": not amount})
    said = {"what": fees.in_words(what), "amount": in_words(amount, ticket.partner.currency), "how": cleaned["worked_out"]}
    if not amount:
        return waits("", _("%(what)s more are free of charge (%(how)s). We add them now.") % said)
    return waits("partner", _("%(what)s more cost %(amount)s (%(how)s). We add them once you have accepted the price.") % said)


def take_answer(kind, ticket, cleaned, *, today):
    """The partner accepts the price it was told, or declines it; one for something else by now is quoted anew. Raises ValidationError."""
    quote = Quote.objects.get(ticket=ticket)
    wanted = is_accepted(cleaned["answer"], quote.amount)
    pbx, what = _asked(kind, ticket)
    if not wanted or what != quote.what:
        quote.delete()
        declined = _("The quoted price was not accepted. The care team gets in touch about another way.")
        return waits("", _("The licences of the PBX were changed meanwhile: the price is quoted anew.") if wanted else declined)
    quote.is_accepted = True
    quote.save(update_fields=["is_accepted"])
    amount = in_words(quote.amount, ticket.partner.currency)
    _findings, charges = fees.as_quoted(pbx, what, quote.amount, ticket.partner)
    return waits("", _("The price of %(amount)s is accepted.") % {"amount": amount}, charges=charges)
