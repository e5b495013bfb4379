"""What the numbers of day and reports count, as keys of the queue: each number is a link to the list of exactly these tickets."""

from datetime import date, datetime, time, timedelta

import django_filters
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from desk.models import Draft
from partners.models import Partner, User
from tickets.filters import TicketFilter
from tickets.models import Confirmation, Override, Ticket, TicketCharge
from tickets.models.ticket import RUNNING

STOPPED = (Ticket.Execution.REFUSED, Ticket.Execution.FAILED)
LATE = {"first": Q(first_is_late=True), "next": Q(next_is_late=True), "solution": Q(solution_is_late=True)}
MEASURED = {"first": Q(first_minutes__isnull=False), "solution": Q(solve_minutes__isnull=False)}
# Each of these names its index, in tickets/models/ticket.py: few tickets of a large table, found without looking at the others.
# PostgreSQL does not conclude from "not satisfied" that something was said, which the index of what was rated asks for.
RATED = Q(is_satisfied__isnull=False)
OUTCOME_KNOWN = {"yes": RATED & Q(is_satisfied=True), "no": RATED & Q(is_satisfied=False)}
CONFIRMED = {"asked": Q(), "outstanding": Q(decision=""), "agreed": Q(decision="agreed"), "declined": Q(decision="declined")}
MONEY = {"fees": Q(kind__in=("fee", "charge")), "given_back": Q(kind="reversal"), "credits": Q(kind="credit_note")}


def beginning(day):
    """The first moment of a day."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def end(day):
    """The first moment after a day."""
    return beginning(day + timedelta(days=1))


# No ticket is older, and nobody plans further: what lies beyond is a slip, and at its end the calendar of dates ends too.
WITHIN = [
    MinValueValidator(date(2000, 1, 1), _("Write a day from 2000 on.")),
    MaxValueValidator(date(2199, 12, 31), _("Write a day before 2200.")),
]


def filed_in(first, last, path):
    """The tickets (or what is about a ticket, found along `path`) filed from one day to another, both included."""
    return Q(**{f"{path}created_at__gte": beginning(first), f"{path}created_at__lt": end(last)})


def choice(label, *values, method):
    """A key that knows these values only."""
    return django_filters.ChoiceFilter(choices=[(value, value.replace("_", " ")) for value in values], method=method, label=label)


def day_filter(label, method):
    """A key for a day."""
    return django_filters.DateFilter(label=label, method=method, validators=WITHIN)


class CountedFilter(TicketFilter):
    """Days are included at both ends. What counts for one person (`draft`) counts for who asks (`user`), at the time `now`."""

    awaits = choice(_("Waits for"), "answer", method="by_question")
    execution = choice(_("Execution"), "stopped", method="by_execution")
    draft = choice(_("Draft"), "mine", method="by_draft")
    late = choice(_("Late"), *LATE, method="by_breach")
    measured = choice(_("Measured"), *MEASURED, method="by_measure")
    reopened = choice(_("Reopened"), "yes", method="by_return")
    satisfied = choice(_("Satisfied"), *OUTCOME_KNOWN, method="by_opinion")
    refused_by = django_filters.CharFilter(label=_("Refused by"), method="by_rule", max_length=20)
    overridden_by = django_filters.ModelChoiceFilter(
        label=_("Overridden by"), queryset=User.objects.staff(), to_field_name="email", method="by_override"
    )
    confirmation = choice(_("Confirmation"), *CONFIRMED, method="by_confirmation")  # of one `party` where that is asked for
    party = choice(_("Party"), *Confirmation.Party.values, method="with_confirmation")
    posted_after = day_filter(_("Posted from"), "by_posting")  # with `posted_before`, `money`, `currency` and `payer`
    posted_before = day_filter(_("Posted until"), "with_posting")
    money = choice(_("Money"), *MONEY, method="with_posting")
    currency = choice(_("Currency"), *Partner.Currency.values, method="with_posting")
    payer = django_filters.ModelChoiceFilter(label=_("Payer"), queryset=Partner.objects.all(), to_field_name="code", method="with_posting")

    def by_question(self, queryset, name, value):
        return queryset.filter(RUNNING, awaiting_since__isnull=False)

    def by_execution(self, queryset, name, value):
        return queryset.filter(RUNNING, execution__in=STOPPED)

    def by_draft(self, queryset, name, value):
        return queryset.filter(pk__in=Draft.objects.filter(author=self.user, send_at=None).values("ticket"))

    def by_breach(self, queryset, name, clock):
        return queryset.filter(LATE[clock])

    def by_measure(self, queryset, name, clock):
        return queryset.filter(MEASURED[clock])

    def by_return(self, queryset, name, value):
        return queryset.filter(reopened__gt=0)

    def by_opinion(self, queryset, name, value):
        return queryset.filter(OUTCOME_KNOWN[value])

    def by_rule(self, queryset, name, rule):
        return queryset.filter(outcome=Ticket.Outcome.REJECTED, verdict__findings__contains=[{"rule": rule.replace("\x00", "")}])

    def by_override(self, queryset, name, agent):
        return queryset.filter(Exists(Override.objects.filter(ticket=OuterRef("pk"), by=agent)))

    def by_confirmation(self, queryset, name, state):
        party = self.form.cleaned_data.get("party")
        found = Confirmation.objects.filter(CONFIRMED[state], ticket=OuterRef("pk"))
        return queryset.filter(Exists(found.filter(party=party) if party else found))

    def with_confirmation(self, queryset, name, value):
        """Read by `confirmation`; alone it narrows nothing."""
        return queryset

    def by_posting(self, queryset, name, day):
        """Tickets of which something was posted from a day on: of one kind and currency, to one account, where these are asked for."""
        asked = {key: value for key, value in self.form.cleaned_data.items() if value}
        charges = TicketCharge.objects.filter(MONEY.get(asked.get("money"), Q()), posted_at__gte=beginning(day))
        if "posted_before" in asked:
            charges = charges.filter(posted_at__lt=end(asked["posted_before"]))
        exactly = {key: asked[key] for key in ("currency", "payer") if key in asked}
        return queryset.filter(pk__in=charges.filter(**exactly).values("ticket"))

    def with_posting(self, queryset, name, value):
        """Read by `posted_after`; alone it narrows nothing."""
        return queryset
