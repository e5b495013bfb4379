"""One ticket with everything about it, in as few queries as this ticket needs."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.db.models.functions import JSONObject

from engine.prepared_queries import Parameter, PreparedQuery, cache_related
from partners.access import Reader, visible_rows
from tickets.models import Attachment, Event, Follower, Ticket
from tickets.services import history, single_query

K = Event.Kind


def whole(reader, number):
    """Return the ticket as the reader may see it, with events, attachments, charges, confirmations and overrides, or None.

    Partners get no internal events. Relations that cannot exist, judging by the verdict and the timeline, are not queried.
    """
    found = visible_rows(reader, _whole, number=number)
    return complete(found[0], for_staff=reader.is_care) if found else None


def complete(ticket, *, for_staff, is_new=False):
    """Complete a ticket just read with everything about it; for one just submitted, the events recorded so far are all of them."""
    recorded = getattr(ticket, "recorded", None) if is_new else None
    events = _events(for_staff, ticket=ticket.pk) if recorded is None else [e for e in recorded if for_staff or not e.is_internal]
    cache_related(ticket, "events", events)
    return _with_rest(ticket, {event.kind for event in events}, for_staff=for_staff, has_files=not is_new)


def desk_rows(tickets):
    """Return the tickets with what `at_desk` reads: annotated with `has_files`, `merged_numbers` and `following`."""
    followers = Follower.objects.filter(ticket=OuterRef("pk"), user__is_active=True).order_by("pk")
    following = followers.values(one=JSONObject(id="user", name="user__full_name", partner="user__partner"))
    has_files = Exists(Attachment.objects.filter(ticket=OuterRef("pk")))
    return _rows(tickets).annotate(has_files=has_files, following=ArraySubquery(following))


def at_desk(ticket):
    """Complete one of `desk_rows` for its page at the desk: like `whole`, but only with the newest events (services.history).

    It has `recent` (the newest events, oldest first), `is_long` (whether there are more), `landmarks` (the events behind its
    milestones and charges), `merged_numbers` (tickets merged into it) and `following` ({id, name, partner}).
    """
    history.begin(ticket)
    return _with_rest(ticket, {event.kind for event in ticket.landmarks}, for_staff=True, has_files=ticket.has_files)


def _rows(tickets):
    return with_merged(tickets).select_related("partner", "requester", "assignee", "quote").defer("search", "search_internal")


_whole = PreparedQuery(lambda is_care: _rows(Ticket.objects.visible_to(Reader(is_care))).filter(pk=Parameter("number")), by_key=True)
_events = PreparedQuery(
    lambda for_staff: _seen(Event.objects.select_related("actor__partner").filter(ticket=Parameter("ticket")), for_staff), by_key=True
)


def _seen(events, for_staff):
    return events if for_staff else events.filter(is_internal=False)


def with_merged(tickets):
    """Annotate tickets with `merged_numbers`: the numbers of the tickets merged into each."""
    merged = Ticket.objects.filter(merged_into=OuterRef("pk")).order_by("pk").values("pk")
    return tickets.annotate(merged_numbers=ArraySubquery(merged))


def _with_rest(ticket, happened, *, for_staff, has_files):
    findings = ticket.verdict.get("findings", ())
    priced = ticket.verdict.get("charges") or ticket.verdict.get("credits") or happened & {K.CHARGE_DUE, K.POSTED, K.STEP}
    asked_for_consent = any(finding.get("needs") == "consent" for finding in findings)
    set_aside = K.OVERRIDDEN in happened or any(finding.get("overridden") for finding in findings)
    wanted = {
        "attachments": has_files,
        "charges": priced,
        "confirmations": asked_for_consent,
        "overrides": for_staff and set_aside,
    }
    _read(ticket, wanted)
    return ticket


def _read(ticket, wanted):
    """Prefetch the wanted relations in one query; relations known not to exist are set to empty without a query."""
    asked = [name for name, is_wanted in wanted.items() if is_wanted]
    merged = list(getattr(ticket, "merged_numbers", ()))
    more = [*(["merged_files"] if merged else []), *(["kinds"] if getattr(ticket, "is_long", False) else [])]
    found = {}
    if asked or more:
        found = single_query.read(ticket, (*asked, *more), merged=merged, said=list(history.SAID_HERE), most=history.COUNTED)
    for name in wanted:
        cache_related(ticket, name, found.get(name, []))
    ticket.merged_files, ticket.kinds = found.get("merged_files", []), found.get("kinds", ())
