"""Rules about devices, their warranty and return. Pure: facts, dated values and a day in, findings out."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hwaas.models import Device, Rma
from pbx.commitment_rules import renews_itself
from pbx.rules import first_free_day, free_of_commitment
from policies.verdict import DENY, REQUIRE, WARN, Finding
from policies.wording import announced_sentence, day_in_full, first_of

SHOWN = 5  # devices that a sentence names
TERM = "hwaas.minimum_term_months"
WARRANTY = ("warranty.standard_years", "warranty.extended_years")


def in_use(device, *, field):
    """HW-3: one RMA per device, and only for a device in use."""
    if device.state != Device.State.IN_USE:
        message = _("%(serial)s is no longer in use: it is %(state)s.")
    elif any(rma.state not in Rma.OVER for rma in device.rmas.all()):
        message = _("There is already an open RMA for %(serial)s.")
    else:
        return []
    return [
        Finding("HW-3", DENY, message % {"serial": device.serial, "state": device.get_state_display()}, field, device.serial, final=True)
    ]


def has_been_shipped(device, *, rule, today, field):
    """HW-3, HW-4: a device not yet shipped cannot be lost or broken at the partner. Old owned hardware may have no shipping date."""
    on_its_way = device.shipped_on is not None and device.shipped_on > today
    never = device.ownership == Device.Ownership.SERVICE and device.shipped_on is None and device.billing_starts_on is None
    if not on_its_way and not never:
        return []
    message = _("%(serial)s has not been shipped yet.")
    return [Finding(rule, DENY, message % {"serial": device.serial}, field, device.serial, final=True)]


def service_covers(device, *, as_service, field):
    """HW-4: HWaaS covers any damage, but not loss; HW-11: an owned device is not part of the service."""
    is_service = device.ownership == Device.Ownership.SERVICE
    if is_service and as_service:
        message = _("HWaaS covers any damage but not loss. For a lost device, submit “Report a lost HWaaS device” instead.")
        return [Finding("HW-4", WARN, message, field, device.serial)]
    if is_service:
        message = _("%(serial)s is HWaaS: any damage is covered without a warranty. Choose “Broken HWaaS device” instead.")
        return [Finding("HW-4", WARN, message % {"serial": device.serial}, "kind", device.serial)]
    if not as_service:
        return []
    message = _("%(serial)s is owned, not HWaaS: it cannot be exchanged as a service or returned. Ask for a replacement under warranty.")
    return [Finding("HW-11", DENY, message % {"serial": device.serial}, field, device.serial)]


def needs_document(device, *, book):
    """Return whether, on the day of the request, the device can only be replaced with its signed warranty document (HW-9)."""
    origin = device.ordered_on
    if origin is None or device.warranty_document:
        return False
    standard, extended = (book.ends_on(code, origin) for code in WARRANTY)
    return standard <= book.on < extended


def under_warranty(device, *, presented, book, field):
    """HW-9: a device is replaceable for the standard period from its order, with the signed document for the extended one.

    On the anniversary itself the warranty has ended. Both values are read at the device's order date; the day of the request
    (book.on) counts, however long the care team takes.
    """
    origin = device.ordered_on
    if origin is None:
        message = _("We do not know when %(serial)s was ordered: the care team will check its warranty.")
        return [Finding("HW-9", REQUIRE, message % {"serial": device.serial}, field, device.serial)]
    policy = book.cite(*WARRANTY, origin=origin)
    ends = max(book.ends_on(code, origin) for code in WARRANTY)
    values = {
        "serial": device.serial,
        "ordered": day_in_full(origin),
        "until": day_in_full(ends),
        "standard": policy["warranty.standard_years"],
    }
    if book.on >= ends:
        message = _("%(serial)s was ordered on %(ordered)s and is out of warranty. You need to buy a new device.")
        return [Finding("HW-9", DENY, message % values, field, device.serial, policy=policy)]
    if not needs_document(device, book=book):
        return []
    if presented:
        message = _("%(serial)s was ordered on %(ordered)s, at least %(standard)s ago: the care team checks the signed warranty document.")
        return [Finding("HW-9", REQUIRE, message % values, field, device.serial, policy=policy)]
    message = _(
        "%(serial)s was ordered on %(ordered)s, at least %(standard)s ago. "
        "Before %(until)s, it can be replaced if you attach the signed warranty document."
    )
    return [Finding("HW-9", REQUIRE, message % values, "warranty_document", device.serial, policy=policy, needs="document")]


def replacement_in_stock(device, *, wanted, field):
    """HW-10: if no new device is in stock, the partner chooses a refurbished one or waits."""
    if device.item.stock or wanted in (None, Rma.Replacement.REFURBISHED):
        return []
    if wanted == Rma.Replacement.WAIT:
        message = _("No new %(item)s is in stock. We will send the replacement when one arrives.")
    else:
        message = _(
            "No new %(item)s is currently in stock. If none has arrived by the time we receive your device, "
            "you can choose between a refurbished one and waiting."
        )
    return [Finding("HW-10", WARN, message % {"item": device.item.name}, field, device.serial)]


def labels_are_sent(region, *, book):
    """HW-3: in some regions we e-mail return labels, and the boxes go to the local office."""
    if region not in book.value("rma.label_regions"):
        return []
    message = _("We will e-mail you return labels once the RMA is open. Put them on the boxes and send the device to our local office.")
    return [Finding("HW-3", WARN, message, policy=book.cite("rma.label_regions"))]


def return_address(region, *, book):
    """Return the address to which partners of a region return devices (HW-3), "" if none is set."""
    return dict(book.value("rma.return_addresses")).get(region, "")


def services_on(pbx):
    """Return the HWaaS devices in use on a PBX."""
    return [one for one in pbx.devices.all() if one.ownership == Device.Ownership.SERVICE and one.state == Device.State.IN_USE]


def free_on(device, *, book, today, since=None, code=TERM):
    """Return the first day, from `since` on, on which neither a Commitment nor the term `code` binds an HWaaS device.

    None if it has not been shipped, since its term has not started.
    """
    if device.billing_starts_on is None and device.shipped_on is None:
        return None
    return first_free_day(device.pbx, code, device.billing_starts_on, book=book, today=today, since=since)


def past_minimum_service_term(device, *, book, today, field):
    """HW-1: HWaaS is kept for its minimum term from the start of its billing. Under Commitment, HW-2 applies instead."""
    start = device.billing_starts_on
    is_past = start and today >= book.ends_on(TERM, start)  # checked first: it is true of most and cheaper to check
    if is_past or device.ownership != Device.Ownership.SERVICE or device.pbx.commitment_on(today):
        return []
    if start is None:
        return _billing_unknown(device, book, field)
    policy = book.cite(TERM, origin=start)
    free = free_on(device, book=book, today=today)
    message = _("%(serial)s must be kept for at least %(term)s from its billing start on %(start)s. It can be returned from %(free)s.")
    values = {"serial": device.serial, "term": policy[TERM], "start": day_in_full(start), "free": day_in_full(free)}
    message = message % values + announced_sentence(book, TERM, free, origin=start, today=today)
    return [Finding("HW-1", DENY, message, field, device.serial, free, policy)]


def end_with_their_pbx(devices, *, field):
    """HW-1: warn a partner terminating a PBX that the service of its HWaaS devices ends and that they must be returned."""
    if not devices:
        return []
    message = ngettext(
        "The service of this HWaaS device ends with the PBX, and the device must be returned: %(serials)s.",
        "The service of these HWaaS devices ends with the PBX, and the devices must be returned: %(serials)s.",
        len(devices),
    )
    return [Finding("HW-1", WARN, message % {"serials": first_of([device.serial for device in devices], SHOWN)}, field)]


def _billing_unknown(device, book, field):
    policy = book.cite(TERM)
    if device.shipped_on is None:
        message = _("%(serial)s has not been shipped: its minimum term only starts with its billing.")
        return [Finding("HW-1", DENY, message % {"serial": device.serial}, field, device.serial, policy=policy)]
    message = _("We do not know when the billing of %(serial)s started: the care team will check its minimum term.")
    return [Finding("HW-1", REQUIRE, message % {"serial": device.serial}, field, device.serial, policy=policy)]


def not_returned_under_commitment(device, *, book, today, field):
    """HW-2: on a PBX under Commitment, no device can be returned before the Commitment ends, however old it is."""
    if not device.pbx.commitment_on(today) or device.ownership != Device.Ownership.SERVICE:
        return []
    free = free_on(device, book=book, today=today)
    ended = free_of_commitment(device.pbx, today)
    message = _("%(serial)s is on a PBX under Commitment, where the minimum term does not apply. It can be returned from %(free)s.")
    if free is None:
        message = _("%(serial)s is on a PBX under Commitment and has not been shipped: its minimum term only starts with its billing.")
    elif free > ended:
        message = _(
            "%(serial)s is on a PBX under a Commitment until %(end)s, and its minimum term ends later than that. "
            "It can be returned from %(free)s."
        )
    values = {"serial": device.serial, "free": day_in_full(free) if free else "", "end": day_in_full(ended)}
    return [Finding("HW-2", DENY, message % values, field, device.serial, free)]


def not_detached_under_commitment(device, *, book, today, field):
    """COM-4: no service can be detached from a PBX before its Commitment has ended."""
    if not device.pbx.commitment_on(today) or device.ownership != Device.Ownership.SERVICE:
        return []
    free = free_on(device, book=book, today=today)
    message = _("The PBX %(pbx)s is under a Commitment until %(end)s. No service can be removed from it before then.")
    ended = free_of_commitment(device.pbx, today)
    values = {"pbx": device.pbx.name, "end": day_in_full(ended)}
    return [Finding("COM-4", DENY, message % values + renews_itself(device.pbx, ended), field, device.serial, free)]


def can_be_returned(device, *, field):
    """HW-11: owned hardware cannot be returned."""
    if device.ownership == Device.Ownership.SERVICE:
        return []
    message = _("%(serial)s is owned, not HWaaS: purchased hardware cannot be returned.")
    return [Finding("HW-11", DENY, message % {"serial": device.serial}, field, device.serial, final=True)]
