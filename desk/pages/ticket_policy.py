"""The policy card of an agent's page: how the request is judged now, and what is different from when it was submitted."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.amounts import in_words

OUTCOMES = {"allowed": gettext_lazy("Allowed"), "needs_review": gettext_lazy("Needs review"), "denied": gettext_lazy("Not possible")}


def differences(then, now):
    """What two verdicts (as JSON) say differently, side by side: [{label, then, now}]; "" stands for nothing said."""
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


def prices(then, now, partner):
    """What verdicts charge and credit differently, side by side: as `differences`; who pays, where it is not the `partner` that asks.

    5 licences and 6 are two things, each with its price: a row has one title.
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
    """What a message says, however it spaces a number: those of older tickets were not grouped."""
    return re.sub(r"[\s-]", "", str(message))


def _outcome(verdict):
    return OUTCOMES.get(verdict.get("outcome"), "")


def _findings(verdict):
    """{(rule, field, subject): (rule, message)}; charges are compared by their sums. Who has yet to agree is no difference."""
    found = [f for f in verdict.get("findings", ()) if f["effect"] != "charge" and f.get("needs") != "consent"]
    return {(f["rule"], f["field"], f["subject"]): (f["rule"], _message(f)) for f in found}


def _message(finding):
    return f"{finding['message']} ({_('set aside')})" if finding.get("overridden") else finding["message"]


def _charges(verdict):
    listed = [*verdict.get("charges", ()), *verdict.get("credits", ())]
    return {(c["fee"], c["payer"]): (c["title"], in_words(Decimal(c["amount"]), c["currency"])) for c in listed}
