"""Track a shipment – FAQ: "How to find out order shipping tracking information?" (ORD-4)."""

from django.utils.translation import gettext_lazy as _

from hwaas import order_rules
from policies.verdict import Verdict
from policies.wording import day_in_full
from tickets.base import QuestionType, TicketForm, answered
from tickets.fields import OrderField


class ShipmentTrackingForm(TicketForm):
    order = OrderField(label=_("Order"))


class ShipmentTracking(QuestionType):
    code = "shipment_tracking"
    title = _("Track a shipment")
    topic = "Orders"
    icon = "truck"
    description = _("Find out where an order is. We answer immediately if the shipment has a tracking number.")
    search_terms = "where is my order parcel package tracking delivery"
    expected = _("Immediately if we know it, otherwise within one business day")
    expected_by_hand = _("Answered within one business day")
    rules = ("GEN-1", "ORD-4")
    form = ShipmentTrackingForm

    def subject(self, answers):
        return _("Shipment of order %(number)s") % {"number": answers["order"].number}

    def decide(self, answers, *, book, today):
        order = answers.get("order")
        return Verdict(tuple(order_rules.tracking_is_known(order, today=today, field="order")) if order else ())

    def after_submission(self, ticket, answers, *, at):
        order = answers["order"]
        if order.cancelled_on:
            return answered(order_rules.nothing_is_sent(order))
        if not order.tracking_number:
            return None
        links = dict(ticket.policy_book().value("tracking.links"))
        is_to_leave = order.dispatched_on is not None and order.dispatched_on > at.date()
        on_its_way = _("Order %(number)s is on its way with %(carrier)s.")
        leaves = _("Order %(number)s leaves on %(day)s with %(carrier)s.")
        parts = [leaves if is_to_leave else on_its_way, _("Tracking number: %(tracking)s")]
        if order.carrier in links:
            parts.append(links[order.carrier] + order.tracking_number)
        values = {
            "number": order.number,
            "carrier": order.carrier or _("the carrier"),
            "tracking": order.tracking_number,
            "day": day_in_full(order.dispatched_on) if is_to_leave else "",
        }
        return answered("\n".join([str(part) % values for part in parts[:2]] + parts[2:]))
