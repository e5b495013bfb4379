"""Search: exact matches for the text, and the words in context in the tickets found."""

import re
from functools import reduce
from itertools import groupby
from operator import or_

from django.contrib.postgres.search import SearchHeadline, SearchVector
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Concat, Left
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import Invoice
from classound.models import Did, contains_number
from classound.numbers import grouped
from hwaas.models import Device, Order
from partners.models import User
from pbx.models import Pbx
from tickets.models import Attachment, Event, Ticket
from tickets.services.search_index import phrase_query
from web.user_input import parse_number, parse_text

NAMING = 3  # tickets per card
NUMBERS = 4  # cards: a number can exist in two countries, each cancelled and then part of a range again
BEGIN, END = "\x02", "\x03"
NAME = re.compile(r"[\w./#-]{2,60}")


def hits(said, *, user):
    """Return cards for exact matches of the search text (filters.Said): ticket, number, device, PBX, person, invoice or order.

    Each has its partner and the tickets that mention it. At most three queries for the matches, and one for each card's tickets.
    """
    text, cards = said.text, _numbers(said.numbers, user) if said.numbers else []
    if "@" in text:
        cards += [_person(person, user) for person in User.objects.filter(email=text.lower()).select_related("partner")[:1]]
    elif text and NAME.fullmatch(text):
        cards += _named(text, user)
    return cards


def ticket_of(text, user):
    """Return the ticket number in the text, with or without #, if the user may see that ticket; else None. One query at most."""
    number = parse_number(parse_text(text).removeprefix("#"))
    return number if number is not None and Ticket.objects.visible_to(user).filter(pk=number).exists() else None


def _numbers(numbers, user):
    """Return cards for these numbers and for the ranges in service that contain one. Two queries, both by index."""
    within = reduce(or_, (contains_number(digits) for digits in numbers)) & ~Q(status=Did.Status.CANCELLED)
    found = Did.objects.visible_to(user).filter(Q(number__in=[f"+{digits}" for digits in numbers]) | within)
    found = list(found.select_related("pbx__end_user__partner").order_by("number")[:NUMBERS])
    meant = [next(digits for digits in numbers if int(digits) in range(did.numbers.lower, did.numbers.upper)) for did in found]
    named = _naming([(did.number, f"+{digits}") for did, digits in zip(found, meant, strict=True)], user)
    return [_did(*one, user) | {"tickets": tickets} for *one, tickets in zip(found, meant, named, strict=True)]


def _named(text, user):
    """Return cards for everything with exactly this name, found in one query."""
    names = {text, text.upper()}
    parts = [
        model.objects.visible_to(user).filter(**{f"{key}__in": names}).order_by().values_list(Value(kind), "pk")
        for kind, (model, key, _card) in _KINDS.items()
    ]
    if (number := parse_number(text.lstrip("#"))) is not None:
        parts.append(Ticket.objects.visible_to(user).filter(pk=number).order_by().values_list(Value("ticket"), "pk"))
    found = parts[0].union(*parts[1:], all=True)
    return [
        _KINDS[kind][2](pk, user) if kind in _KINDS else _ticket(pk, user) for kind, pk in sorted(found, key=lambda one: one[0] != "ticket")
    ]


def card_of(kind, icon, title, partner, user, *, url="", facts=(), naming=(), number=""):
    """Return a match as a card for desk/_search_hit.html, with the tickets that mention one of `naming`."""
    queue = reverse("desk:queue")
    return {
        "kind": kind,
        "icon": icon,
        "title": title,
        "number": number,
        "url": url,
        "partner": partner and str(partner),
        "partner_url": f"{queue}?view=all&{partner.query}" if partner else "",
        "facts": [str(fact) for fact in facts if fact],
        "tickets": _naming([naming], user)[0] if naming else [],
    }


def _naming(each, user):
    """Return, for each list of names, the most recently updated tickets that mention one of them. One query."""
    parts, shown = [], [[] for _names in each]
    for place, names in enumerate(each):
        query = phrase_query(set(names))
        tickets = Ticket.objects.visible_to(user).filter(Q(search=query) | Q(search_internal=query)).order_by("-updated_at", "-number")
        parts.append(tickets.values_list("updated_at", "number", "subject", Value(place))[:NAMING])
    for _at, number, subject, place in sorted(parts[0].union(*parts[1:], all=True), reverse=True) if parts else ():
        shown[place].append({"number": number, "subject": subject, "url": reverse("desk:ticket", args=[number])})
    return shown


def _ticket(pk, user):
    ticket = (
        Ticket.objects.visible_to(user)
        .select_related("partner")
        .only("number", "subject", "status", "partner__code", "partner__name")
        .get(pk=pk)
    )
    url = reverse("desk:ticket", args=[pk])
    return card_of(_("Ticket"), "inbox", f"#{pk} {ticket.subject}", ticket.partner, user, url=url, facts=[ticket.get_status_display()])


def _did(did, digits, user):
    partner, name = did.pbx.end_user.partner, grouped(did.number)
    within = _("includes %(number)s") % {"number": grouped(f"+{digits}")} if did.is_range and did.number != f"+{digits}" else ""
    facts = [did.get_status_display().capitalize(), within, did.pbx.name]
    url = reverse("desk:pbx", args=[did.pbx.serial])
    return card_of(_("Number"), "phone", name, partner, user, url=url, facts=facts, number=did.number)


