"""The right column of the ticket page: cards for partner, asset, money, confirmations, linked and similar tickets."""

from django.db.models import Max, OuterRef
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.amounts import format_amount
from billing.models import Balance
from desk.filters import WHATEVER_RUNS
from desk.pages.rail import bounded, length
from desk.pages.ticket_urls import urls_of
from desk.services import notices
from engine.prepared_queries import Parameter, PreparedQuery
from partners.access import Reader, visible_rows
from partners.users import User
from pbx.models import Commitment
from policies.countries import country_title
from tickets.models import Ticket
from tickets.models.ticket import RUNNING
from tickets.services import followers, links

SIMILAR = 5
COUNTED = 101  # shown as 100+
# The card that starts open, by topic: what an agent looks at first.
FIRST = {
    "CLASSOUND": "asset",
    "HWaaS": "asset",
    "PBX/Licences": "asset",
    "Orders": "asset",
    "Billing": "money",
    "Company": "partner",
}


def opens_first(ticket, *, parties, assets, money):
    """Return the card that starts open: pending confirmations, else the topic's card if it has content, else the partner."""
    if any(party["state"] in ("waiting", "expired", "unasked") for party in parties):
        return "confirmations"
    first = FIRST.get(ticket.topic, "partner")
    return first if {"asset": assets, "money": money}.get(first, True) else "partner"


def with_open(tickets, reader):
    """Annotate the tickets with `open_count`: the partner's unfinished tickets, counted up to COUNTED."""
    running = Ticket.objects.visible_to(reader).filter(RUNNING, partner=OuterRef("partner")).order_by()
    return tickets.annotate(open_count=length(running, COUNTED))


def read(ticket, user, *, today):
    """Return the context loaded after the page (see with_open): partner, contacts, links, other and similar tickets."""
    this = {"number": ticket.pk, "partner": ticket.partner_id, "type_code": ticket.type_code}
    to = urls_of(ticket.pk)
    return {
        "ticket": {"number": ticket.pk, "is_over": ticket.is_over, "merged_into": ticket.merged_into_id, "status": ticket.status},
        "partner": _partner(ticket, user, today),
        "unread": notices.unread(user, ticket.pk).aggregate(last=Max("pk"))["last"],
        "others": _rows(visible_rows(user, _others, **this)),
        "similar": _rows(visible_rows(user, _similar, **this)),
        "links": [row | {"url": reverse("desk:ticket", args=[row["number"]])} for row in links.of(ticket, user)],
        "may_follow": [
            {"id": person.pk, "name": str(person), "is_care": person.is_care} for person in followers.may_follow(ticket, by=user)
        ],
        **{f"{name}_url": to(name) for name in ("link", "unlink", "merge", "unmerge")},
    }


def _shown(is_care):
    tickets = Ticket.objects.visible_to(Reader(is_care)).exclude(pk=Parameter("number")).order_by("-updated_at", "-number")
    return tickets.only("number", "subject", "status", "outcome", "partner_id")


_others = PreparedQuery(lambda is_care: _shown(is_care).filter(partner=Parameter("partner"))[:SIMILAR])
_similar = PreparedQuery(
    lambda is_care: _shown(is_care).filter(type_code=Parameter("type_code")).exclude(partner=Parameter("partner"))[:SIMILAR]
)
_committed = PreparedQuery(lambda is_care: _running(Commitment.objects.visible_to(Reader(is_care))).order_by("ends_on", "pk")[:COUNTED])
_contacts = PreparedQuery(lambda: User.objects.filter(partner=Parameter("partner"), is_active=True).order_by("label", "full_name")[:5])


def _running(commitments):
    theirs = commitments.filter(pbx__end_user__partner=Parameter("partner"), pbx__terminated_on=None).select_related("pbx")
    return theirs.filter(starts_on__lte=Parameter("today"), ends_on__gt=Parameter("today"))


def _rows(tickets):
    return [
        {"number": t.pk, "url": reverse("desk:ticket", args=[t.pk]), "title": t.subject, "status": t.status, "outcome": t.outcome}
        for t in tickets
    ]


def _partner(ticket, user, today):
    partner = ticket.partner
    queue = reverse("desk:queue")
    running = f"{queue}?{WHATEVER_RUNS}&{partner.query}" if ticket.open_count else ""
    balances = [_balance(balance, currency) for currency, balance in Balance.objects.of_account(partner).items()]
    facts = [
        {"label": _("Code"), "value": partner.code},
        {"label": _("Region"), "value": partner.get_region_display()},
        {"label": _("Country"), "value": country_title(partner.country)},
        {"label": _("Balance"), "value": ", ".join(balances), "url": reverse("desk:account", args=[partner.code])},
        {"label": _("Open tickets"), "value": bounded(ticket.open_count, COUNTED), "url": running},
        {"label": _("Commitment"), **_commitment(visible_rows(user, _committed, partner=partner.pk, today=today), partner)},
        {"label": _("Time zone"), "value": partner.timezone},
    ]
    contacts = [
        {"name": c.full_name, "email": c.email, "label": c.get_label_display(), "initials": c.initials}
        for c in _contacts(partner=partner.pk)
    ]
    return {
        "name": partner.name,
        "url": f"{queue}?view=all&{partner.query}",
        "team_url": reverse("desk:team", args=[partner.pk]),
        "new_url": f"{reverse('desk:new')}?{partner.query}",
        "facts": facts,
        "contacts": contacts,
    }


def _balance(balance, currency):
    """Return a balance in words that say who owes it, instead of a sign."""
    words = _("%(amount)s owed to us") if balance > 0 else _("%(amount)s in credit") if balance else "%(amount)s"
    return words % {"amount": format_amount(abs(balance), currency)}


def _commitment(running, partner):
    """Return the partner's Commitments: term and end of a single one, else the number of PBXs and the first end date."""
    by_pbx = {one.pbx_id: one for one in running}  # the latest end date, if a PBX has two
    ends = sorted({one.ends_on for one in by_pbx.values()})
    if not ends:
        return {"value": _("none")}
    first = date_format(ends[0], "j M Y")
    if len(by_pbx) == 1:
        (only,) = by_pbx.values()
        value = ngettext("%(years)s year, until %(end)s", "%(years)s years, until %(end)s", only.years)
        return {"value": value % {"years": only.years, "end": first}, "url": reverse("desk:pbx", args=[only.pbx.serial])}
    value = _("%(many)s PBXs, until %(end)s") if len(ends) == 1 else _("%(many)s PBXs, the first until %(end)s")
    return {
        "value": value % {"many": bounded(len(by_pbx), COUNTED), "end": first},
        "url": f"{reverse('desk:expirations')}?kind=commitment&{partner.query}&from={ends[0]:%Y-%m}",
    }
