"""Queue filters behind the figures of My day and the reports: each figure links to the list of exactly the tickets it counts."""

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
# Each condition matches a partial index in tickets/models/ticket.py, which finds few tickets in a large table without scanning it.
# PostgreSQL does not infer "is rated", the condition of the ratings index, from "is_satisfied = false", so it is spelled out.
RATED = Q(is_satisfied__isnull=False)
OUTCOME_KNOWN = {"yes": RATED & Q(is_satisfied=True), "no": RATED & Q(is_satisfied=False)}
CONFIRMED = {"asked": Q(), "outstanding": Q(decision=""), "agreed": Q(decision="agreed"), "declined": Q(decision="declined")}
MONEY = {"fees": Q(kind__in=("fee", "charge")), "given_back": Q(kind="reversal"), "credits": Q(kind="credit_note")}


def beginning(day):
    """Return the first moment of a day."""
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())


def end(day):
    """Return the first moment after a day."""
    return beginning(day + timedelta(days=1))


# No ticket is older, and nobody plans further ahead: dates outside this range are typing errors, and dates near year 9999 would overflow.
WITHIN = [
    MinValueValidator(date(2000, 1, 1), _("Enter a date from 2000 onwards.")),
    MaxValueValidator(date(2199, 12, 31), _("Enter a date before 2200.")),
]


def filed_in(first, last, path):
    """Return the condition for tickets filed between two days, both included; `path` is the lookup prefix to the ticket."""
    return Q(**{f"{path}created_at__gte": beginning(first), f"{path}created_at__lt": end(last)})


def choice(label, *values, method):
    """Return a filter that accepts only these values."""
    return django_filters.ChoiceFilter(choices=[(value, value.replace("_", " ")) for value in values], method=method, label=label)


def day_filter(label, method):
    """Return a filter for a date."""
    return django_filters.DateFilter(label=label, method=method, validators=WITHIN)


class ReportFilter(TicketFilter):
    """Filters by counted properties, as of `now`. Date ranges include both ends. Personal filters (`draft`) refer to `user`."""

    awaits = choice(_("Awaiting"), "answer", method="by_question")
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
    confirmation = choice(_("Confirmation"), *CONFIRMED, method="by_confirmation")  # of one `party`, if given
    party = choice(_("Party"), *Confirmation.Party.values, method="with_confirmation")
    posted_after = day_filter(_("Posted on or after"), "by_posting")  # combined with `posted_before`, `money`, `currency` and `payer`
    posted_before = day_filter(_("Posted on or before"), "with_posting")
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
        """Do nothing: `confirmation` reads this value."""
        return queryset

    def by_posting(self, queryset, name, day):
        """Return tickets with postings on or after a day, narrowed by kind, currency and payer if given."""
        asked = {key: value for key, value in self.form.cleaned_data.items() if value}
        charges = TicketCharge.objects.filter(MONEY.get(asked.get("money"), Q()), posted_at__gte=beginning(day))
        if "posted_before" in asked:
            charges = charges.filter(posted_at__lt=end(asked["posted_before"]))
        exactly = {key: asked[key] for key in ("currency", "payer") if key in asked}
        return queryset.filter(pk__in=charges.filter(**exactly).values("ticket"))

    def with_posting(self, queryset, name, value):
        """Do nothing: `posted_after` reads this value."""
        return queryset
