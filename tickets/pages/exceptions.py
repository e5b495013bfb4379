"""Where a partner asks for an exception from what the rules refuse: a question to the care team that says what it is about already."""

import datetime

from django.utils.translation import gettext as _

from classound.numbers import grouped
from partners.assets import form_url
from policies.verdict import DENIED, DENY
from policies.wording import day_in_full, first_of
from tickets.types.general_question import asked_about

TOLD = 5  # reasons and answers
LONGEST = 300  # characters of a reason or of what it is about: all of it goes into an address


def link(kind, form, verdict, chosen, *, now):
    """The address of the form for questions, filled in; "" where nothing is refused, or something in it that nobody can set aside.

    `chosen` is {field: [name]} of what was ticked; `form` is bound.
    """
    if verdict is None or verdict.outcome != DENIED or kind.instead:
        return ""
    refused = [finding for finding in verdict.findings if finding.effect == DENY and not finding.overridden]
    if not all(finding.may_be_overridden for finding in refused):
        return ""
    about = _about(kind, form, chosen, now)
    return _question(kind, about, "\n".join([about, *_answered(form)]), _("The rules refuse it:") + "\n" + _reasons(refused))


def link_from_list(kind):
    """The same while nothing is chosen, for what a list says cannot be."""
    return _question(kind, str(kind.title), f"{kind.title}: ", "")


def _question(kind, about, asked, refused):
    """The address of the form for questions with these words in it; what follows is for the partner to say."""
    parts = (_("Please allow this as an exception: %(request)s") % {"request": asked}, refused, _("Why we need it all the same:") + "\n")
    words = {
        "topic": asked_about(kind.topic),
        "subject": _("Exception: %(request)s") % {"request": about},
        "message": "\n\n".join(filter(None, parts)),
    }
    return form_url("general_question", **words)


def _about(kind, form, chosen, now):
    """What the request would be called; while it is not complete, its type and what is chosen."""
    if form.is_valid():
        return str(kind.subject(form.answers(at=now)))[:LONGEST]
    names = [grouped(name) for names in chosen.values() for name in names if name]
    return f"{kind.title}: {first_of(names)}"[:LONGEST] if names else str(kind.title)


def _answered(form):
    """What else was answered, "New porting date: 30 November 2026"."""
    found = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if isinstance(value, datetime.date):
            found.append(f"{field.label}: {day_in_full(value)}")
        elif value and isinstance(value, str) and name != "message":
            found.append(f"{field.label}: {dict(getattr(field, 'choices', ())).get(value, value)}"[:LONGEST])
    return found[:TOLD]


def _reasons(refused):
    """Each reason once, with its rule."""
    told = dict.fromkeys(f"- {finding.message} ({finding.rule})"[:LONGEST] for finding in refused)
    return "\n".join(list(told)[:TOLD])
