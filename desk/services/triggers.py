"""The events, times and conditions that automations can use."""

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import DateTimeField, Exists, F, OuterRef, Q, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.services.action_types import tag_of
from partners.models import Partner, User
from tickets.filters import TOPIC_CHOICES, TYPE_CHOICES
from tickets.models import Event, Ticket, TicketCharge
from tickets.models.ticket import RUNNING
from web.number_fields import is_plain
from web.user_input import parse_text

K, S = Event.Kind, Ticket.Status
# What triggers an automation: its label and the matching events.
EVENTS = {
    "submitted": (gettext_lazy("a request is submitted"), Q(kind=K.SUBMITTED)),
    "message": (gettext_lazy("the partner writes"), Q(kind__in=(K.MESSAGE, K.ATTACHED), actor__role=User.Role.CONTACT)),
    "status": (
        gettext_lazy("the status changes"),
        Q(kind=K.STATUS, data__field="status") | Q(kind__in=(K.QUESTION, K.SOLVED, K.ANSWERED, K.REJECTED, K.WITHDRAWN, K.REOPENED)),
    ),
    "assigned": (gettext_lazy("the owner changes"), Q(kind=K.ASSIGNED)),
    "answered": (gettext_lazy("a question is answered"), Q(kind=K.ANSWERED)),
    "rejected": (gettext_lazy("a request is rejected"), Q(kind=K.REJECTED)),
    "reopened": (gettext_lazy("a ticket is reopened"), Q(kind=K.REOPENED)),
    "confirmation": (gettext_lazy("a party confirms or declines"), Q(kind=K.CONFIRMATION, data__decision__gt="")),
    "posted": (gettext_lazy("a charge is posted"), Q(kind=K.POSTED)),
    "note": (gettext_lazy("an internal note is written"), Q(kind=K.NOTE)),
}
TIME = "time"
# When the wait for the partner's answer began: the open pause, or else the last change.
_WAITING = Coalesce(Cast(KeyTextTransform(0, KeyTextTransform(-1, "pauses")), DateTimeField()), F("updated_at"))
# The moments from which hours are counted: label, column, and the tickets concerned.
TIMES = {
    "created": (gettext_lazy("it was submitted"), F("created_at"), RUNNING),
    "updated": (gettext_lazy("it was last changed by a person"), F("updated_at"), RUNNING),
    "waiting": (gettext_lazy("it began waiting for the partner"), _WAITING, Q(status=S.PENDING)),
    "solved": (gettext_lazy("it was solved"), F("solved_at"), Q(status=S.SOLVED)),
    "due": (gettext_lazy("its reply or solution was due"), F("due_at"), RUNNING & Q(due_at__isnull=False)),
}


class Condition(NamedTuple):
    """A condition on tickets: its value is one of `choices`, or any text that `clean` accepts."""

    label: str
    condition: Callable
    choices: Callable | None = None
    clean: Callable | None = None


def _partner(text):
    return Partner.objects.resolve(parse_text(text, 100)).code


def _amount(text):
    amount = Decimal(text.strip()) if is_plain(text.strip()) else None
    if amount is None or not 0 <= amount < 10**9:
        raise ValidationError(_("Enter an amount, such as 50."))
    return str(amount)


def _costs_more(value):
    fees = TicketCharge.objects.filter(ticket=OuterRef("pk"), contingent=False).exclude(kind__in=TicketCharge.CREDITS)
    return Q(Exists(fees.order_by().values("ticket").annotate(price=Sum("amount")).filter(price__gt=Decimal(value)).values("price")))


OUTCOMES = (("allowed", gettext_lazy("allowed")), ("needs_review", gettext_lazy("needs review")), ("denied", gettext_lazy("denied")))
OWNERS = (("nobody", gettext_lazy("unassigned")), ("set", gettext_lazy("assigned")))
CONDITIONS = {
    "type": Condition(gettext_lazy("Type is"), lambda value: Q(type_code=value), lambda: TYPE_CHOICES),
    "topic": Condition(gettext_lazy("Topic is"), lambda value: Q(topic=value), lambda: TOPIC_CHOICES),
    "status": Condition(gettext_lazy("Status is"), lambda value: Q(status=value), lambda: S.choices),
    "waiting_for": Condition(
        gettext_lazy("Ticket is waiting for"),
        lambda value: Q(waiting_for=value),
        lambda: [choice for choice in Ticket.WaitingFor.choices if choice[0]],
    ),
    "priority": Condition(
        gettext_lazy("Priority is"), lambda value: Q(priority=int(value)), lambda: [(str(v), label) for v, label in Ticket.Priority.choices]
    ),
    "owner": Condition(
        gettext_lazy("Ticket is"),
        lambda value: Q(assignee__isnull=value == "nobody"),
        lambda: OWNERS,
    ),
    "region": Condition(gettext_lazy("Region is"), lambda value: Q(partner__region=value), lambda: Partner.Region.choices),
    "outcome": Condition(gettext_lazy("Outcome is"), lambda value: Q(verdict__outcome=value), lambda: OUTCOMES),
    "partner": Condition(gettext_lazy("Partner is"), lambda value: Q(partner__code=value), clean=_partner),
    "tag": Condition(gettext_lazy("Has the tag"), lambda value: Q(tags__contains=[value]), clean=tag_of),
    "untagged": Condition(gettext_lazy("Lacks the tag"), lambda value: ~Q(tags__contains=[value]), clean=tag_of),
    "fee": Condition(gettext_lazy("Costs more than"), _costs_more, clean=_amount),
}


def matching(conditions):
    """Return the tickets that meet the conditions: any of the same kind is enough, those of different kinds must all be met."""
    by_kind = {}
    for asked in conditions:
        one = CONDITIONS[asked["if"]].condition(asked["value"])
        by_kind[asked["if"]] = by_kind[asked["if"]] | one if asked["if"] in by_kind else one
    every = Q()
    for any_of in by_kind.values():
        every &= any_of
    return every


def condition(code, value):
    """Return the condition as it is stored, from a form's values. Raise ValidationError."""
    known = CONDITIONS.get(code)
    if known is None:
        raise ValidationError(_("Choose a condition."), code="required")
    if known.choices:
        if value not in {str(choice) for choice, _label in known.choices()}:
            raise ValidationError(_("Choose one of the listed values."), code="invalid_choice")
        return {"if": code, "value": value}
    return {"if": code, "value": known.clean(value)}


def in_words(conditions):
    """Return one line for people per condition."""
    for asked in conditions:
        known = CONDITIONS[asked["if"]]
        names = {str(choice): label for choice, label in known.choices()} if known.choices else {}
        yield f"{known.label} {names.get(asked['value'], asked['value'])}"
