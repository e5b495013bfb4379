"""Rules about devices, their warranty and their return. Pure: facts, dated values and a day in, findings out."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hwaas.models import Device, Rma
from pbx.commitment_rules import renews_itself
from pbx.rules import first_free_day, free_of_commitment
from policies.days import after
from policies.verdict import DENY, REQUIRE, WARN, Finding
from policies.wording import as_announced, day_in_full, first_of

SHOWN = 5  # devices that a sentence names
TERM = "hwaas.minimum_term_months"
WARRANTY = ("warranty.standard_years", "warranty.extended_years")


def in_use(device, *, field):
    """HW-3: one RMA a device, and only for a device that is there."""
    if device.state != Device.State.IN_USE:
        message = _("%(serial)s is not in use any more: it is %(state)s.")
    elif any(rma.state not in Rma.OVER for rma in device.rmas.all()):
        message = _("There is an open RMA for %(serial)s already.")
    else:
        return []
    return [
        Finding("HW-3", DENY, message % {"serial": device.serial, "state": device.get_state_display()}, field, device.serial, final=True)
    ]


def has_been_shipped(device, *, rule, today, field):
    """HW-3, HW-4: what was not shipped yet is neither lost nor broken at its partner. Owned hardware of old may have no such day."""
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
        message = _("HWaaS covers any damage, but not loss: for that, ask for “Report a lost HWaaS device”.")
        return [Finding("HW-4", WARN, message, field, device.serial)]
    if is_service:
        message = _("%(serial)s is HWaaS: any damage is covered without a warranty. Ask for a broken HWaaS device instead.")
        return [Finding("HW-4", WARN, message % {"serial": device.serial}, "kind", device.serial)]
    if not as_service:
        return []
    message = _("%(serial)s is owned, not HWaaS: owned devices cannot be exchanged as a service or returned. Ask under warranty instead.")
    return [Finding("HW-11", DENY, message % {"serial": device.serial}, field, device.serial)]


def needs_document(device, *, book):
    """HW-9: whether the device is replaceable only with its signed warranty document, on the day of the request."""
    origin = device.ordered_on
    if origin is None or device.warranty_document:
        return False
    standard, extended = (after(origin, book.value(code, origin)) for code in WARRANTY)
    return standard <= book.on < extended


def under_warranty(device, *, presented, book, field):
    """HW-9: replaceable for the standard time from the order; with the signed document for the extended one; then no more.

    On the anniversary itself the warranty is over. Both values are read at the device's order date; what counts is the day
    of the request (book.on), however long the care team takes.
    """
    origin = device.ordered_on
    if origin is None:
        message = _("We do not know when %(serial)s was ordered: the care team will look into its warranty.")
        return [Finding("HW-9", REQUIRE, message % {"serial": device.serial}, field, device.serial)]
    policy = book.cite(*WARRANTY, origin=origin)
    ends = max(after(origin, book.value(code, origin)) for code in WARRANTY)
    values = {
        "serial": device.serial,
        "ordered": day_in_full(origin),
        "until": day_in_full(ends),
        "standard": policy["warranty.standard_years"],
    }
    if book.on >= ends:
        message = _("%(serial)s was ordered on %(ordered)s and is out of warranty. A new device has to be bought.")
        return [Finding("HW-9", DENY, message % values, field, device.serial, policy=policy)]
    if not needs_document(device, book=book):
        return []
    if presented:
        message = _("%(serial)s was ordered on %(ordered)s, %(standard)s ago or more: the care team checks the signed warranty document.")
        return [Finding("HW-9", REQUIRE, message % values, field, device.serial, policy=policy)]
    message = _(
        "%(serial)s was ordered on %(ordered)s, %(standard)s ago or more. "
        "Before %(until)s it is replaced with the signed warranty document: please attach it."
    )
    return [Finding("HW-9", REQUIRE, message % values, "warranty_document", device.serial, policy=policy, needs="document")]


def replacement_in_stock(device, *, wanted, field):
    """HW-10: where no new one is in stock, the partner chooses a refurbished one or waits."""
    if device.item.stock or wanted in (None, Rma.Replacement.REFURBISHED):
        return []
    if wanted == Rma.Replacement.WAIT:
        message = _("No new %(item)s is in stock. The replacement follows when one arrives.")
    else:
        message = _(
            "No new %(item)s is in stock at present. If none has arrived when your device is here, "
            "you choose between a refurbished one and waiting."
        )
    return [Finding("HW-10", WARN, message % {"item": device.item.name}, field, device.serial)]


def labels_are_sent(region, *, book):
    """HW-3: in some regions return labels are mailed, and the boxes go to the local office."""
    if region not in book.value("rma.label_regions"):
        return []
    message = _("We mail you return labels once the RMA is open. Put them on the boxes and send the device to our local office.")
    return [Finding("HW-3", WARN, message, policy=book.cite("rma.label_regions"))]


def return_address(region, *, book):
    """HW-3: where partners of a region send a device to, as text; "" where nobody has set it."""
    return dict(book.value("rma.return_addresses")).get(region, "")


def services_on(pbx):
    """The HWaaS devices in use on a PBX."""
    return [one for one in pbx.devices.all() if one.ownership == Device.Ownership.SERVICE and one.state == Device.State.IN_USE]


def free_on(device, *, book, today, since=None, code=TERM):
    """The first day (from `since` on) on which neither a Commitment nor the term `code` holds an HWaaS device.

    None for one that was not shipped: its term has not begun.
    """
    if device.billing_starts_on is None and device.shipped_on is None:
        return None
    return first_free_day(device.pbx, code, device.billing_starts_on, book=book, today=today, since=since)


def _term_ends(start, book):
    return after(start, book.value(TERM, origin=start))


def past_minimum_service_term(device, *, book, today, field):
    """HW-1: HWaaS is kept for its minimum term from the start of its billing. Under Commitment HW-2 speaks instead."""
    start = device.billing_starts_on
    is_past = start and today >= _term_ends(start, book)  # asked first: most are, and it is the quicker question
    if is_past or device.ownership != Device.Ownership.SERVICE or device.pbx.commitment_on(today):
        return []
    if start is None:
        return _billing_unknown(device, book, field)
    policy = book.cite(TERM, origin=start)
    free = free_on(device, book=book, today=today)
    message = _("%(serial)s is kept for at least %(term)s from the start of its billing on %(start)s: it can be returned from %(free)s.")
    values = {"serial": device.serial, "term": policy[TERM], "start": day_in_full(start), "free": day_in_full(free)}
    message = message % values + as_announced(book, TERM, free, origin=start, today=today)
    return [Finding("HW-1", DENY, message, field, device.serial, free, policy)]


def end_with_their_pbx(devices, *, field):
    """HW-1: what a partner should know before a PBX ends: the service of its HWaaS devices ends with it, and they have to come back."""
    if not devices:
        return []
    message = ngettext(
        "The service of this HWaaS device ends with it, and it has to come back: %(serials)s.",
        "The service of these HWaaS devices ends with it, and they have to come back: %(serials)s.",
        len(devices),
    )
    return [Finding("HW-1", WARN, message % {"serials": first_of([device.serial for device in devices], SHOWN)}, field)]


def _billing_unknown(device, book, field):
    policy = book.cite(TERM)
    if device.shipped_on is None:
        message = _("%(serial)s has not been shipped: its minimum term only begins with its billing.")
        return [Finding("HW-1", DENY, message % {"serial": device.serial}, field, device.serial, policy=policy)]
    message = _("We do not know when the billing of %(serial)s began: the care team looks into its minimum term.")
    return [Finding("HW-1", REQUIRE, message % {"serial": device.serial}, field, device.serial, policy=policy)]


def not_returned_under_commitment(device, *, book, today, field):
    """HW-2: on a PBX under Commitment nothing is returned before it ends, however old the device is."""
    if not device.pbx.commitment_on(today) or device.ownership != Device.Ownership.SERVICE:
        return []
    free = free_on(device, book=book, today=today)
    ended = free_of_commitment(device.pbx, today)
    message = _("%(serial)s is on a PBX under Commitment, where the minimum term does not count: it can be returned from %(free)s.")
    if free is None:
        message = _("%(serial)s is on a PBX under Commitment and has not been shipped: its minimum term only begins with its billing.")
    elif free > ended:
        message = _(
            "%(serial)s is on a PBX under a Commitment until %(end)s, and its minimum term is not over by then: "
            "it can be returned from %(free)s."
        )
    values = {"serial": device.serial, "free": day_in_full(free) if free else "", "end": day_in_full(ended)}
    return [Finding("HW-2", DENY, message % values, field, device.serial, free)]


def not_detached_under_commitment(device, *, book, today, field):
    """COM-4: no service leaves a PBX before its Commitment has ended."""
    if not device.pbx.commitment_on(today) or device.ownership != Device.Ownership.SERVICE:
        return []
    free = free_on(device, book=book, today=today)
    message = _("The PBX %(pbx)s is under a Commitment until %(end)s. No service is taken off it before then.")
    ended = free_of_commitment(device.pbx, today)
    values = {"pbx": device.pbx.name, "end": day_in_full(ended)}
    return [Finding("COM-4", DENY, message % values + renews_itself(device.pbx, ended), field, device.serial, free)]


def can_be_returned(device, *, field):
    """HW-11: owned hardware cannot be returned."""
    if device.ownership == Device.Ownership.SERVICE:
        return []
    message = _("%(serial)s is owned, not HWaaS: hardware that was bought cannot be returned.")
    return [Finding("HW-11", DENY, message % {"serial": device.serial}, field, device.serial, final=True)]
