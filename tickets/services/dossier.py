"""One ticket with everything about it, in as few questions to the database as this ticket needs."""

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, JSONField, Prefetch, prefetch_related_objects
from django.db.models.expressions import RawSQL

from tickets.models import Attachment, Confirmation, Event, Override, Ticket, TicketCharge
from tickets.services import history, together

K = Event.Kind
# Written out, because a page that is opened all day need not have them put together anew each time. No word of them is anybody's.
MERGED = RawSQL(
    "ARRAY(SELECT m.number FROM tickets_ticket m WHERE m.merged_into_id = tickets_ticket.number ORDER BY m.number)",
    (),
    ArrayField(BigIntegerField()),
)
HAS_FILES = RawSQL("EXISTS(SELECT 1 FROM tickets_attachment a WHERE a.ticket_id = tickets_ticket.number)", (), BooleanField())
FOLLOWING = RawSQL(
    "(SELECT COALESCE(jsonb_agg(jsonb_build_object('id', u.id, 'name', u.full_name, 'partner', u.partner_id) ORDER BY f.id), '[]')"
    " FROM tickets_follower f JOIN partners_user u ON u.id = f.user_id WHERE f.ticket_id = tickets_ticket.number)",
    (),
    JSONField(),
)


def whole(tickets, number, *, for_staff):
    """The ticket of this number out of a queryset, or None; its events, attachments, charges, confirmations and overrides are read.

    Partners get no internal events. What the verdict and the timeline show not to exist is not asked for.
    """
    rows = with_merged(tickets).select_related("partner", "requester", "assignee").defer("search", "search_internal")
    ticket = rows.filter(pk=number).first()
    return ticket and complete(ticket, for_staff=for_staff)


def complete(ticket, *, for_staff, has_files=True):
    """A ticket that was read just now, with everything about it; without files they are not asked for."""
    events = Event.objects.select_related("actor__partner")
    prefetch_related_objects([ticket], Prefetch("events", events if for_staff else events.filter(is_internal=False)))
    return _with_rest(ticket, {event.kind for event in ticket.events.all()}, for_staff=for_staff, has_files=has_files)


def at_desk(tickets, number):
    """The ticket for its page at the desk, or None: as `whole`, but of its events only the newest (services.history) are read.

    It carries `recent` (the newest events, oldest first), `is_long` (whether there are more), `landmarks` (those that its
    stations and its money are read from), `merged_numbers` (what was merged into it) and `following` ({id, name, care}).
    """
    rows = with_merged(tickets).annotate(has_files=HAS_FILES, following=FOLLOWING)
    ticket = rows.select_related("partner", "requester", "assignee").defer("search", "search_internal").filter(pk=number).first()
    if ticket is None:
        return None
    history.begin(ticket)
    return _with_rest(ticket, {event.kind for event in ticket.landmarks}, for_staff=True, has_files=ticket.has_files)


def with_merged(tickets):
    """Tickets that carry `merged_numbers`: of those that were merged into each."""
    return tickets.annotate(merged_numbers=MERGED)


def _with_rest(ticket, happened, *, for_staff, has_files):
    findings = ticket.verdict.get("findings", ())
    priced = ticket.verdict.get("charges") or ticket.verdict.get("credits") or happened & {K.CHARGE_DUE, K.POSTED, K.STEP}
    asked_for_consent = any(finding.get("needs") == "consent" for finding in findings)
    set_aside = K.OVERRIDDEN in happened or any(finding.get("overridden") for finding in findings)
    _read(
        ticket,
        attachments=Attachment.objects.order_by("pk") if has_files else None,
        charges=TicketCharge.objects.select_related("payer").order_by("pk") if priced else None,
        confirmations=Confirmation.objects.select_related("partner").order_by("pk") if asked_for_consent else None,
        overrides=Override.objects.select_related("by").order_by("pk") if for_staff and set_aside else None,
    )
    return ticket


def _read(ticket, **wanted):
    """Read these relations ahead, in one question; what is known not to exist (None) is empty without one."""
    known = ticket.__dict__.setdefault("_prefetched_objects_cache", {})
    known |= {name: getattr(Ticket, name).rel.related_model.objects.none() for name, rows in wanted.items() if rows is None}
    asked = {name: rows for name, rows in wanted.items() if rows is not None}
    merged = list(getattr(ticket, "merged_numbers", ()))
    more = [*(["merged_files"] if merged else []), *(["kinds"] if getattr(ticket, "is_long", False) else [])]
    ticket.merged_files, ticket.kinds = [], ()
    if not asked and not more:
        return
    found = together.read(ticket, (*asked, *more), merged=merged, said=[*history.SAID, K.NOTE], most=history.COUNTED)
    for name, rows in asked.items():
        for row in found[name]:
            row.ticket = ticket
        known[name] = rows.filter(ticket=ticket.pk)
        known[name]._result_cache = found[name]
    ticket.merged_files, ticket.kinds = found.get("merged_files", []), found.get("kinds", ())


def files_of(ticket, *, for_staff):
    """The attachments of a whole ticket that may be seen: {event's key, or None: [Attachment]}."""
    found: dict[int | None, list[Attachment]] = {}
    for attachment in ticket.attachments.all():
        if for_staff or not attachment.is_internal:
            found.setdefault(attachment.event_id, []).append(attachment)
    return found
