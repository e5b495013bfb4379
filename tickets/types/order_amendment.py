"""Change, merge or cancel an order – FAQ: "May I ask for the order amendment?" (ORD-2, ORD-3)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hwaas import order_rules
from hwaas.services import cancel_order
from policies.verdict import Verdict
from tickets.base import TicketForm, TicketType, done
from tickets.fields import OrderField, ProseField

KINDS = (("amend", _("Change it")), ("merge", _("Merge it with another order")), ("cancel", _("Cancel it")))
SUBJECTS = {
    "amend": _("Change order %(number)s"),
    "merge": _("Merge order %(number)s with another"),
    "cancel": _("Cancel order %(number)s"),
}


class OrderAmendmentForm(TicketForm):
    order = OrderField(label=_("Order"))
    kind = forms.ChoiceField(label=_("What should we do?"), choices=KINDS, widget=forms.RadioSelect)
    details = ProseField(label=_("Details"), max_length=4000, rows=4)


class OrderAmendment(TicketType):
    code = "order_amendment"
    title = _("Change or cancel an order")
    topic = "Orders"
    icon = "edit"
    description = _("Change, merge or cancel an order before anything is dispatched. We try, but cannot guarantee it.")
    search_terms = "amend modify merge"
    expected = _("Decided within one business day")
    rules = ("GEN-1", "ORD-2", "ORD-3")
    form = OrderAmendmentForm
    action = _("Record as done")

    def subject(self, answers):
        return SUBJECTS[answers["kind"]] % {"number": answers["order"].number}

    def decide(self, answers, *, book, today):
        order = answers.get("order")
        return Verdict(tuple(order_rules.can_still_change(order, answers.get("kind"), today=today, field="order")) if order else ())

    def apply(self, ticket, answers, *, book, today):
        order = answers["order"]
        if answers["kind"] == "cancel":
            cancel_order(order, today=today)
            return done(_("Order %(number)s has been cancelled.") % {"number": order.number})
        return done(_("Order %(number)s has been changed as you asked.") % {"number": order.number})
