"""The assets a ticket is about, as facts for an agent."""

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from billing.amounts import format_amount
from billing.models import Invoice
from classound.numbers import grouped
from hwaas.models import Device, Order
from partners.models import EndUser, Partner, Reseller
from pbx.models import Pbx
from pbx.views import licences_in_words
from policies.countries import country_title
from tickets.fields import DidChoice

SHOWN = 5
LINES = 12  # of an invoice


def facts(answers, *, today):
    """Return (the first five assets in the answers as {title, number, url, facts: [{label, value}]}, the number of the others); number and
    url may be ""."""
    things = []
    for value in answers.values():
        for one in value if isinstance(value, list) else [value]:
            things += one.values() if isinstance(one, dict) else [one]
    things = [thing for thing in things if type(thing) in _FACTS]
    return [{"number": "", "url": ""} | _FACTS[type(thing)](thing, today) for thing in things[:SHOWN]], len(things[SHOWN:])


def _did(choice, today):
    did = choice.did
    pbx = did.pbx
    return {
        "title": grouped(did.number),
        "number": did.number,
        "facts": _rows(
            (_("Status"), capfirst(did.get_status_display())),
            (_("Kind"), capfirst(did.get_kind_display())),
            (_("Country"), country_title(did.country)),
            (_("Active since"), did.activated_on),
            (_("Porting date"), did.porting_date),
            (_("Confirmed"), (_("Yes") if did.porting_confirmed else _("No")) if did.porting_date else None),
            (_("Ported away on"), did.ported_out_on),
            (_("PBX"), pbx.name),
            (_("End user"), pbx.end_user.name),
            (_("PBX expires"), pbx.expires_on),
            (_("Commitment until"), _bound_until(pbx, today)),
        ),
    }


def _pbx(pbx, today):
    return {
        "title": pbx.name,
        "url": reverse("desk:pbx", args=[pbx.serial]),
        "facts": _rows(
            (_("Serial number"), pbx.serial),
            (_("End user"), pbx.end_user.name),
            (_("Product"), pbx.get_product_display()),
            (_("Term"), capfirst(pbx.get_term_display())),
            (_("Expires"), pbx.expires_on),
            (_("Terminated"), pbx.terminated_on),
            (_("Commitment until"), _bound_until(pbx, today)),
            (_("WMS"), " · ".join(filter(None, (capfirst(pbx.get_wms_role_display()), pbx.wms_version)))),
            (_("Licences"), licences_in_words(pbx)),
        ),
    }


def _bound_until(pbx, today):
    """Return the last day of the Commitment that binds the PBX today, None without one: an ended Commitment is not shown."""
    return getattr(pbx.commitment_on(today), "ends_on", None)


def _device(device, _today):
    return {
        "title": device.serial,
        "facts": _rows(
            (_("Item"), device.item.name),
            (_("Ownership"), capfirst(device.get_ownership_display())),
            (_("State"), capfirst(device.get_state_display())),
            (_("Ordered"), device.ordered_on),
            (_("Shipped"), device.shipped_on),
            (_("Billing starts"), device.billing_starts_on if device.ownership == Device.Ownership.SERVICE else None),
            (_("Warranty document"), _("On file") if device.warranty_document else _("None")),
            (_("New units in stock"), device.item.stock),
            (_("PBX"), device.pbx.name),
            (_("End user"), device.pbx.end_user.name),
        ),
    }


def _order(order, _today):
    return {
        "title": order.number,
        "facts": _rows(
            (_("Placed"), order.placed_on),
            (_("Country"), country_title(order.country)),
            (_("Dispatched"), order.dispatched_on or _("Not yet")),
            (_("Carrier"), order.carrier),
            (_("Tracking number"), order.tracking_number),
            (_("Cancelled"), order.cancelled_on),
        ),
    }


def _invoice(invoice, _today):
    """Return an invoice with its first lines: description, amount and credited amount of each."""
    lines = sorted(invoice.lines.all(), key=lambda line: line.line)
    shown = [(_("Line %(number)s") % {"number": line.line}, _line(line, invoice.currency)) for line in lines[:LINES]]
    more = [(_("More lines"), len(lines) - LINES)] if len(lines) > LINES else []
    return {"title": invoice.number, "facts": _rows((_("Issued"), invoice.issued_on), (_("Due"), invoice.due_on), *shown, *more)}


def _line(line, currency):
    text = _("%(what)s: %(amount)s") % {"what": line.description, "amount": format_amount(line.amount, currency)}
    credited = line.amount - line.uncredited
    return text + (_(", credited %(amount)s") % {"amount": f"{credited:,.2f}"} if credited else "")


def _company(company, _today):
    return {
        "title": company.name,
        "facts": _rows((_("Code"), company.code), (_("E-mail"), getattr(company, "email", "") or getattr(company, "billing_email", ""))),
    }


def _rows(*pairs):
    return [{"label": label, "value": value} for label, value in pairs if value not in (None, "")]


_FACTS = {
    DidChoice: _did,
    Pbx: _pbx,
    Device: _device,
    Order: _order,
    Invoice: _invoice,
    Reseller: _company,
    EndUser: _company,
    Partner: _company,
}
