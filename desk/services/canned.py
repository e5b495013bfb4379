"""Canned answers: texts with variables that are filled in for a ticket."""

import re
from datetime import date
from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, Case, Func, IntegerField, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from classound.numbers import grouped
from desk.models import CannedAnswer
from policies.wording import day_in_full
from tickets.models.ticket import NEVER
from tickets.services.lifecycle import NotNow

VARIABLE = re.compile(r"{([^{}\n]*)}")
ASSETS = ("dids", "did", "serials", "serial", "devices", "device", "pbx", "order", "invoice")
# The variables that a text may use, with their descriptions and values.
VARIABLES = {
    "partner.name": (gettext_lazy("the partner’s name"), lambda ticket, agent: ticket.partner.name),
    "ticket.number": (gettext_lazy("the ticket’s number"), lambda ticket, agent: str(ticket.pk)),
    "ticket.subject": (gettext_lazy("the ticket’s subject"), lambda ticket, agent: ticket.subject),
    "requester.name": (gettext_lazy("the requester’s name"), lambda ticket, agent: str(ticket.requester)),
    "agent.name": (gettext_lazy("the agent’s name"), lambda ticket, agent: str(agent) if agent else _("the care team")),
    "asset": (gettext_lazy("the numbers, devices or PBX concerned"), lambda ticket, agent: _asset(ticket)),
    "allowed_from": (gettext_lazy("the earliest possible date"), lambda ticket, agent: _allowed_from(ticket)),
}

# The tickets that have no value for a variable; every ticket has one for the variables not listed here.
LACKS = {
    "asset": ~Q(answers__has_any_keys=ASSETS),
    "allowed_from": ~Q(
        Func(
            Coalesce("execution_verdict", "verdict"),
            Value('$.findings[*] ? (@.allowed_from like_regex ".")'),
            function="jsonb_path_exists",
            template="%(function)s(%(expressions)s::jsonpath)",
            output_field=BooleanField(),
        )
    ),
}


def checked(text):
    """Return the text if all its variables are known. Raise ValidationError otherwise."""
    unknown = [name for name in VARIABLE.findall(text) if name.strip() not in VARIABLES]
    if unknown:
        raise ValidationError(
            _("%(unknown)s is not a known variable. Available variables: %(known)s.")
            % {"unknown": f"{{{unknown[0]}}}", "known": ", ".join(f"{{{name}}}" for name in VARIABLES)},
            code="variable",
        )
    return text


def fill(text, ticket, *, agent):
    """Return the text filled in for this ticket, read with partner and requester. Variables without a value stay in braces, to be seen."""
    return VARIABLE.sub(lambda found: _value(found[1].strip(), ticket, agent) or found[0], text)


def fill_completely(text, ticket, *, agent):
    """Return the text filled in for this ticket, to be sent unread. Raise NotNow if the ticket lacks a value."""
    for found in VARIABLE.finditer(text):  # before filling in: braces in a partner's own words are no variables
        if not _value(found[1].strip(), ticket, agent):
            raise NotNow(_("This ticket has no value for %(variable)s.") % {"variable": found[0]})
    return fill(text, ticket, agent=agent)


def incomplete_for(text):
    """Return a Q for the tickets that lack a value for a variable of the text."""
    return reduce(or_, (LACKS.get(name.strip(), NEVER) for name in VARIABLE.findall(text)), NEVER)


def check_finished(text):
    """Raise ValidationError if a variable is left in a text that its author should have completed."""
    left = [found[0] for found in VARIABLE.finditer(text) if found[1].strip() in VARIABLES]
    if left:
        raise ValidationError(_("Fill in %(variable)s or remove it.") % {"variable": left[0]}, code="variable")


def offered(user, *, ticket=None):
    """Return the canned answers that this agent can use now, those that fit the ticket first."""
    found = CannedAnswer.objects.offered_to(user)
    if ticket is None:
        return found
    fits = Case(
        When(type_code=ticket.type_code, then=Value(0)),
        When(topic=ticket.topic, type_code="", then=Value(1)),
        When(topic="", type_code="", then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return found.order_by(fits, "title", "pk")


def _value(name, ticket, agent):
    return VARIABLES[name][1](ticket, agent) if name in VARIABLES else ""


def _asset(ticket):
    named = [ticket.answers[name] for name in ASSETS if ticket.answers.get(name)]
    return ", ".join(
        grouped(str(one)) for value in named for one in (value if isinstance(value, list) else [value]) if not isinstance(one, dict)
    )


def _allowed_from(ticket):
    newest = ticket.execution_verdict or ticket.verdict
    days = [finding["allowed_from"] for finding in newest.get("findings", ()) if finding.get("allowed_from")]
    return day_in_full(date.fromisoformat(max(days))) if days else ""
