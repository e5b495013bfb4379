"""The right column of an agent's page: partner, asset, money, confirmations, linked and similar tickets, as cards."""

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.amounts import in_words
from billing.models import Balance
from desk.services import reading
from partners.access import Reader, asked_by
from partners.prepared import Given, Prepared
from partners.users import User
from policies.countries import country_title
from tickets.models import Ticket
from tickets.services import followers, links

SIMILAR = 5
# Which card opens first: what an agent looks at before anything else, by the topic of the request.
FIRST = {
    "CLASSOUND": "asset",
    "HWaaS": "asset",
    "PBX/Licences": "asset",
    "Orders": "asset",
    "Billing": "money",
    "Company": "partner",
}


def opens_first(ticket, *, parties, assets, money):
    """The card that is open when the page opens: confirmations that are awaited, else by the topic what there is, else the partner."""
    if any(party["state"] in ("waiting", "expired") for party in parties):
        return "confirmations"
    first = FIRST.get(ticket.topic, "partner")
    return first if {"asset": assets, "money": money}.get(first, True) else "partner"


def read(ticket, user):
    """What is fetched after the page: balance, people, links, other and similar tickets, who may follow."""
    this = {"number": ticket.pk, "partner": ticket.partner_id, "type_code": ticket.type_code}
    return {
        "ticket": {"number": ticket.pk, "is_over": ticket.is_over, "merged_into": ticket.merged_into_id, "status": ticket.status},
        "partner": _partner(ticket),
        "told": reading.unread(user, ticket.pk).aggregate(last=Max("pk"))["last"],
        "others": _rows(asked_by(user, _others, **this)),
        "similar": _rows(asked_by(user, _similar, **this)),
        "links": [row | {"url": reverse("desk:ticket", args=[row["number"]])} for row in links.of(ticket, user)],
        "may_follow": [
            {"id": person.pk, "name": str(person), "is_care": person.is_care} for person in followers.may_follow(ticket, by=user)
        ],
        **{f"{name}_url": reverse(f"desk:{name}", args=[ticket.pk]) for name in ("link", "unlink", "merge", "unmerge")},
    }


def _shown(is_care):
    tickets = Ticket.objects.visible_to(Reader(is_care)).exclude(pk=Given("number")).order_by("-updated_at", "-number")
    return tickets.only("number", "subject", "status", "outcome", "partner_id")


_others = Prepared(lambda is_care: _shown(is_care).filter(partner=Given("partner"))[:SIMILAR])
_similar = Prepared(lambda is_care: _shown(is_care).filter(type_code=Given("type_code")).exclude(partner=Given("partner"))[:SIMILAR])
_contacts = Prepared(lambda: User.objects.filter(partner=Given("partner"), is_active=True).order_by("label", "full_name")[:5])


def _rows(tickets):
    return [
        {"number": t.pk, "url": reverse("desk:ticket", args=[t.pk]), "title": t.subject, "status": t.status, "outcome": t.outcome}
        for t in tickets
    ]


def _partner(ticket):
    partner = ticket.partner
    balances = [in_words(balance, currency) for currency, balance in Balance.objects.of_account(partner).items()]
    facts = [
        {"label": _("Code"), "value": partner.code},
        {"label": _("Region"), "value": partner.get_region_display()},
        {"label": _("Country"), "value": country_title(partner.country)},
        {"label": _("Balance"), "value": ", ".join(balances), "url": reverse("desk:account", args=[partner.code])},
        {"label": _("Time zone"), "value": partner.timezone},
    ]
    contacts = [
        {"name": c.full_name, "email": c.email, "label": c.get_label_display(), "initials": c.initials}
        for c in _contacts(partner=partner.pk)
    ]
    return {
        "name": partner.name,
        "url": f"{reverse('desk:queue')}?view=all&partner={partner.code}",
        "team_url": reverse("desk:team", args=[partner.pk]),
        "facts": facts,
        "contacts": contacts,
    }
