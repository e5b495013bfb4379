"""Verdicts for display."""

import datetime
from decimal import Decimal

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from classound.numbers import grouped
from knowledge.articles import article_of_rule
from partners.models import Partner
from policies.catalog import POLICIES
from policies.rulebook import RULES
from policies.verdict import CHARGE, DENIED, DENY, REQUIRE, WARN
from tickets.fields import RowsField
from tickets.models import Confirmation
from tickets.pages.rows import sum_of_credits

WEIGHT = (DENY, REQUIRE, WARN)  # denials are listed first


def policy_url(user):
    """Return the URL of the policy values that pages cite, for administrators; "" for others."""
    return reverse("admin:policies_policyvalue_changelist") if user.is_staff else ""


def shown(verdict, *, kind, viewer_partner=None, known=(), asked=None, at=None):
    """Return a verdict (a Verdict, or its JSON stored on a ticket) on a request of this kind as the context of components/verdict.html.

    Each finding has the subject it is `about`, the `title` of its rule and the policy sentences behind it; each charge has its rule and
    policy. `rules` are all rules evaluated, `allowed_from` is the day from which all of it is possible (not stored on tickets),
    `rules_on` the day of its rules or, with `at`, that moment: values set later that day did not bind it (docs/decisions/0311);
    `total` the sum of several charges, `credited` the sum of several credits; `by_consent`: only the parties' agreement is
    required. A partner sees its own name, the names of the partners `asked` to agree ({code: name}) and the codes of others, and no
    review finding on a denied request. `known` are partners whose names need no lookup, the asking one first: what it pays
    itself is marked `own`.
    """
    data, possible_from = (verdict, None) if isinstance(verdict, dict) else (verdict.as_json(), verdict.possible_from)
    if not data:
        return None
    is_refused = viewer_partner and data["outcome"] == DENIED
    listed = [f for f in data["findings"] if f["effect"] != CHARGE and not (is_refused and f.get("needs") == "approval")]
    listed.sort(key=lambda finding: WEIGHT.index(finding["effect"]))
    findings = [_finding(f, kind, for_partner=bool(viewer_partner)) for f in listed]
    linked = set()
    for finding in findings:  # the article of a rule with several findings is linked once
        finding["article"] = "" if finding["article"] in linked else finding["article"]
        linked.add(finding["article"])
    names = (asked or {}) | _names([*data["charges"], *data["credits"]], viewer_partner, known)
    asks = viewer_partner or next(iter(known), None)
    certain = [charge for charge in data["charges"] if not charge.get("contingent")]
    return data | {
        "findings": findings,
        "charges": _charges(data, data["charges"], names, asks),
        "credits": _charges(data, data["credits"], names, asks),
        "rules": [(code, RULES[code].title) for code in kind.rules],
        "total": sum(Decimal(c["amount"]) for c in certain) if len(certain) > 1 else None,
        "currency": data["charges"][0]["currency"] if data["charges"] else "",
        "credited": None if certain else sum_of_credits(data["credits"]),
        "by_consent": {f.get("needs") for f in findings if f["effect"] == REQUIRE} == {"consent"},
        "allowed_from": possible_from if data["outcome"] == DENIED else None,
        "policy_date": _day(data["policy_date"]),
        "rules_on": f"{at:%Y-%m-%dT%H:%M:%S.%fZ}" if at else data["policy_date"],
    }


def _finding(finding, kind, *, for_partner):
    """Return a finding with its subject: the number or serial, else the field's label; a party is named in the message itself."""
    field = kind.form.base_fields.get(finding["field"])
    subject = "" if finding["subject"] in Confirmation.Party.values else finding["subject"]
    if isinstance(field, RowsField) and subject.isdigit():
        subject = _("Line %(number)s") % {"number": subject}
    rule, article = RULES.get(finding["rule"]), article_of_rule(finding["rule"])
    return finding | {
        "about": grouped(subject) or _label(field),
        "anchor": f"id_{finding['field']}" if field else "",
        "title": str(rule.title) if rule else "",
        "article": article.slug if article else "",
        "article_title": article.title if article else "",
        "allowed_from": _day(finding["allowed_from"]),
        "policies": _policies(finding),
        "overridden": bool(finding.get("overridden")) if for_partner else finding.get("overridden", ""),
    }


def _label(field):
    """Return a field's label; a tick box whose label is a whole sentence is called "Confirmation"."""
    if isinstance(field, forms.BooleanField) and str(field.label).endswith("."):
        return _("Confirmation")
    return str(field.label) if field else ""


def _policies(finding):
    return [{"code": code, "text": _sentence(code, value)} for code, value in finding["policy"].items()]


def _sentence(code, value):
    """Return the policy sentence with the value that was read; for a code no longer declared, code and value."""
    return POLICIES[code].tell(str(value)) if code in POLICIES else f"{code}: {value}"


def _names(listed, viewer_partner, known):
    """Return {code: name} of the payers: only its own for a partner, all for staff, looked up if not `known`."""
    if viewer_partner:
        return {viewer_partner.code: viewer_partner.name}
    names = {partner.code: partner.name for partner in known}
    missing = {charge["payer"] for charge in listed} - names.keys()
    return names | dict(Partner.objects.filter(code__in=missing).values_list("code", "name")) if missing else names


def _charges(data, listed, names, asks):
    """Return the charges (or credits) with their payers' names, whether the asking Partner pays (`own`), and the rule behind each."""
    causes = {f["subject"]: {"rule": f["rule"], "policies": _policies(f)} for f in data["findings"] if f["effect"] == CHARGE}
    own = asks and asks.code
    return [
        charge | {"payer_name": names.get(charge["payer"], charge["payer"]), "own": charge["payer"] == own} | causes.get(charge["fee"], {})
        for charge in listed
    ]


def _day(text):
    return datetime.date.fromisoformat(text) if text else None
