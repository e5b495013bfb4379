"""Findings about PBXs outside requests, prepared for pages and the API."""

from policies.catalog import POLICIES
from policies.rulebook import RULES


def finding_context(finding):
    """Return the finding with its rule's title and the policy sentences behind it, see components/finding.html."""
    policies = [policy_in_words(code, finding.policy) for code in finding.policy]
    return {
        "rule": finding.rule,
        "effect": finding.effect,
        "title": RULES[finding.rule].title,
        "message": finding.message,
        "policies": policies,
    }


def policy_in_words(code, values):
    """Return a policy's rule, and its sentence with the value used."""
    rule = RULES[POLICIES[code].rule]
    return {"rule": rule.code, "title": rule.title, "text": POLICIES[code].tell(values[code])}
