"""The left column of the ticket page: status, owner, priority, tags, followers."""

from desk.pages.ticket_urls import urls_of
from partners.users import initials_of
from tickets.models import Ticket
from tickets.services import handling, status

# The extra fields that choosing a status reveals.
ASKS = {"pending": "question", "on_hold": "hold", "solved": "solve"}


def read(ticket, user, allowed):
    """Return the context of templates/desk/ticket/handling.html and its includes. `allowed`: the statuses possible now.

    No query: the possible owners (`assignable_users`) and the confirmations were loaded with the ticket.
    """
    to = urls_of(ticket.pk)
    return {
        "owners": [(one["pk"], one["name"]) for one in ticket.may_own],
        "priorities": Ticket.Priority.choices,
        "chosen": {"assignee": ticket.assignee_id, "priority": ticket.priority},
        "seen": handling.values(ticket),
        "is_mine": ticket.assignee_id == user.pk,
        "statuses": tuple((s.value, s.label, ASKS.get(s.value, "")) for s in allowed),
        "outcomes": tuple((o.value, o.label) for o in status.outcomes(ticket)) if Ticket.Status.SOLVED in allowed else (),
        "hold_for": tuple((w.value, w.label) for w in status.hold_for(ticket)),
        "rejections": Ticket.Reason.choices,
        "tags": ticket.tags,
        "followers": [
            {"id": row["id"], "name": row["name"], "initials": initials_of(row["name"]), "is_care": row["partner"] is None}
            for row in ticket.following
        ],
        "is_following": any(row["id"] == user.pk for row in ticket.following),
        **{f"{name}_url": to(name) for name in ("take", "handling", "tags", "follow", "unfollow")},
    }
