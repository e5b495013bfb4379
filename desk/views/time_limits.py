"""Time limits for slow views, and pages that explain how to narrow the query."""

from functools import wraps

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from desk.pages import queue as page
from desk.services.time_limits import TimeLimitExceeded, time_limit


def limit_search(otherwise):
    """Limit the database time of a text search; `otherwise(request)` answers if the limit is exceeded."""
    return _within(lambda request: request.GET.get("q") and settings.SEARCH_SECONDS, otherwise)


def limit_count(otherwise):
    """Apply the same limit to a view that counts, with or without a search."""
    return _within(lambda request: settings.SEARCH_SECONDS, otherwise)


def limit_export(otherwise):
    """Apply the limit for files and reports."""
    return _within(lambda request: settings.LISTING_SECONDS, otherwise)


def _within(seconds, otherwise):
    def decorate(view):
        @wraps(view)
        def waits(request, *args, **kwargs):
            if not seconds(request):
                return view(request, *args, **kwargs)
            try:
                with time_limit(seconds(request)):
                    return view(request, *args, **kwargs)
            except TimeLimitExceeded:
                return otherwise(request)

        return waits

    return decorate


def too_many(request):
    """Render the page for a search that is too broad, which keeps the query and offers to narrow it."""
    context = {
        "title": _("Search"),
        "q": request.GET["q"],
        "headline": _("Too many tickets contain these words"),
        "text": _("Add a filter, such as a partner or a start date, or search for a less common word."),
        "action": _("Add a filter"),
        "action_url": f"{reverse('desk:filters')}?{page.address(request.GET)}",
    }
    return render(request, "desk/too_many.html", context, status=422)


def too_long_a_list(request):
    """Render the page for an export with too many tickets."""
    return _too_long(request, _("Export"), reverse("desk:queue"), page.address(request.GET))


def too_long_a_period(request):
    """Render the page for reports on too many tickets."""
    return _too_long(request, _("Reports"), reverse("desk:reports"), "")


def _too_long(request, title, path, query):
    context = {
        "title": title,
        "headline": _("This would take too long"),
        "text": _("Narrow the selection: choose a shorter period, or a single topic, partner or owner."),
        "action": _("Change filters"),
        "action_url": f"{path}?{query}" if query else path,
    }
    return render(request, "desk/too_many.html", context, status=422)
