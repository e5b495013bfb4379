"""Filters and sort orders of the agents' queue: allow-listed keys, each served by an index."""

import datetime
from dataclasses import dataclass
from functools import cached_property

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from classound.national_numbers import candidate_numbers
from desk.report_filters import STOPPED, ReportFilter, beginning, day_filter, end
from partners.models import Partner, User
from tickets.filters import TOPIC_CHOICES, TYPE_CHOICES, S, words_or_numbers
from tickets.models import Ticket, TicketCharge
from tickets.models.ticket import RUNNING, RUNNING_STATUSES, TO_REVIEW, awake
from tickets.services.clocks import promises
from tickets.services.tags import plain
from web.user_input import parse_text

VIEWS = ("open", "mine", "unassigned", "soon", "review", "waiting", "parties", "failed", "snoozed")
WORKING = ("open", "mine", "unassigned", "review", "waiting", "parties")  # these hide snoozed tickets; the other views do not
# Query for all unfinished tickets. It includes snoozed ones, because their clocks keep running.
WHATEVER_RUNS = urlencode({"view": "all", "status": RUNNING_STATUSES}, doseq=True)
# Sort columns by their name in the query string: all ascending or all descending, with the number as the tie-breaker.
ORDERS = {
    "updated": ("updated_at", "number"),
    "created": ("created_at", "number"),
    "due": ("due_at", "number"),
    "priority": ("priority", "number"),
    "number": ("number", "number"),
    "wakes": ("snoozed_until", "number"),
}
USUAL_ORDER = "-updated"
FEES = [("yes", _("with a fee")), ("no", _("without a fee"))]


class PartnerField(forms.CharField):
    """A partner, given by code, or by a name or prefix that only one partner has. Suggestions are loaded while the user types.

    Pages that include the field also include its datalist (see templates/desk/_partner_options.html).
    """

    def widget_attrs(self, widget):
        """Add the datalist and the htmx request that fills it."""
        asks = {"hx-get": reverse_lazy("desk:partners"), "hx-trigger": "input changed delay:200ms", "hx-target": "#partner-codes"}
        return (
            super().widget_attrs(widget)
            | asks
            | {"hx-sync": "this:replace", "list": "partner-codes", "autocomplete": "off", "maxlength": 100}
        )

    def clean(self, value):
        """Return the Partner, or None if the field is empty."""
        text = parse_text(super().clean(value), 100)
        return Partner.objects.resolve(text) if text else None


class OwnerField(forms.CharField):
    """An owner: `me`, `nobody`, or the e-mail address of a care team member."""

    def clean(self, value):
        """Return `me`, `nobody` or the User; None if the field is empty."""
        text = parse_text(super().clean(value), 254).lower()
        if text in ("", "me", "nobody"):
            return text or None
        if not (found := User.objects.staff().filter(email=text).first()):
            raise forms.ValidationError(_("No care team member has this e-mail address."))
        return found


class AnyOf(django_filters.MultipleChoiceFilter):
    """Rows whose column has one of the chosen values."""

    def filter(self, queryset, value):
        return queryset.filter(**{f"{self.field_name}__in": value}) if value else queryset


class ParsedFilter(django_filters.Filter):
    """A filter whose text is parsed by a custom form field."""

    def __init__(self, field, **kwargs):
        self.field_class = field
        super().__init__(**kwargs)


