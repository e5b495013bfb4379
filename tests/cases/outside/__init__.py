"""What the product says about the facts of a case outside requests, as lines of words; a rule's line begins with its code.

Each function here is the `of` of a case file beside it. It takes the facts of one case and calls the product's own function.
"""


def found(findings):
    """Return findings in the notation of the case files: `RULE effect field`."""
    return [" ".join(filter(None, (finding.rule, finding.effect, finding.field))) for finding in findings]
