"""What the product says of the facts of a case outside requests, as lines of words; a line of a rule begins with its code.

Each function here is the `of` of a case file beside it. It takes the facts of one case and asks the product's own function.
"""


def found(findings):
    """Findings in the words of the case files: `RULE effect field`."""
    return [" ".join(filter(None, (finding.rule, finding.effect, finding.field))) for finding in findings]
