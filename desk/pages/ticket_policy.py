"""The policy card of the ticket page: differences between the current policy result and the one at submission."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.amounts import format_amount

OUTCOMES = {"allowed": gettext_lazy("Allowed"), "needs_review": gettext_lazy("Needs review"), "denied": gettext_lazy("Not possible")}


def differences(then, now):
    """Return the differences between two verdicts (as JSON) as [{label, then, now}]; "" means absent."""
    rows = []
    if then.get("outcome") != now.get("outcome"):
        rows.append({"label": _("Answer"), "then": _outcome(then), "now": _outcome(now)})
    for read in (_findings, _charges):
        before, after = read(then), read(now)
        for key in dict.fromkeys([*before, *after]):
            label = (before.get(key) or after[key])[0]
            said, says = before.get(key, ("", ""))[1], after.get(key, ("", ""))[1]
            if compared(said) != compared(says):
                rows.append({"label": label, "then": said, "now": says})
    return rows


def new_obstacles(then, now):
    """Return the messages of what prevents the execution now (a Verdict) and did not at `then` (a verdict as JSON).

    A document or quote that was missing then is still the same one, even if a new version words its finding differently.
    """
    said = {compared(f["message"]) for f in then["findings"]}
    missing = {(f["rule"], f["field"], f["subject"], f["needs"]) for f in then["findings"] if f.get("needs") and not f.get("overridden")}
    return [f.message for f in now.blocking if compared(f.message) not in said and (f.rule, f.field, f.subject, f.needs) not in missing]


def prices(then, now, partner):
    """Return differences in charges and credits, in the form of `differences`; the payer is named if it is not `partner`.

    A row has one title, so 5 licences and 6 licences are two rows, each with its price.
    """
    before, after = _paid(then, partner), _paid(now, partner)
    rows = [{"label": key[-1], "then": before.get(key, ""), "now": after.get(key, "")} for key in dict.fromkeys([*before, *after])]
    return [row for row in rows if row["then"] != row["now"]]


def _paid(verdict, partner):
    said = _("%(price)s, by %(payer)s")
    return {
        (fee, payer, title): price if payer == partner.code else said % {"price": price, "payer": payer}
        for (fee, payer), (title, price) in _charges(verdict).items()
    }


def compared(message):
    """Return the message without spaces and hyphens: older tickets stored numbers ungrouped."""
    return re.sub(r"[\s-]", "", str(message))


def _outcome(verdict):
    return OUTCOMES.get(verdict.get("outcome"), "")


def _findings(verdict):
    """Return {(rule, field, subject): (rule, message)} without charges (compared by amount) and outstanding consents."""
    found = [f for f in verdict.get("findings", ()) if f["effect"] != "charge" and f.get("needs") != "consent"]
    return {(f["rule"], f["field"], f["subject"]): (f["rule"], _message(f)) for f in found}


def _message(finding):
    return f"{finding['message']} ({_('overridden')})" if finding.get("overridden") else finding["message"]


def _charges(verdict):
    listed = [*verdict.get("charges", ()), *verdict.get("credits", ())]
    return {(c["fee"], c["payer"]): (c["title"], format_amount(Decimal(c["amount"]), c["currency"])) for c in listed}