class DeskTicketFilter(ReportFilter):
    """The agents' queue, filtered as of `now`."""

    q = django_filters.CharFilter(method="by_words", label=_("Search"))
    view = django_filters.ChoiceFilter(choices=[(key, "") for key in (*VIEWS, "all")], method="by_view", label=_("View"))
    status = AnyOf(choices=S.choices, label=_("Status"))
    type = AnyOf(field_name="type_code", choices=TYPE_CHOICES, label=_("Type"))
    topic = AnyOf(choices=TOPIC_CHOICES, label=_("Topic"))
    partner = ParsedFilter(PartnerField, label=_("Partner"))
    owner = ParsedFilter(OwnerField, label=_("Owner"), method="by_owner")
    priority = django_filters.ChoiceFilter(choices=Ticket.Priority.choices, empty_label=_("any"), label=_("Priority"))
    waiting_for = AnyOf(choices=[c for c in Ticket.WaitingFor.choices if c[0]], label=_("Waiting for"))
    outcome = AnyOf(choices=Ticket.Outcome.choices, label=_("Outcome"))
    fee = django_filters.ChoiceFilter(choices=FEES, method="by_fee", empty_label=_("any"), label=_("Fee"))
    tag = django_filters.CharFilter(method="by_tag", label=_("Tag"), widget=forms.TextInput({"maxlength": 40}))
    created_from = day_filter(_("Created from"), "from_day")
    created_to = day_filter(_("Created to"), "to_day")
    updated_from = day_filter(_("Updated from"), "from_day")
    updated_to = day_filter(_("Updated to"), "to_day")
    due_from = day_filter(_("Due from"), "from_day")
    due_to = day_filter(_("Due by"), "to_day")

    def __init__(self, data, *, user, now, queryset=None, is_whole=False):
        self.user, self.now = user, now
        if not is_whole:  # building forty fields is expensive, and a query uses about three
            self.base_filters = {key: one for key, one in type(self).base_filters.items() if key in (data or ())}
        self.search = search_text((data or {}).get("q", ""))
        super().__init__(data, queryset=Ticket.objects.visible_to(user) if queryset is None else queryset)

    @property
    def shown_view(self):
        """The view that `narrowed` applies: the requested one, else "open"; none for a search or if finished tickets are requested."""
        asked = self.form.cleaned_data
        of_all = asked.get("q") or asked.get("outcome") or set(asked.get("status") or ()) - set(RUNNING_STATUSES)
        return asked.get("view") or ("" if of_all else "open")

    def by_view(self, queryset, name, value):
        if value == "all":
            return queryset
        return queryset.filter(view_condition(value, self.user, now=self.now, soon=soon(self.now) if value == "soon" else None))

    def by_owner(self, queryset, name, value):
        return queryset.filter(assignee={"me": self.user, "nobody": None}.get(value, value) if isinstance(value, str) else value)

    def by_fee(self, queryset, name, value):
        charged = Exists(TicketCharge.objects.filter(ticket=OuterRef("pk")).exclude(kind__in=TicketCharge.CREDITS))
        return queryset.filter(charged if value == "yes" else ~charged)

    def by_tag(self, queryset, name, value):
        """Return tickets with the tag. The condition that tags are not empty lets PostgreSQL use the partial index."""
        return queryset.exclude(tags=[]).filter(tags__contains=[plain(value)])

    def by_words(self, queryset, name, value):
        query = self.search.query
        return queryset.filter(Q(search=query) | Q(search_internal=query)) if query else queryset

    def from_day(self, queryset, name, value):
        return queryset.filter(**{f"{name.partition('_')[0]}_at__gte": beginning(value)})

    def to_day(self, queryset, name, value):
        return queryset.filter(**{f"{name.partition('_')[0]}_at__lt": end(value)})


@dataclass(frozen=True)
class SearchText:
    """A search text and the phone numbers it could mean. Reading `numbers` costs one query at most."""

    text: str

    @cached_property
    def numbers(self):
        return candidate_numbers(self.text)

    @cached_property
    def query(self):
        """The query for the search columns, or None for an empty search."""
        return words_or_numbers(self.text, self.numbers)


def search_text(text):
    """Return the search text, truncated to what a search reads."""
    return SearchText(parse_text(text, 200))


KEYS = tuple(DeskTicketFilter.base_filters)


def soon(now):
    """Return the time before which a due time counts as soon (policy sla.soon_hours, cached for up to a minute)."""
    return now + datetime.timedelta(hours=min(int(promises(now).book.value("sla.soon_hours")), 10_000))


def view_condition(view, user, *, now, soon=None):
    """Return the condition of a built-in view as of `now`. Due times before `soon` count as due soon."""
    rows = {
        "open": RUNNING,
        "mine": RUNNING & Q(assignee=user),
        "unassigned": RUNNING & Q(assignee=None),
        "soon": RUNNING & Q(due_at__lte=soon, due_at__isnull=False) if soon else Q(pk__in=()),
        "review": TO_REVIEW,
        "waiting": Q(status__in=(S.PENDING, S.ON_HOLD)),
        "parties": Q(waiting_for=Ticket.WaitingFor.PARTIES),
        "failed": RUNNING & Q(execution__in=STOPPED),
        "snoozed": Q(snoozed_until__gt=now),
    }[view]
    return rows & awake(now) if view in WORKING else rows


def order_of(name):
    """Return (name, columns for keyset paging). An unknown name gives the default order."""
    if name.removeprefix("-") not in ORDERS:
        name = USUAL_ORDER
    sign = "-" if name.startswith("-") else ""
    return name, tuple(sign + column for column in ORDERS[name.removeprefix("-")])


def narrowed(data, *, user, now):
    """Return (filter, tickets): running tickets unless a view, a search or finished tickets are requested.

    Invalid values appear in the filter's errors and do not narrow the list. Sorting by due time or by end of snooze leaves out tickets
    without one.
    """
    asked = DeskTicketFilter(data, user=user, now=now)
    tickets = asked.qs
    if asked.shown_view and not asked.form.cleaned_data.get("view"):
        tickets = tickets.filter(view_condition(asked.shown_view, user, now=now))
    order = order_of(data.get("order", ""))[0]
    if order.endswith("due"):
        tickets = tickets.filter(RUNNING, due_at__isnull=False)
    elif order.endswith("wakes"):
        tickets = tickets.filter(snoozed_until__isnull=False)
    return asked, tickets


def matching(query, *, user, now):
    """Return the tickets that a query string of the queue finds for this user as of `now`."""
    return narrowed(QueryDict(query), user=user, now=now)[1]
