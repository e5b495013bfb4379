"""Rules about orders and their shipment (ORD-1 to ORD-4). Pure: facts, dated values and a day in, findings out."""

from decimal import Decimal

from django.utils.translation import gettext as _

from billing.amounts import format_amount, format_figure
from policies.verdict import DENY, REQUIRE, WARN, Finding
from policies.wording import day_in_full

PARTS = ("delivery.open_master_box", "delivery.flat_rate")


def can_still_change(order, kind, *, today, field):
    """ORD-2: a change is reviewed until the order is dispatched, then refused. ORD-3: dispatched items stay with the partner.

    `kind` is amend, merge or cancel, None until chosen. Cancelling a dispatched order cannot be overridden.
    """
    if order.cancelled_on:
        message = _("Order %(number)s has already been cancelled.")
        return [Finding("ORD-2", DENY, message % {"number": order.number}, field, order.number, final=True)]
    if order.dispatched_on and order.dispatched_on <= today:
        values = {"number": order.number, "day": day_in_full(order.dispatched_on)}
        message = _("Order %(number)s was dispatched on %(day)s and can no longer be changed.")
        stays = _("Hardware purchases are final: items you do not need now stay in your stock for later projects.")
        return [
            Finding("ORD-2", DENY, message % values, field, order.number, final=kind == "cancel"),
            Finding("ORD-3", WARN, stays, field, order.number),
        ]
    message = _("Changes to order %(number)s are not guaranteed: a person checks whether they are still possible.")
    return [Finding("ORD-2", REQUIRE, message % {"number": order.number}, field, order.number)]


def nothing_is_sent(order):
    """Return the sentence about the shipment of a cancelled order (ORD-4)."""
    values = {"number": order.number, "day": day_in_full(order.cancelled_on)}
    return _("Order %(number)s was cancelled on %(day)s: nothing will be sent.") % values


def tracking_is_known(order, *, today, field):
    """ORD-4: if the tracking number is not on file, a person asks for it; a cancelled order has none."""
    if order.cancelled_on:
        return [Finding("ORD-4", WARN, nothing_is_sent(order), field, order.number)]
    if order.tracking_number:
        return []
    if order.dispatched_on is None or order.dispatched_on > today:
        message = _("Order %(number)s has not been dispatched yet: the care team will tell you when it is.")
    else:
        message = _("We do not have the tracking number of %(number)s on file: the care team will find it and reply.")
    return [Finding("ORD-4", WARN, message % {"number": order.number}, field, order.number)]


def delivery_region(country, *, book):
    """Return the price list region of a country (ISO 3166)."""
    if country in ("US", "GB"):
        return {"US": "US", "GB": "UK"}[country]
    return "EU" if country in book.value("delivery.european_countries") else "OTHER"


def delivery_cost(region, *, book):
    """Return the delivery cost in a region as a Decimal, the same figure in every currency; None if not on the price list (ORD-1)."""
    amounts = [dict(book.value(code)).get(region) for code in PARTS]
    return None if None in amounts else sum(amounts, Decimal(0))


def delivery_quoted(region, place, *, overnight, currency, book, field):
    """ORD-1: the delivery cost to a place in a region. Overnight, and if the price list has no figure, the care team quotes it."""
    regions = book.value("delivery.overnight_regions")
    if overnight and region not in regions:
        message = _("Overnight delivery is not available there. Deselect it to see the standard cost.")
        return [Finding("ORD-1", DENY, message, "overnight", policy=book.cite("delivery.overnight_regions"))]
    if overnight:
        message = _("The care team will quote the cost of overnight delivery.")
        return [Finding("ORD-1", REQUIRE, message, "overnight", policy=book.cite("delivery.overnight_regions"))]
    cost = delivery_cost(region, book=book)
    if cost is None:
        message = _("The price list has no figure for this place: the care team will quote the cost.")
        return [Finding("ORD-1", REQUIRE, message, field, policy=book.cite(*PARTS))]
    box, flat = (dict(book.value(code))[region] for code in PARTS)
    message = _("Delivery to %(place)s costs %(cost)s: %(box)s for opening the master box and %(flat)s for logistics.")
    values = {"place": place, "cost": format_amount(cost, currency), "box": format_figure(box), "flat": format_figure(flat)}
    return [Finding("ORD-1", WARN, message % values, field, policy=book.cite(*PARTS))]
