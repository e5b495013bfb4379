"""Macros and canned answers as pages show them."""

from django.urls import reverse
from django.utils.translation import gettext as _

from desk.models import BulkJob, CannedAnswer, Macro
from desk.services import action_runner, canned
from desk.services import macros as service
from desk.services.action_types import ACTION_TYPES
from tickets.filters import TOPIC_NAMES, TYPE_CHOICES

OFFERED = 20


def macros(user):
    """Return the rows of the macro list: shared ones and the user's own."""
    found = list(Macro.objects.visible_to(user).select_related("owner"))
    names = action_runner.names_of([asked for macro in found for asked in macro.actions], user)
    shown = []
    for macro in found:
        actions = [ACTION_TYPES[asked["do"]].words(asked["value"], names) for asked in macro.actions]
        shown.append(_row(macro, user, "macro_edit", "macro_retire") | {"actions": actions})
    return shown


def answers(user):
    """Return the rows of the canned answer list: shared ones and the user's own."""
    types = {code: str(title) for code, title in TYPE_CHOICES}
    shown = []
    for one in CannedAnswer.objects.visible_to(user).select_related("owner"):
        fits = " · ".join(filter(None, (str(TOPIC_NAMES.get(one.topic, "")), types.get(one.type_code))))
        shown.append(_row(one, user, "canned_answer", "canned_answer_retire") | {"text": one.body, "fits": fits})
    return shown


def macros_of(number, user, *, at):
    """Return the ticket page's macros, and the user's last one if it can still be undone."""
    own = BulkJob.objects.filter(by=user, total=1, state=BulkJob.State.DONE, created_at__gt=at - service.UNDO, changes__ticket=number)
    offered = Macro.objects.offered_to(user)
    last = own.order_by("-created_at").first()
    undoable = last and service.undoable(last, at=at)
    return {
        "number": number,
        "macros": [
            {
                "pk": macro.pk,
                "title": macro.title,
                "is_own": macro.owner_id is not None,
                "writes": action_runner.writes_to_partners(macro.actions),
            }
            for macro in offered
        ],
        "last": {"pk": last.pk, "title": last.title, "until": last.created_at + service.UNDO} if undoable else None,
    }


def variables():
    """Return the placeholders listed next to the form."""
    return {"variables": [{"name": f"{{{name}}}", "label": label} for name, (label, _value) in canned.VARIABLES.items()]}


def _row(thing, user, edit, retire):
    may = thing.may_be_changed_by(user)
    return {
        "title": thing.title,
        "for_all": thing.owner_id is None,
        "owner": str(thing.owner) if thing.owner_id else _("everyone"),
        "is_active": thing.is_active,
        "url": reverse(f"desk:{edit}", args=[thing.pk]) if may else "",
        "retire_url": reverse(f"desk:{retire}", args=[thing.pk]) if may else "",
    }
