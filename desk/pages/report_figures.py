"""Report figures. Each is queried once, on first access, and reads index ranges, never a whole table."""

import json
from collections import Counter
from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Aggregate,
    BigIntegerField,
    Case,
    Count,
    DateTimeField,
    DurationField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Substr, TruncMonth

from billing.models import LedgerEntry
from desk.report_filters import LATE, MEASURED, OUTCOME_KNOWN, beginning, end, filed_in
from tickets.models import Confirmation, DeniedAttempt, Override, Ticket
from tickets.types import TYPES

K = LedgerEntry.Kind
NOTES = 8


class Percentiles(Aggregate):
    """The median and 90th percentile: [median, 90 %], [] over no values."""

    function = "PERCENTILE_DISC"
    template = "%(function)s(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, expression, of=IntegerField, **extra):
        super().__init__(expression, output_field=ArrayField(of()), **extra)


class RolledUp(Func):
    """A column for GROUP BY ROLLUP, which Django does not support: it adds a total row where the column is NULL."""

    template = "%(expressions)s"
    contains_aggregate = True  # makes Django call get_group_by_cols() instead of grouping by column position

    def get_group_by_cols(self):
        return [Func(*self.source_expressions, function="ROLLUP", output_field=self.output_field)]


class Figures:
    """All figures for a report (Asked), as one staff member may see them."""

    def __init__(self, user, asked):
        self.user, self.asked = user, asked

    @cached_property
    def tickets(self):
        """Return the tickets filed in the period."""
        return Ticket.objects.visible_to(self.user).filter(self._of_ticket()).order_by()

    def _of_ticket(self, path=""):
        """Return the report's period and filters as a condition on the ticket at lookup prefix `path`."""
        asked = self.asked
        keys = {"type_code": asked.type, "topic": asked.topic, "partner": asked.partner, "assignee": asked.owner}
        return filed_in(asked.first, asked.last, path) & Q(**{path + key: value for key, value in keys.items() if value})

    @cached_property
    def by_type(self):
        """Return {type code, or "" for the total: its counts and percentiles}."""
        rows = self.tickets.values(code=RolledUp("type_code")).annotate(**COUNTS)
        return {row["code"] or "": row for row in rows}

    @cached_property
    def step(self):
        """Return the period that a chart column covers: day, week or month."""
        days = (self.asked.last - self.asked.first).days + 1
        return "day" if days <= 62 else "week" if days <= 400 else "month"

    @cached_property
    def steps(self):
        """Return [(first day, last day)] of the chart columns."""
        return self.asked.steps(self.step)

    @cached_property
    def by_day(self):
        """Return {first day of a step: number of tickets filed}."""
        return {self.steps[int(place) - 1][0]: filed for place, filed in self._tallies["day"].items()}

    @property
    def attempts(self):
        """Return {rule: refusals before filing}; who attempted the request is not stored."""
        return self._tallies["attempts"]

    @cached_property
    def rejections(self):
        """Return {rule: number of rejected tickets that broke it}."""
        counted: Counter = Counter()
        for broken, tickets in self._tallies["rejections"].items():
            counted.update(dict.fromkeys(json.loads(broken), tickets))
        return counted

    @cached_property
    def _tallies(self):
        """Return the counts grouped by a single key, all in one query: {what: {key: count}}."""
        rows = {"day": self._by_day(), "attempts": self._attempts(), "rejections": self._rejections()}
        first, *others = (found.values_list(Value(what, TextField()), "key", "tally") for what, found in rows.items())
        tallies: dict[str, dict] = {what: {} for what in rows}
        for what, key, tally in first.union(*others, all=True):
            tallies[what][key] = tally
        return tallies

    def _by_day(self):
        begins = Value([beginning(first) for first, _last in self.steps], ArrayField(DateTimeField()))
        place = Func("created_at", begins, function="WIDTH_BUCKET", output_field=IntegerField())
        return self.tickets.annotate(key=Cast(place, TextField())).values("key").annotate(tally=Count("*"))

    def _attempts(self):
        asked = self.asked
        counted = DeniedAttempt.objects.filter(day__range=(asked.first, asked.last))
        if asked.type or asked.topic:
            kinds = [kind.code for kind in TYPES.values() if kind.code == asked.type or (not asked.type and kind.topic == asked.topic)]
            counted = counted.filter(type_code__in=kinds)
        return counted.order_by().annotate(key=Cast("rule", TextField())).values("key").annotate(tally=Sum("count"))

    def _rejections(self):
        """Group by the list of broken rules: unnested, PostgreSQL would overestimate the rows a thousandfold and start parallel workers."""
        path = Value("$.findings[*].rule", output_field=TextField())
        broken = Func(F("verdict"), path, function="jsonb_path_query_array", template="%(function)s(%(expressions)s::jsonpath)::text")
        broken.output_field = TextField()
        return self.tickets.filter(outcome=Ticket.Outcome.REJECTED).annotate(key=broken).values("key").annotate(tally=Count("*"))

    @cached_property
    def overrides(self):
        """Return [(agent name, e-mail address, tickets, findings)], most overrides first."""
        rows = Override.objects.visible_to(self.user).filter(self._of_ticket("ticket__")).values("by__full_name", "by__email")
        counted = rows.annotate(tickets=Count("ticket", distinct=True), findings=Count("*")).order_by("-tickets", "by__email")
        return list(counted.values_list("by__full_name", "by__email", "tickets", "findings"))

    @cached_property
    def money(self):
        """Return [(month, currency, fees, reversed fees, credits, withdrawn credits)] as posted in the period, one row per currency."""
        asked = self.asked
        entries = LedgerEntry.objects.visible_to(self.user).filter(
            created_at__gte=beginning(asked.first), created_at__lt=end(asked.last), kind__in=(K.FEE, K.CHARGE, K.CREDIT_NOTE, K.REVERSAL)
        )
        if asked.partner:
            entries = entries.filter(partner=asked.partner)
        if asked.type or asked.topic or asked.owner:
            keys = {"type_code": asked.type, "topic": asked.topic, "assignee": asked.owner}
            cause = Ticket.objects.filter(pk=OuterRef("number"), **{key: value for key, value in keys.items() if value})
            entries = entries.annotate(number=CAUSE).filter(Exists(cause))
        sums = {
            "fees": Sum("amount", filter=Q(kind__in=(K.FEE, K.CHARGE)), default=0),
            "given_back": Sum("amount", filter=Q(kind=K.REVERSAL, amount__lt=0), default=0),
            "credits": Sum("amount", filter=Q(kind=K.CREDIT_NOTE), default=0),
            "withdrawn": Sum("amount", filter=Q(kind=K.REVERSAL, amount__gt=0), default=0),
        }
        rows = entries.order_by().annotate(month=TruncMonth("created_at")).values("month", "currency").annotate(**sums)
        found = rows.order_by("month", "currency").values_list("month", "currency", *sums)
        return [(month.date(), *rest) for month, *rest in found]

    @cached_property
    def confirmations(self):
        """Return [(party, asked, agreed, declined, outstanding, [median, 90 %] of the time from request to decision)]."""
        decided = {state: Count("pk", filter=Q(decision=value)) for state, value in (("yes", "agreed"), ("no", "declined"), ("open", ""))}
        taken = Percentiles(F("decided_at") - F("ticket__created_at"), DurationField)
        rows = Confirmation.objects.visible_to(self.user).filter(self._of_ticket("ticket__")).order_by().values("party")
        found = rows.annotate(asked=Count("*"), **decided, taken=taken).order_by("party")
        return list(found.values_list("party", "asked", "yes", "no", "open", "taken"))

    @cached_property
    def notes(self):
        """Return the tickets with the most recent comments from partners."""
        said = self.tickets.filter(is_satisfied__isnull=False).exclude(satisfaction_note="")
        return list(said.order_by("-rated_at").only("number", "subject", "satisfaction_note", "is_satisfied", "rated_at")[:NOTES])


# The number of the ticket that caused a ledger entry, if a ticket did.
CAUSE = Case(When(source__regex=r"^ticket:[0-9]{1,18}$", then=Cast(Substr("source", 8), BigIntegerField())), output_field=BigIntegerField())
COUNTS = {
    "filed": Count("*"),
    **{outcome: Count("created_at", filter=Q(outcome=outcome)) for outcome in Ticket.Outcome.values},
    "reopened": Count("created_at", filter=Q(reopened__gt=0)),
    **{f"measured_{clock}": Count("created_at", filter=condition) for clock, condition in MEASURED.items()},
    **{f"late_{clock}": Count("created_at", filter=condition) for clock, condition in LATE.items()},
    **{f"satisfied_{opinion}": Count("created_at", filter=condition) for opinion, condition in OUTCOME_KNOWN.items()},
    "first": Percentiles("first_minutes"),
    "solution": Percentiles("solve_minutes"),
}
