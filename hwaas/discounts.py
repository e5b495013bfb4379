"""The HWaaS quantity discount in words: per item code, from which renewal, and why (HW-7)."""

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hwaas.billing_rules import Billed, quantity_discounts
from hwaas.models import Device
from policies.wording import day_in_full, without_trailing_zeros

SHOWN = 3  # the most renewals of one item code listed individually


def discounts_of(devices, *, book, today):
    """Return the discounts of one partner's `devices` (a queryset) for templates/hwaas/_discounts.html. One query.

    The result is {"rows": [{"item", "name", "quantity", "lines", "next"}] of item codes that have a discount or can reach one,
    "has_devices", "sentence", "is_offered"}.
    """
    in_use = devices.filter(ownership=Device.Ownership.SERVICE, state=Device.State.IN_USE, billing_starts_on__isnull=False)
    groups = in_use.order_by().values_list(
        "item__code", "item__name", "billing_starts_on", "pbx__term", "pbx__activated_on", "pbx__expires_on"
    )
    found = quantity_discounts([Billed(*group) for group in groups.annotate(count=Count("pk"))], book=book, today=today)
    policy = book.cite("hwaas.quantity_discount")["hwaas.quantity_discount"]
    table = book.value("hwaas.quantity_discount")
    rows = [_row(item, next_step) for item in found if (next_step := _next_step(item, table)) or _is_discounted(item)]
    return {"rows": rows, "has_devices": bool(found), "is_offered": bool(table), "sentence": policy}


def _is_discounted(item):
    return any(share.percent for share in (*item.renewed, *item.coming))


def _row(item, next_step):
    shares = [*item.renewed[-SHOWN:], *item.coming[:SHOWN]]
    more = len(item.renewed) + len(item.coming) - len(shares)
    lines = [_line(share, has_begun=share in item.renewed) for share in shares]
    if more:
        lines.append(ngettext("%d more renewal", "%d more renewals", more) % more)
    return {"item": item.item, "name": item.name, "quantity": item.quantity, "lines": lines, "next": next_step}


def _line(share, *, has_begun):
    """Describe one renewal in a sentence, with the quantity that determined its discount."""
    devices = ngettext("%d device", "%d devices", share.count) % share.count
    if share.renews_on is None:
        return _("%(devices)s: no known renewal of their PBX, so no discount applies.") % {"devices": devices}
    values = {
        "devices": devices,
        "day": day_in_full(share.renews_on),
        "percent": without_trailing_zeros(share.percent),
        "counted": share.counted,
    }
    if not share.percent:
        text = _("%(devices)s, renewed on %(day)s: no discount (%(counted)s counted).")
        return (text if has_begun else _("%(devices)s, renewing on %(day)s: no discount (%(counted)s counted).")) % values
    text = _("%(devices)s: %(percent)s %% since their renewal on %(day)s (%(counted)s counted).")
    return (text if has_begun else _("%(devices)s: %(percent)s %% from their renewal on %(day)s (%(counted)s counted).")) % values


def _next_step(item, table):
    """Return how many more devices of the item code would reach the next step of the table."""
    steps = sorted((least, percent) for code, least, percent in table if code == item.item and least > item.quantity)
    if not steps:
        return ""
    least, percent = steps[0]
    return _("%(missing)d more at a renewal would give %(percent)s %%.") % {
        "missing": least - item.quantity,
        "percent": without_trailing_zeros(percent),
    }
