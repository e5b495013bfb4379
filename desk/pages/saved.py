"""Saved views of the queue: the current one, whether it was modified, and who may edit it."""

from contextlib import suppress

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from desk.filters import matching
from desk.pages import queue, rail
from desk.services.time_limits import TimeLimitExceeded, time_limit
from partners.models import User
from web.user_input import parse_number

SHARES = 8


def shown(data, user):
    """Return the saved view that the address names, if the user may see it. At most one query."""
    named = parse_number(data.get("saved", ""), digits=9)
    return None if named is None else rail.saved_by(user).filter(pk=named).first()


def may_change(view, user):
    """Return whether the user may edit a view: its owner may, and team leads may edit shared ones."""
    return view.owner_id == user.pk or (view.is_shared and user.may_override)


def actions(data, view, user):
    """Return the actions for the current view, and whether the current query differs from the saved one."""
    present = queue.address(data, saved=False)
    if view is None:
        return {"save_url": "" if rail.is_listed(present) else f"{reverse('desk:view_new')}?{present}"}
    return {
        "name": view.name,
        "is_changed": present != queue.address(QueryDict(view.query), saved=False),
        "query": present,
        "save_url": f"{reverse('desk:view_new')}?{present}",
        "back_url": rail.saved_url(view.pk, view.query),
        "edit_url": reverse("desk:view", args=[view.pk]) if may_change(view, user) else "",
        "update_url": reverse("desk:view_query", args=[view.pk]) if may_change(view, user) else "",
    }


def counts(user, now):
    """Return {key: count as text} for the sidebar's saved views, bounded; "many" if counting would take too long."""
    views = rail.saved_by(user).values_list("pk", "query")[: rail.MOST_SAVED]
    lengths = {f"n_{pk}": rail.length(matching(query, user=user, now=now).order_by()) for pk, query in views}
    try:
        with time_limit(settings.SEARCH_SECONDS):
            found = _counted(user, lengths)
    except TimeLimitExceeded:  # find the slow ones by counting one by one, each within a share of the time
        found = {}
        for key, rows in lengths.items():
            with suppress(TimeLimitExceeded), time_limit(settings.SEARCH_SECONDS / SHARES):
                found |= _counted(user, {key: rows})
    counted = ((key.removeprefix("n_"), found.get(key)) for key in lengths)
    return {f"saved:{pk}": _("many") if count is None else str(rail.bounded(count) or "") for pk, count in counted}


def _counted(user, lengths):
    return User.objects.filter(pk=user.pk).order_by().values(**lengths).get() if lengths else {}
