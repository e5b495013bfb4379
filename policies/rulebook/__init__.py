"""The rulebook: every rule the product cites, by code. Its sentences contain no figures of their own."""

from policies.rulebook import classound, company, general, hwaas, licences
from policies.rulebook.rule import Rule

__all__ = ["RULES", "Rule"]

RULES = {rule.code: rule for module in (general, classound, hwaas, licences, company) for rule in module.RULES}
