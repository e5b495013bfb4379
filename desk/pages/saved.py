"""Saved views of the queue: which one is shown, whether it was changed, and who may change it."""

from django.http import QueryDict
from django.urls import reverse

from desk.filters import matching
from desk.pages import queue, rail
from partners.typed import number_of


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
        return {"save_url": f"{reverse('desk:view_new')}?{present}" if present else ""}
    return {
        "name": view.name,
        "is_changed": present != queue.address(QueryDict(view.query), saved=False),
        "query": present,
        "save_url": f"{reverse('desk:view_new')}?{present}",
        "back_url": rail.saved_entry(view.pk, view.name, view.query, view.is_shared)["url"],
        "edit_url": reverse("desk:view", args=[view.pk]) if may_change(view, user) else "",
        "update_url": reverse("desk:view_query", args=[view.pk]) if may_change(view, user) else "",
    }


def counts(user, now):
    """The saved views of the rail with their bounded counts, one query each."""
    listed = []
    for pk, name, query, is_shared in rail.saved_by(user).values_list("pk", "name", "query", "is_shared")[: rail.MOST_SAVED]:
        found = matching(query, user=user, now=now).order_by().values("pk")[: rail.MANY].count()
        listed.append(rail.saved_entry(pk, name, query, is_shared) | {"count": rail.bounded(found) or ""})
    return listed
