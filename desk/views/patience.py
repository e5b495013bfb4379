"""Pages that say what they would take too long for, and how to ask for less."""

from functools import wraps

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from desk.pages import queue as page
from desk.services.patience import TooLong, at_most


def patient(otherwise):
    """A view that asks the database for words no longer than it may; `otherwise(request)` answers where that is not enough."""
    return _within(lambda request: request.GET.get("q") and settings.SEARCH_SECONDS, otherwise)


def counting(otherwise):
    """The same for a view that counts, whatever it is asked."""
    return _within(lambda request: settings.SEARCH_SECONDS, otherwise)


def listing(otherwise):
    """The same for a view that gathers a file or a report, whatever it is asked."""
    return _within(lambda request: settings.LISTING_SECONDS, otherwise)


def _within(seconds, otherwise):
    def decorate(view):
        @wraps(view)
        def waits(request, *args, **kwargs):
            if not seconds(request):
                return view(request, *args, **kwargs)
            try:
                with at_most(seconds(request)):
                    return view(request, *args, **kwargs)
            except TooLong:
                return otherwise(request)

        return waits

    return decorate


def too_many(request):
    """The page for words that cannot be looked for by themselves: what was asked stays, and can be narrowed."""
    context = {
        "title": _("Search"),
        "q": request.GET["q"],
        "headline": _("Too many tickets hold these words"),
        "text": _("Add a filter, for example a partner or the day from which tickets count, or a rarer word."),
        "action": _("Add a filter"),
        "action_url": f"{reverse('desk:filters')}?{page.address(request.GET)}",
    }
    return render(request, "desk/too_many.html", context, status=422)


def too_long_a_list(request):
    """The page for a file of more tickets than can be gathered."""
    return _too_long(request, _("List as a file"), reverse("desk:queue"), page.address(request.GET))


def too_long_a_period(request):
    """The page for reports about more than can be counted."""
    return _too_long(request, _("Reports"), reverse("desk:reports"), "")


def _too_long(request, title, path, query):
    context = {
        "title": title,
        "headline": _("This would take too long"),
        "text": _("Ask for fewer tickets: a shorter period, or one topic, partner or owner."),
        "action": _("Change what is asked"),
        "action_url": f"{path}?{query}" if query else path,
    }
    return render(request, "desk/too_many.html", context, status=422)
