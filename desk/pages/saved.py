"""Saved views of the queue: which one is shown, whether it was changed, and who may change it."""

from contextlib import suppress

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from desk.filters import matching
from desk.pages import queue, rail
from desk.services.patience import TooLong, at_most
from partners.models import User
from web.typed import number_of

SHARES = 8


def shown(data, user):
    """The saved view that an address names, if this person has it. At most one query."""
    named = number_of(data.get("saved", ""), digits=9)
    return None if named is None else rail.saved_by(user).filter(pk=named).first()


def may_change(view, user):
    """Its owner changes a view; a team lead also what is shared."""
    return view.owner_id == user.pk or (view.is_shared and user.may_override)


def beside(data, view, user):
    """What can be done about the view that is shown: its pages, and whether what is asked now differs from it."""
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
    """{key: count in words} of the saved views of the rail, bounded; "many" where counting would take too long."""
    views = rail.saved_by(user).values_list("pk", "query")[: rail.MOST_SAVED]
    lengths = {f"n_{pk}": rail.length(matching(query, user=user, now=now).order_by()) for pk, query in views}
    try:
        with at_most(settings.SEARCH_SECONDS):
            found = _counted(user, lengths)
    except TooLong:  # which of them it was is found out one by one, each in a share of the time
        found = {}
        for key, rows in lengths.items():
            with suppress(TooLong), at_most(settings.SEARCH_SECONDS / SHARES):
                found |= _counted(user, {key: rows})
    counted = ((key.removeprefix("n_"), found.get(key)) for key in lengths)
    return {f"saved:{pk}": _("many") if count is None else str(rail.bounded(count) or "") for pk, count in counted}


def _counted(user, lengths):
    return User.objects.filter(pk=user.pk).order_by().values(**lengths).get() if lengths else {}
