"""A search waits no longer than SEARCH_SECONDS: of words that stand in too many tickets a page says so, and asks for a filter."""

from contextlib import contextmanager
from functools import wraps

from django.conf import settings
from django.db import OperationalError, connection
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled

from desk.pages import queue as page


def patient(otherwise):
    """A view that asks the database for words no longer than it may; `otherwise(request)` answers where that is not enough."""

    def decorate(view):
        @wraps(view)
        def waits(request, *args, **kwargs):
            if not request.GET.get("q"):
                return view(request, *args, **kwargs)
            try:
                with _at_most(settings.SEARCH_SECONDS):
                    return view(request, *args, **kwargs)
            except OperationalError as error:
                if not isinstance(error.__cause__, QueryCanceled):
                    raise
            return otherwise(request)

        return waits

    return decorate


@contextmanager
def _at_most(seconds):
    """No question lasts longer. Without a transaction around them, which would be two questions more, and lost with the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, false)", [f"{int(seconds * 1000)}ms"])
        try:
            yield
        finally:
            cursor.execute("RESET statement_timeout")


def too_many(request):
    """The page for words that cannot be looked for by themselves: what was asked stays, and can be narrowed."""
    context = {
        "title": _("Search"),
        "q": request.GET["q"],
        "filters_url": f"{reverse('desk:filters')}?{page.address(request.GET)}",
    }
    return render(request, "desk/too_many.html", context, status=422)
