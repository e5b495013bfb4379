"""API: the body of a correction to a partner's input, and the problems of one that cannot be saved."""

from django.utils.translation import gettext as _

from policies.verdict import DENIED
from tickets.services import correcting
from web.json_forms import given, unknown
from web.problems import Invalid, Problem


def correction(kind, body):
    """Return (given, seen) from a body {"fields", "seen"} as services.correcting takes them. Raise Invalid."""
    if not isinstance(body, dict):
        raise Invalid(detail=_("The body must be a JSON object."))
    errors = unknown(body, ("fields", "seen"))
    fields, seen = body.get("fields"), body.get("seen", {})
    if not isinstance(fields, dict) or not fields:
        errors["fields"] = [_("Send the fields to correct as an object.")]
    if not isinstance(seen, dict):
        errors["seen"] = [_("Send the fields as you last read them as an object.")]
    elif strange := unknown(seen, kind.form.base_fields):  # a misspelt name would silently not be compared
        errors["seen"] = [_("There is no such field: %(names)s.") % {"names": ", ".join(strange)}]
    if errors:
        raise Invalid(errors)
    data, errors = given(kind.form, fields)
    can_be = correcting.fields(kind)
    errors |= unknown(fields, kind.form.base_fields)
    own = _("This is the partner’s own statement and cannot be corrected.")
    errors |= {name: [own] for name in fields if name in kind.form.base_fields and name not in can_be}
    if errors:
        raise Invalid(errors)
    return data, {name: text for name, text in correcting.texts(kind, seen).items() if name in seen}


def refused(refusal):
    """Return a correcting.Refused as a Problem: 422 if the policies deny the correction, 409 if it changes the price."""
    verdict = refusal.verdict.as_json()
    if refusal.is_other_price and verdict["outcome"] != DENIED:
        detail = _("With these details the price differs from what the partner accepted. Nothing was saved.")
        return Problem(409, detail, kind="other-price", charges=verdict["charges"], verdict=verdict)
    if not refusal.set_aside:
        return Problem(
            422, _("The policies do not allow the request with these details. Nothing was saved."), kind="denied", verdict=verdict
        )
    rules = ", ".join(dict.fromkeys(finding.rule for finding in refusal.set_aside))
    detail = _("Rule %(rules)s was set aside for the previous details, not for these. Nothing was saved.") % {"rules": rules}
    return Problem(422, detail, kind="denied", verdict=verdict)


def conflict(found):
    """Return a handling.Conflict as a Problem: for each field, the current value and the one sent."""
    conflicts = [
        {"field": one.field, "now": correcting.value_of(one.theirs), "yours": correcting.value_of(one.yours)}
        for one in found.differences
        if one.is_clash
    ]
    return Problem(409, _("Someone has changed this since you last read it. Nothing was saved."), kind="conflict", conflicts=conflicts)
