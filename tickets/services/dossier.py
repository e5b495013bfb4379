"""One ticket with everything about it, in as few questions to the database as this ticket needs."""

from django.db.models import Prefetch, prefetch_related_objects

from tickets.models import Attachment, Confirmation, Event, Override, TicketCharge

K = Event.Kind


def whole(tickets, number, *, for_staff):
    """The ticket of this number out of a queryset, or None; its events, attachments, charges, confirmations and overrides are read.

    Partners get no internal events. What the verdict and the timeline show not to exist is not asked for.
    """
    ticket = tickets.select_related("partner", "requester", "assignee").defer("search").filter(pk=number).first()
    return ticket and complete(ticket, for_staff=for_staff)


def complete(ticket, *, for_staff, has_files=True):
    """A ticket that was read just now, with everything about it; without files they are not asked for."""
    events = Event.objects.select_related("actor__partner")
    prefetch_related_objects([ticket], Prefetch("events", events if for_staff else events.filter(is_internal=False)))
    happened = {event.kind for event in ticket.events.all()}
    findings = ticket.verdict.get("findings", ())
    priced = ticket.verdict.get("charges") or ticket.verdict.get("credits") or happened & {K.CHARGE_DUE, K.POSTED, K.STEP}
    asked_for_consent = any(finding.get("needs") == "consent" for finding in findings)
    set_aside = K.OVERRIDDEN in happened or any(finding.get("overridden") for finding in findings)
    prefetch_related_objects(
        [ticket],
        _maybe("attachments", Attachment.objects.all(), has_files),
        _maybe("charges", TicketCharge.objects.select_related("payer").order_by("pk"), priced),
        _maybe("confirmations", Confirmation.objects.select_related("partner"), asked_for_consent),
        _maybe("overrides", Override.objects.select_related("by"), for_staff and set_aside),
    )
    return ticket


def _maybe(name, rows, wanted):
    return Prefetch(name, rows if wanted else rows.none())


def files_of(ticket, *, for_staff):
    """The attachments of a whole ticket that may be seen: {event's key, or None: [Attachment]}."""
    found: dict[int | None, list[Attachment]] = {}
    for attachment in ticket.attachments.all():
        if for_staff or not attachment.is_internal:
            found.setdefault(attachment.event_id, []).append(attachment)
    return found
