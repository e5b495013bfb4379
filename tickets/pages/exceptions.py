"""Links for a partner to ask for an exception from the rules: a question to the care team with its details filled in."""

import datetime

from django.utils.translation import gettext as _

from classound.numbers import grouped
from partners.asset_lists import form_url
from policies.verdict import DENIED, DENY
from policies.wording import day_in_full, first_of
from tickets.types.general_question import asked_about

SHOWN = 5  # reasons and answers
LONGEST = 300  # characters of a reason or subject: all of the text goes into a URL


def link(kind, form, verdict, chosen, *, now):
    """Return the URL of the filled-in question form; "" if nothing is denied, or something is that cannot be set aside.

    `chosen` is {field: [name]} of the ticked assets; `form` is bound.
    """
    if verdict is None or verdict.outcome != DENIED or kind.always_denied:
        return ""
    refused = [finding for finding in verdict.findings if finding.effect == DENY and not finding.overridden]
    if not all(finding.may_be_overridden for finding in refused):
        return ""
    about = _about(kind, form, chosen, now)
    return _question(kind, about, "\n".join([about, *_answered(form)]), _("Reasons it is not allowed:") + "\n" + _reasons(refused))


def link_from_list(kind):
    """Return the same URL before anything is chosen, for assets that a list shows as not selectable."""
    return _question(kind, str(kind.title), f"{kind.title}: ", "")


def _question(kind, about, asked, refused):
    """Return the URL of the question form with this text; the partner completes it with its own reason."""
    parts = (_("Please allow this as an exception: %(request)s") % {"request": asked}, refused, _("Why we need it anyway:") + "\n")
    words = {
        "topic": asked_about(kind.topic),
        "subject": _("Exception: %(request)s") % {"request": about},
        "message": "\n\n".join(filter(None, parts)),
    }
    return form_url("general_question", **words)


def _about(kind, form, chosen, now):
    """Return the subject of the request; while it is incomplete, its type and the chosen assets."""
    if form.is_valid():
        return str(kind.subject(form.answers(at=now)))[:LONGEST]
    names = [grouped(name) for names in chosen.values() for name in names if name]
    return f"{kind.title}: {first_of(names)}"[:LONGEST] if names else str(kind.title)


def _answered(form):
    """Return the other answers as lines such as "New porting date: 30 November 2026"."""
    found = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if isinstance(value, datetime.date):
            found.append(f"{field.label}: {day_in_full(value)}")
        elif value and isinstance(value, str) and name != "message":
            found.append(f"{field.label}: {dict(getattr(field, 'choices', ())).get(value, value)}"[:LONGEST])
    return found[:SHOWN]


def _reasons(refused):
    """Return each distinct reason with its rule."""
    reasons = dict.fromkeys(f"- {finding.message} ({finding.rule})"[:LONGEST] for finding in refused)
    return "\n".join(list(reasons)[:SHOWN])
