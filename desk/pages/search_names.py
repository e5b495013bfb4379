"""Companies and people found by name."""

import re
from collections import defaultdict
from collections.abc import Callable
from operator import itemgetter
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import F, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.pages.search import card_of
from partners.models import EndUser, Partner, Reseller, User
from pbx.models import Pbx
from web.user_input import has_words

MOST = 3  # cards of a kind, and PBXs per card
WORD = re.compile(r"[^\W\d_]{3}")


class Kind(NamedTuple):
    """Rows with an owner that are found by the words of a name: `rows(user)` are those a user may see; their fields `name` and `code`."""

    rows: Callable
    name: str
    code: str
    icon: str
    title: str


KINDS = {
    "end_user": Kind(EndUser.objects.visible_to, "name", "code", "company", gettext_lazy("End user")),
    "reseller": Kind(Reseller.objects.visible_to, "name", "code", "company", gettext_lazy("Reseller")),
    "contact": Kind(User.objects.contacts_visible_to, "full_name", "email", "user", gettext_lazy("Contact")),
}


def named(said, *, user, partners=2):
    """Return cards for partners whose code or name starts with the text (filters.Said) or whose name matches it, at most `partners`, and
    for end users, resellers and contacts whose name has words that begin like its words, a few of each.

    One query, and another for the PBXs of end users; none for a single letter or a number.
    """
    text = said.text[:100]
    if len(text) < 2 or text.lstrip("#+").isdigit() or said.numbers:
        return []
    own = Partner.objects.visible_to(user).search(text)
    parts = [own.values(kind=Value("partner"), title=F("name"), key=F("code"), owner=Value(""), owner_code=Value(""))[:partners]]
    for name, kind in KINDS.items() if WORD.search(text) else ():
        rows = kind.rows(user).filter(has_words(text, kind.name)).order_by(kind.name, kind.code)
        owner = {"owner": F("partner__name"), "owner_code": F("partner__code")}
        parts.append(rows.values(kind=Value(name), title=F(kind.name), key=F(kind.code), **owner)[: MOST + 1])
    found = defaultdict(list)
    for one in sorted(parts[0].union(*parts[1:], all=True), key=itemgetter("title", "key")):
        found[one["kind"]].append(one)
    pbxs = _pbxs_of([one["key"] for one in found["end_user"]], user)
    cards = [_partner(one, user) for one in found.pop("partner", ())]
    for name, kind in KINDS.items():
        cards += [_card(kind, one, pbxs.get(one["key"], []), user) for one in found[name][:MOST]]
        if len(found[name]) > MOST:
            cards.append(card_of(kind.title, kind.icon, _("More match: enter more of the name"), None, user))
    return cards


def _partner(one, user):
    card = card_of(_("Partner"), "company", one["title"], Partner(name=one["title"], code=one["key"]), user, facts=[one["key"]])
    return card | {"url": card["partner_url"], "partner": "", "note": one["key"]}


def _card(kind, one, pbxs, user):
    """Return a card that leads to the only PBX, else to the search for the company's name or the person's address."""
    partner, words = Partner(name=one["owner"], code=one["owner_code"]), one["key"] if kind.code == "email" else one["title"]
    url = pbxs[0]["url"] if len(pbxs) == 1 else f"{reverse('desk:queue')}?{urlencode({'q': words})}"
    card = card_of(kind.title, kind.icon, one["title"], partner, user, url=url, facts=[one["key"]])
    return card | {"pbxs": pbxs[:MOST], "note": _("%(kind)s of %(partner)s") % {"kind": kind.title, "partner": partner}}


def _pbxs_of(end_users, user):
    """Return {code of an end user: its PBXs in service, as title and url}. One query; none for nobody."""
    found = defaultdict(list)
    rows = Pbx.objects.visible_to(user).filter(end_user__code__in=end_users, terminated_on=None).order_by("serial")
    for code, serial, name in rows.values_list("end_user__code", "serial", "name") if end_users else ():
        found[code].append({"title": f"{name} ({serial})", "url": reverse("desk:pbx", args=[serial])})
    return found
