"""Findings about PBXs, outside of requests, as pages and programs show them."""

from policies.catalog import POLICIES
from policies.rulebook import RULES


def shown_finding(finding):
    """The finding with the title of its rule and the policy sentences behind it, see components/finding.html."""
    policies = [policy_in_words(code, finding.policy) for code in finding.policy]
    return {
        "rule": finding.rule,
        "effect": finding.effect,
        "title": RULES[finding.rule].title,
        "message": finding.message,
        "policies": policies,
    }


def policy_in_words(code, values):
    """A policy's rule, and its sentence with the value that was read."""
    rule = RULES[POLICIES[code].rule]
    return {"rule": rule.code, "title": rule.title, "text": POLICIES[code].tell(values[code])}
