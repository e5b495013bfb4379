"""The columns of the queue export."""

from django.utils.translation import gettext as _

from tickets.pages import exports
from tickets.types import kind_of


def heading():
    """Return the column titles; times are in UTC, minutes are support time."""
    return [
        _("Number"),
        _("Subject"),
        _("Type"),
        _("Topic"),
        _("Partner"),
        _("Partner’s name"),
        _("Requester"),
        _("Owner"),
        _("Numbers"),
        _("Status"),
        _("Outcome"),
        _("Reason"),
        _("Waiting for"),
        _("Priority"),
        _("Tags"),
        _("Submitted (UTC)"),
        _("Updated (UTC)"),
        _("Due (UTC)"),
        _("Solved (UTC)"),
        _("Minutes to the first answer"),
        _("Minutes to the solution"),
        _("Times reopened"),
        _("Satisfied"),
        _("What the partner wrote"),
        *exports.costs_heading(),
    ]


def row(t):
    """Return a ticket as a row under these titles."""
    opinions = {None: "", True: _("yes"), False: _("no")}
    return (
        t.number,
        t.subject,
        str(kind_of(t).title),
        t.topic,
        t.partner.code,
        t.partner.name,
        str(t.requester),
        str(t.assignee) if t.assignee else "",
        exports.dids(t),
        str(t.get_status_display()),
        str(t.get_outcome_display()) if t.outcome else "",
        str(t.get_reason_display()) if t.reason else "",
        str(t.get_waiting_for_display()) if t.waiting_for else "",
        str(t.get_priority_display()),
        ", ".join(t.tags),
        t.created_at,
        t.updated_at,
        t.due_at,
        t.solved_at,
        t.first_minutes,
        t.solve_minutes,
        t.reopened,
        opinions[t.is_satisfied],
        t.satisfaction_note,
        *exports.costs(t),
    )
