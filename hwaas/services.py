"""Services that change devices and RMAs. Each function expects the caller's transaction and locked rows."""

from django.db.models import F

from hwaas.models import BillingStart, Device, Item, Rma


class OutOfStock(Exception):
    """Raised when no new device of the item is left to send."""


def open_rma(device, *, source, kind, delivery_address, with_labels, wants="", has_document=False, to_quote=False):
    """Open an RMA for a device, once per source, and return it. `to_quote`: the care team quotes the delivery first.

    With the kind "return", the device is returned permanently.
    """
    if has_document and not device.warranty_document:
        device.warranty_document = True
        device.save(update_fields=["warranty_document"])
    rma, _created = Rma.objects.get_or_create(
        source=source,
        defaults={
            "device": device,
            "kind": kind,
            "wants": wants,
            "delivery_address": delivery_address,
            "with_labels": with_labels,
            "delivery": Rma.Delivery.TO_QUOTE if to_quote else "",
        },
    )
    return rma


def agree_on_delivery(rma, delivery, cost):
    """Record the state of the agreement on the delivery cost, and the cost (a Decimal in the partner's currency, or None)."""
    rma.delivery, rma.delivery_cost = delivery, cost
    rma.save(update_fields=["delivery", "delivery_cost"])


def advance(rma, state):
    """Set the state of the RMA."""
    rma.state = state
    rma.save(update_fields=["state"])


def receive(rma):
    """Record the arrival of the device. If a new one is wanted and none is in stock, the partner has to choose (HW-10)."""
    nothing_new = rma.wants == Rma.Replacement.NEW and not rma.device.item.stock
    advance(rma, Rma.State.CHOICE if nothing_new else Rma.State.WAITING_STOCK if _waits(rma) else Rma.State.RECEIVED)


def choose(rma, wants):
    """Record the partner's choice when no new device is in stock: refurbished, or wait."""
    rma.wants = wants
    rma.save(update_fields=["wants"])
    advance(rma, Rma.State.WAITING_STOCK if _waits(rma) else Rma.State.RECEIVED)


def _waits(rma):
    return rma.wants == Rma.Replacement.WAIT and not rma.device.item.stock


def replace_device(rma, serial, *, today):
    """Create and return the replacement of the old device; a new one is taken from stock.

    It inherits the PBX, ownership, order and billing dates, so that neither warranty nor minimum term starts again.
    Raise OutOfStock if a new one is wanted and none is left.
    """
    old = rma.device
    if rma.wants != Rma.Replacement.REFURBISHED and not Item.objects.filter(pk=old.item_id, stock__gt=0).update(stock=F("stock") - 1):
        raise OutOfStock
    rma.replacement = Device.objects.create(
        serial=serial,
        item=old.item,
        pbx=old.pbx,
        ownership=old.ownership,
        ordered_on=old.ordered_on,
        shipped_on=today,
        billing_starts_on=old.billing_starts_on,
        warranty_document=old.warranty_document,
    )
    Device.objects.filter(pk=old.pk).update(state=Device.State.REPLACED)
    rma.state = Rma.State.REPLACED
    rma.save(update_fields=["replacement", "state"])
    return rma.replacement


def take_back(rma):
    """Record that the device was returned permanently, which ends its HWaaS service (HW-3)."""
    Device.objects.filter(pk=rma.device_id).update(state=Device.State.RETURNED)
    advance(rma, Rma.State.RETURNED)


def lose(device):
    """Mark an HWaaS device as lost: its service ends and it becomes owned hardware (HW-4)."""
    device.ownership, device.state = Device.Ownership.OWNED, Device.State.LOST
    device.save(update_fields=["ownership", "state"])


def buy_out(device):
    """End the HWaaS service of a device, which becomes owned hardware (HW-8)."""
    device.ownership = Device.Ownership.OWNED
    device.save(update_fields=["ownership"])


def make_service(device, *, today):
    """Convert an owned device to HWaaS, billed from today on, since it was shipped long ago (BIL-6, HW-6)."""
    device.ownership, device.billing_starts_on = Device.Ownership.SERVICE, today
    device.save(update_fields=["ownership", "billing_starts_on"])


def set_billing_start(device, starts_on, *, reason, by, at):
    """Set a billing start other than the derived one, on behalf of staff, and record the reason (HW-6)."""
    BillingStart.objects.create(device=device, starts_on=starts_on, previous=device.billing_starts_on, reason=reason, set_by=by, set_at=at)
    device.billing_starts_on = starts_on
    device.save(update_fields=["billing_starts_on"])


def cancel_order(order, *, today):
    """Cancel an order of which nothing has been dispatched (ORD-2); a planned dispatch date is cleared."""
    order.cancelled_on, order.dispatched_on = today, None
    order.save(update_fields=["cancelled_on", "dispatched_on"])


def end_service(device):
    """End the HWaaS service of a device together with its PBX; the device is to be returned."""
    device.state = Device.State.RETURNED
    device.save(update_fields=["state"])


def outstanding_count(devices):
    """Return how many of these devices have not come back yet, that is, have no RMA recording their arrival. One query."""
    return len(devices) - len(set(Rma.objects.filter(device__in=devices, state__in=Rma.ARRIVED).values_list("device", flat=True)))
