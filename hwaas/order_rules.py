"""Rules about orders and their shipment. Pure: facts, dated values and a day in, findings out (ORD-1 to ORD-4)."""

from decimal import Decimal

from django.utils.translation import gettext as _

from billing.amounts import figure, in_words
from policies.verdict import DENY, REQUIRE, WARN, Finding
from policies.wording import day_in_full

PARTS = ("delivery.open_master_box", "delivery.flat_rate")


def can_still_change(order, kind, *, today, field):
    """ORD-2: while nothing is dispatched a person tries; afterwards it is too late. ORD-3: what was sent stays with the partner.

    `kind` is amend, merge or cancel, None while none is chosen: what was sent cannot be cancelled by anybody.
    """
    if order.cancelled_on:
        message = _("The order %(number)s is cancelled already.")
        return [Finding("ORD-2", DENY, message % {"number": order.number}, field, order.number, final=True)]
    if order.dispatched_on and order.dispatched_on <= today:
        values = {"number": order.number, "day": day_in_full(order.dispatched_on)}
        message = _("The order %(number)s was dispatched on %(day)s: it cannot be changed any more.")
        stays = _("Hardware purchases are final: items that you do not need now stay in your stock for later projects.")
        return [
            Finding("ORD-2", DENY, message % values, field, order.number, final=kind == "cancel"),
            Finding("ORD-3", WARN, stays, field, order.number),
        ]
    message = _("Changing the order %(number)s is not guaranteed: a person looks whether it can still be done.")
    return [Finding("ORD-2", REQUIRE, message % {"number": order.number}, field, order.number)]


def nothing_is_sent(order):
    """ORD-4: what is said of the shipment of an order that was cancelled."""
    values = {"number": order.number, "day": day_in_full(order.cancelled_on)}
    return _("The order %(number)s was cancelled on %(day)s: nothing is sent.") % values


def tracking_is_known(order, *, today, field):
    """ORD-4: where the shipment's number is not in our books, a person asks for it; of an order that was cancelled there is none."""
    if order.cancelled_on:
        return [Finding("ORD-4", WARN, nothing_is_sent(order), field, order.number)]
    if order.tracking_number:
        return []
    if order.dispatched_on is None or order.dispatched_on > today:
        message = _("The order %(number)s is not dispatched yet: the care team tells you when it is.")
    else:
        message = _("We do not have the tracking number of %(number)s here: the care team finds it out and answers.")
    return [Finding("ORD-4", WARN, message % {"number": order.number}, field, order.number)]


def delivery_region(country, *, book):
    """The region of the price list that a country (ISO 3166) belongs to."""
    if country in ("US", "GB"):
        return {"US": "US", "GB": "UK"}[country]
    return "EU" if country in book.value("delivery.european_countries") else "OTHER"


def delivery_cost(region, *, book):
    """ORD-1: the delivery cost in a region as a Decimal, the same figure in every currency; None where the price list has none."""
    amounts = [dict(book.value(code)).get(region) for code in PARTS]
    return None if None in amounts else sum(amounts, Decimal(0))


def delivery_quoted(region, place, *, overnight, currency, book, field):
    """ORD-1: what delivery to a place in a region costs; overnight, and where the price list has no figure, the care team quotes it."""
    regions = book.value("delivery.overnight_regions")
    if overnight and region not in regions:
        message = _("Overnight delivery is not offered there. Leave it out to read the usual cost.")
        return [Finding("ORD-1", DENY, message, "overnight", policy=book.cite("delivery.overnight_regions"))]
    if overnight:
        message = _("The care team quotes the cost of overnight delivery.")
        return [Finding("ORD-1", REQUIRE, message, "overnight", policy=book.cite("delivery.overnight_regions"))]
    cost = delivery_cost(region, book=book)
    if cost is None:
        message = _("The price list has no figure for this place: the care team quotes the cost.")
        return [Finding("ORD-1", REQUIRE, message, field, policy=book.cite(*PARTS))]
    box, flat = (dict(book.value(code))[region] for code in PARTS)
    message = _("Delivery to %(place)s costs %(cost)s: %(box)s for opening the master box and %(flat)s for logistics.")
    values = {"place": place, "cost": in_words(cost, currency), "box": figure(box), "flat": figure(flat)}
    return [Finding("ORD-1", WARN, message % values, field, policy=book.cite(*PARTS))]