def _device(pk, user):
    device = Device.objects.visible_to(user).select_related("item", "pbx__end_user__partner").get(pk=pk)
    url, facts = reverse("desk:pbx", args=[device.pbx.serial]), [device.item.name, device.get_state_display(), device.pbx.name]
    return card_of(_("Device"), "device", device.serial, device.pbx.end_user.partner, user, url=url, facts=facts, naming=[device.serial])


def _pbx(pk, user):
    pbx = Pbx.objects.visible_to(user).select_related("end_user__partner").get(pk=pk)
    url = reverse("desk:pbx", args=[pbx.serial])
    return card_of(
        _("PBX"), "pbx", f"{pbx.name} ({pbx.serial})", pbx.end_user.partner, user, url=url, facts=[pbx.end_user.name], naming=[pbx.serial]
    )


def _invoice(pk, user):
    invoice = Invoice.objects.visible_to(user).select_related("partner").get(pk=pk)
    return card_of(_("Invoice"), "receipt", invoice.number, invoice.partner, user, facts=[invoice.issued_on], naming=[invoice.number])


def _order(pk, user):
    order = Order.objects.visible_to(user).select_related("partner").get(pk=pk)
    facts = [order.placed_on, order.carrier, order.tracking_number]
    return card_of(_("Order"), "truck", order.number, order.partner, user, facts=facts, naming=[order.number])


def _person(person, user):
    card = card_of(_("Care team") if person.is_care else _("Contact"), "user", str(person), person.partner, user, facts=[person.email])
    asked = Ticket.objects.visible_to(user).filter(requester=person).order_by("-number").values_list("number", "subject")[:NAMING]
    return card | {"tickets": [{"number": n, "subject": s, "url": reverse("desk:ticket", args=[n])} for n, s in asked]}


_KINDS = {
    "device": (Device, "serial", _device),
    "pbx": (Pbx, "serial", _pbx),
    "invoice": (Invoice, "number", _invoice),
    "order": (Order, "number", _order),
}


def highlighted(shown, said, *, user):
    """Return the rows with `found`: the words in context, as parts (text, whether it matches). Two queries at most."""
    if not shown or (query := said.query) is None:
        return shown
    numbers = [row["number"] for row in shown]
    found = _in_events(Event.objects.visible_to(user).filter(ticket__in=numbers), query)
    if rest := [number for number in numbers if number not in found]:
        found |= _in_names_of_files(Attachment.objects.visible_to(user).filter(ticket__in=rest), query)
    return [row | {"found": _parts(found.get(row["number"], ""))} for row in shown]


def _in_events(events, query):
    """Return {number: excerpt} from each ticket's latest event that contains the words."""
    matching = events.exclude(body="").annotate(begin=Left("body", 20_000))
    matching = matching.annotate(vector=SearchVector("begin", config="english")).filter(vector=query)
    headline = SearchHeadline("begin", query, config="english", start_sel=BEGIN, stop_sel=END, max_words=24, min_words=10, max_fragments=1)
    return dict(matching.annotate(line=headline).order_by("ticket", "-at", "-pk").distinct("ticket").values_list("ticket", "line"))


def _in_names_of_files(files, query):
    """Return {number: latest file name that contains the words}, matched whole or by its parts, as in finding.name_in_words."""
    apart = Func(F("name"), Value(r"[\W_]"), Value(" "), Value("g"), function="REGEXP_REPLACE", output_field=TextField())
    both = Concat("name", Value(" "), "apart", output_field=TextField())
    matching = files.annotate(apart=apart, both=both).annotate(vector=SearchVector("both", config="english")).filter(vector=query)
    whole, parts = (
        SearchHeadline(column, query, config="english", start_sel=BEGIN, stop_sel=END, highlight_all=True) for column in ("name", "apart")
    )
    latest = matching.order_by("ticket", "-pk").distinct("ticket")
    rows = latest.annotate(whole=whole, parts=parts).values_list("ticket", "name", "whole", "parts")
    return {ticket: _marked_twice(name, whole, parts) for ticket, name, whole, parts in rows}


def _marked_twice(text, *lines):
    """Return the text with everything marked that any of these lines marks; the lines differ from it only in separators.

    Lines of another length are ignored: PostgreSQL drops whatever looks like a tag.
    """
    marked = [False] * len(text)
    for line in lines:
        here = [is_marked for part, is_marked in _parts(line) for _letter in part]
        if len(here) == len(text):
            marked = [one or other for one, other in zip(marked, here, strict=True)]
    pieces = groupby(zip(text, marked, strict=True), key=lambda pair: pair[1])
    words = [("".join(letter for letter, _is_marked in piece), is_marked) for is_marked, piece in pieces]
    return "".join(f"{BEGIN}{word}{END}" if is_marked else word for word, is_marked in words)


def _parts(line):
    """Split "a \x02b\x03 c" into [("a ", False), ("b", True), (" c", False)]."""
    parts = []
    for piece in line.split(BEGIN):
        word, end, rest = piece.rpartition(END)
        parts += [(word, True)] if end else []
        parts += [(rest, False)] if rest else []
    return parts
