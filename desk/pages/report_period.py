"""Period and filters of a report, as the page's form and as queue keys."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from dateutil.relativedelta import relativedelta
from django import forms
from django.utils.translation import gettext_lazy as _

from desk.filters import PartnerField
from desk.report_filters import WITHIN
from partners.models import Partner, User
from tickets.filters import TOPIC_CHOICES, TYPE_CHOICES

WEEK, MONTH, QUARTER, YEAR, DAYS = "week", "month", "quarter", "year", "days"
PERIODS = [(WEEK, _("This week")), (MONTH, _("This month")), (QUARTER, _("This quarter")), (YEAR, _("This year")), (DAYS, _("Custom"))]
MONTHS = {MONTH: 1, QUARTER: 3, YEAR: 12}


@dataclass(frozen=True)
class ReportScope:
    """A period, both days included, and its filters ("" or None: not filtered)."""

    first: date
    last: date
    type: str = ""
    topic: str = ""
    partner: Partner | None = None
    owner: User | None = None

    def narrowing(self):
        """Return the filters as queue keys."""
        keys = {"type": self.type, "topic": self.topic, "partner": self.partner and self.partner.code}
        return {key: value for key, value in (keys | {"owner": self.owner and self.owner.email}).items() if value}

    def query(self, *, first=None, last=None, **more):
        """Return the queue query for tickets filed in the period (or from `first` to `last` within it), narrowed by `more`."""
        days = {"created_from": max(first or self.first, self.first), "created_to": min(last or self.last, self.last)}
        return urlencode({"view": "all"} | {key: day.isoformat() for key, day in days.items()} | self.narrowing() | more)

    def steps(self, step):
        """Return [(first day, last day)] of the days, weeks or months in the period; the first and last may extend beyond it."""
        found, day = [], self.first
        while day <= self.last:
            if step == WEEK:
                day -= timedelta(days=day.weekday())
            first = day.replace(day=1) if step == MONTH else day
            last = end_of_month(day) if step == MONTH else day + timedelta(days=6 if step == WEEK else 0)
            found.append((first, last))
            day = last + timedelta(days=1)
        return found

    def moved(self, direction):
        """Return the page query for the period of the same length before (-1) or after (1); whole months stay whole months."""
        first, last = self._neighbour(direction)
        return urlencode({"period": DAYS, "from": first.isoformat(), "to": last.isoformat()} | self.narrowing())

    def _neighbour(self, direction):
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        if self.first.day == 1 and self.last == end_of_month(self.last):
            return plus_months(self.first, direction * months), end_of_month(plus_months(self.last, direction * months))
        days = timedelta(days=(self.last - self.first).days + 1)
        return self.first + direction * days, self.last + direction * days


def plus_months(day, months):
    """Return the first day of the month that is `months` months after that of `day`."""
    return day.replace(day=1) + relativedelta(months=months)


def end_of_month(day):
    """Return the last day of the month of `day`."""
    return day + relativedelta(day=31)


def current(period, today):
    """Return (first, last) of the current week, month, quarter or year."""
    if period == WEEK:
        monday = today - timedelta(days=today.weekday())
        return monday, monday + timedelta(days=6)
    months = MONTHS[period]
    first = date(today.year, (today.month - 1) // months * months + 1, 1)
    return first, end_of_month(plus_months(first, months - 1))


class ReportForm(forms.Form):
    period = forms.ChoiceField(label=_("Period"), choices=PERIODS, required=False)
    topic = forms.ChoiceField(label=_("Topic"), choices=[("", _("All topics")), *TOPIC_CHOICES], required=False)
    type = forms.ChoiceField(label=_("Type"), choices=[("", _("All types")), *TYPE_CHOICES], required=False)
    partner = PartnerField(label=_("Partner"), required=False)
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.staff(), to_field_name="email", required=False, empty_label=_("All owners")
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        for name, label in (("from", _("From")), ("to", _("To"))):
            widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
            self.fields[name] = forms.DateField(label=label, required=False, widget=widget, validators=WITHIN)
        self.order_fields(["period", "from", "to", "topic", "type", "partner", "owner"])

    def clean(self):
        known = self.cleaned_data
        if known.get("period") != DAYS or self.errors.keys() & {"from", "to"}:
            return known
        first, last = known["from"], known["to"]
        if not (first and last):
            self.add_error("to" if first else "from", _("Enter both a start and an end date."))
        elif first > last:
            self.add_error("to", _("The end date is before the start date."))
        return known

    def asked(self):
        """Return the report's Asked. Invalid fields are ignored; without a valid period it covers the current month."""
        known = self.cleaned_data
        period = known.get("period") or MONTH
        if period == DAYS and not (self.errors.get("from") or self.errors.get("to")):
            first, last = known["from"], known["to"]
        else:
            first, last = current(MONTH if period == DAYS else period, self.today)
        narrowing = {key: known.get(key) or "" for key in ("type", "topic")}
        return ReportScope(first, last, **narrowing, partner=known.get("partner"), owner=known.get("owner"))
