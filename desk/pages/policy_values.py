"""Policy value pages beyond the values themselves: search by question, and where a policy is used."""

import re
from functools import cache
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from knowledge import matching
from knowledge.articles import article_of_rule, articles
from policies.book import KEPT, REPLACED, TAKEN_BACK
from policies.catalog import POLICIES, TOPICS
from policies.models import PolicyValue
from policies.rulebook import RULES
from policies.rulebook.rule import BRACES
from policies.timeline import ANNOUNCED, IN_FORCE, OLDER, PAST
from tickets.types import TYPES

MOST = 12
HEADING = (
    *(_("Topic"), _("Rule"), _("Code"), _("Question of the FAQ"), _("Sentence"), _("Value"), _("From"), _("Until")),
    *(_("Binds"), _("State"), _("Why"), _("Set by"), _("Set at"), _("Approved by")),
)
STATES = {
    ANNOUNCED: _("announced"),
    IN_FORCE: _("in force"),
    OLDER: _("in force for what began earlier"),
    PAST: _("past"),
    REPLACED: _("superseded for the same date"),
    KEPT: _("repeats the current value"),
    TAKEN_BACK: _("withdraws the announced value"),
}
BINDS = {"request": _("every request"), "origin": _("what began on or after its date")}


def matching_codes(query):
    """Return the codes of policies that match a question phrased as in the FAQ, best match first; [] if none does."""
    return matching.matching_names(query, _all_said(get_language()), most=MOST) if query else []


def palette_entries(words, *, on, most=3):
    """Return the matches with their sentences as of a date, for the palette: [{"name", "note", "href"}]. Two queries at most."""
    codes = matching_codes(words)[:most]
    book = PolicyValue.objects.book(on=on) if codes else None
    return [
        {
            "name": POLICIES[code].say(book.dated(code).value),
            "note": code,
            "href": reverse("admin:policies_policyvalue_timeline", args=[code]),
        }
        for code in codes
    ]


@cache
def _all_said(_language):
    """Return {code: searchable text of its policy}, cached per language because the palette needs it on every keystroke."""
    return {code: _said(policy) for code, policy in POLICIES.items()}


def _said(policy):
    """Return (sentence, titles of the rule, question, articles and request types, related text), without figures."""
    rule = RULES[policy.rule]
    about = [article for article in articles().values() if policy.code in article.policies or article == article_of_rule(rule.code)]
    asked = kinds if len(kinds := _kinds(policy)) < len(TYPES) else []
    names = [rule.title, policy.article, *re.split(r"[._]", policy.code), *(article.search_terms for article in about)]
    text = [BRACES.sub(" ", str(rule.sentence)), *(article.title for article in about), *(kind.title for kind in asked)]
    return policy.tell(""), " ".join(map(str, names)), " ".join(map(str, text))


def usages(policy):
    """Return where a policy is used: the `articles` that quote it, the request `types` its rule applies to; `is_for_all`: to all."""
    about = [a for a in articles().values() if policy.code in a.policies or (a.question == policy.article and policy.rule in a.rules)]
    kinds = [(kind.title, f"{reverse('desk:queue')}?{urlencode({'type': kind.code})}") for kind in _kinds(policy)]
    return {"articles": about, "is_for_all": len(kinds) == len(TYPES), "types": kinds}


def _kinds(policy):
    return [kind for kind in TYPES.values() if policy.rule in kind.rules]


def rows(of_code):
    """Yield all dated values of {code: Timeline}, by topic and date, in the order of HEADING."""
    for topic, policies, _families in TOPICS:
        for policy in policies:
            about = (str(topic), policy.rule, policy.code, str(policy.article))
            for entry in of_code[policy.code].entries:
                days = (None if entry.since_ever else entry.valid_from, entry.last_day if entry.until != entry.valid_from else None)
                said = (str(BINDS[entry.basis]), str(STATES[entry.state]), entry.note, entry.set_by, entry.set_at, entry.approved_by)
                yield (*about, policy.tell(entry.shown), entry.shown, *days, *said)
