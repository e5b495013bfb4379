"""What changes devices and RMAs. Each function expects the caller's transaction and locked rows."""

from django.db.models import F

from hwaas.models import BillingStart, Device, Item, Rma


class OutOfStock(Exception):
    """There is no new device of the item to send."""


def open_rma(device, *, source, kind, delivery_address, with_labels, wants="", has_document=False, to_quote=False):
    """Open the RMA of a device; the source makes it once. `to_quote`: the care team quotes the delivery first. Returns the Rma.

    By one of the kind "return" the device comes back for good.
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
    """Note how far the delivery cost is agreed on, and the cost (a Decimal in the partner's currency, or None)."""
    rma.delivery, rma.delivery_cost = delivery, cost
    rma.save(update_fields=["delivery", "delivery_cost"])


def advance(rma, state):
    """Put the RMA into another state."""
    rma.state = state
    rma.save(update_fields=["state"])


def receive(rma):
    """The device has arrived: where a new one is wanted and none is there, the partner has to choose (HW-10)."""
    nothing_new = rma.wants == Rma.Replacement.NEW and not rma.device.item.stock
    advance(rma, Rma.State.CHOICE if nothing_new else Rma.State.WAITING_STOCK if _waits(rma) else Rma.State.RECEIVED)


def choose(rma, wants):
    """The partner's choice where nothing new is in stock: refurbished, or wait."""
    rma.wants = wants
    rma.save(update_fields=["wants"])
    advance(rma, Rma.State.WAITING_STOCK if _waits(rma) else Rma.State.RECEIVED)


def _waits(rma):
    return rma.wants == Rma.Replacement.WAIT and not rma.device.item.stock


def replace_device(rma, serial, *, today):
    """Send the replacement: it takes the place of the old device, and a new one is taken from stock.

    The place means: same PBX, ownership, order and billing dates, so that neither warranty nor minimum term starts again.
    Raises OutOfStock when a new one is wanted and none is left.
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
    """The device has come back for good: its HWaaS service ends (HW-3)."""
    Device.objects.filter(pk=rma.device_id).update(state=Device.State.RETURNED)
    advance(rma, Rma.State.RETURNED)


def lose(device):
    """A lost HWaaS device: its service ends and the item becomes owned hardware (HW-4)."""
    device.ownership, device.state = Device.Ownership.OWNED, Device.State.LOST
    device.save(update_fields=["ownership", "state"])


def buy_out(device):
    """The service ends and the device becomes owned hardware (HW-8)."""
    device.ownership = Device.Ownership.OWNED
    device.save(update_fields=["ownership"])


def make_service(device, *, today):
    """An owned device becomes HWaaS of its PBX, billed from this day on: it was shipped long ago (BIL-6, HW-6)."""
    device.ownership, device.billing_starts_on = Device.Ownership.SERVICE, today
    device.save(update_fields=["ownership", "billing_starts_on"])


def set_billing_start(device, starts_on, *, reason, by, at):
    """Staff have a device billed from another day than the derived one, and say why (HW-6)."""
    BillingStart.objects.create(device=device, starts_on=starts_on, previous=device.billing_starts_on, reason=reason, set_by=by, set_at=at)
    device.billing_starts_on = starts_on
    device.save(update_fields=["billing_starts_on"])


def cancel_order(order, *, today):
    """Cancel an order of which nothing is dispatched (ORD-2); a dispatch that was planned does not come."""
    order.cancelled_on, order.dispatched_on = today, None
    order.save(update_fields=["cancelled_on", "dispatched_on"])


def end_service(device):
    """The HWaaS service of a device ends with its PBX; the device is sent back."""
    device.state = Device.State.RETURNED
    device.save(update_fields=["state"])


def still_out(devices):
    """How many of these devices have yet to come back: no RMA says that they have arrived. One query."""
    return len(devices) - len(set(Rma.objects.filter(device__in=devices, state__in=Rma.ARRIVED).values_list("device", flat=True)))
