"""What the agents' queue can be narrowed by: allow-listed keys, each served by an index."""

import django_filters
from django.db.models import Q

from desk.counted import CountedFilter
from partners.models import Partner, User
from tickets.filters import RUNNING, S
from tickets.models import Ticket


class DeskTicketFilter(CountedFilter):
    """The agents' queue."""

    view = django_filters.ChoiceFilter(
        choices=[(key, "") for key in ("mine", "unassigned", "waiting", "review", "failed", "all")], method="by_view"
    )
    partner = django_filters.ModelChoiceFilter(queryset=Partner.objects.all(), to_field_name="code")
    assignee = django_filters.ModelChoiceFilter(queryset=User.objects.exclude(role="contact"), to_field_name="email")

    def by_view(self, queryset, name, value):
        return queryset if value == "all" else queryset.filter(view_condition(value, self.request.user))


def view_condition(view, user):
    """The rows of one of the desk's standing views."""
    return {
        "mine": Q(assignee=user, status__in=RUNNING),
        "unassigned": Q(assignee=None, status__in=RUNNING),
        "waiting": Q(status__in=(S.PENDING, S.ON_HOLD)),
        "review": Q(verdict__outcome="needs_review", status__in=RUNNING),
        "failed": Q(execution__in=(Ticket.Execution.REFUSED, Ticket.Execution.FAILED), status__in=RUNNING),
        "open": Q(status__in=RUNNING),
    }[view]


def listed(request):
    """The tickets that the queue lists for this request: open ones unless a view or words are asked for."""
    found = DeskTicketFilter(request.GET, queryset=Ticket.objects.visible_to(request.user), request=request)
    everything = "view" in request.GET or request.GET.get("q")
    return found.qs if everything else found.qs.filter(view_condition("open", request.user))
