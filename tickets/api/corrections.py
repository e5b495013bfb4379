"""API: what is sent to correct what a partner typed, and what cannot be saved of it."""

from django.utils.translation import gettext as _

from policies.verdict import DENIED
from tickets.services import correcting
from web.json_forms import given, unknown
from web.problems import Invalid, Problem


def correction(kind, body):
    """(given, seen) of a body {"fields", "seen"} as services.correcting takes them. Raises Invalid."""
    if not isinstance(body, dict):
        raise Invalid(detail=_("The body has to be a JSON object."))
    errors = unknown(body, ("fields", "seen"))
    fields, seen = body.get("fields"), body.get("seen", {})
    if not isinstance(fields, dict) or not fields:
        errors["fields"] = [_("Send the fields to correct as an object.")]
    if not isinstance(seen, dict):
        errors["seen"] = [_("Send the fields as you have seen them as an object.")]
    elif strange := unknown(seen, kind.form.base_fields):  # one that is misspelt would be compared with nothing
        errors["seen"] = [_("There is no such field: %(names)s.") % {"names": ", ".join(strange)}]
    if errors:
        raise Invalid(errors)
    data, errors = given(kind.form, fields)
    can_be = correcting.fields(kind)
    errors |= unknown(fields, kind.form.base_fields)
    own = _("This is the partner’s own word, and is not corrected.")
    errors |= {name: [own] for name in fields if name in kind.form.base_fields and name not in can_be}
    if errors:
        raise Invalid(errors)
    return data, {name: text for name, text in correcting.texts(kind, seen).items() if name in seen}


def refused(refusal):
    """A correcting.Refused as a Problem: 422 for what is not allowed like this, 409 for what costs something else."""
    verdict = refusal.verdict.as_json()
    if refusal.is_other_price and verdict["outcome"] != DENIED:
        detail = _("Like this, it costs something else than the partner has accepted. Nothing was saved.")
        return Problem(409, detail, kind="other-price", charges=verdict["charges"], verdict=verdict)
    if not refusal.set_aside:
        return Problem(422, _("Like this, the policies do not allow the request. Nothing was saved."), kind="denied", verdict=verdict)
    rules = ", ".join(dict.fromkeys(finding.rule for finding in refusal.set_aside))
    detail = _("The rule %(rules)s was set aside for what was asked before, not for this. Nothing was saved.") % {"rules": rules}
    return Problem(422, detail, kind="denied", verdict=verdict)


def conflict(found):
    """A handling.Conflict about what was typed as a Problem: what stands there by now, beside what was to be saved."""
    conflicts = [
        {"field": one.field, "now": correcting.value_of(one.theirs), "yours": correcting.value_of(one.yours)}
        for one in found.differences
        if one.is_clash
    ]
    return Problem(409, _("Somebody has changed this since you have seen it. Nothing was saved."), kind="conflict", conflicts=conflicts)
