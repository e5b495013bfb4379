"""The left column of an agent's page: status, owner, priority, tags, followers."""

from django.urls import reverse

from engine.prepared import Prepared
from partners.users import initials_of
from tickets.forms import may_own
from tickets.models import Ticket
from tickets.services import handling, status

# How a status is called where it is chosen: by what happens then.
ASKS = {"pending": "question", "on_hold": "hold", "solved": "solve"}


_owners = Prepared(lambda: may_own().only("full_name"))


def read(ticket, user, allowed):
    """What templates/desk/ticket/handling.html and its neighbours read. `allowed`: the statuses that are possible now.

    One query, for the owners to choose from.
    """
    urls = ("take", "handling", "tags", "follow", "unfollow")
    return {
        "owners": [{"value": one.pk, "label": one.full_name, "is_chosen": one.pk == ticket.assignee_id} for one in _owners()],
        "priorities": [{"value": p.value, "label": p.label, "is_chosen": p == ticket.priority} for p in Ticket.Priority],
        "seen": handling.values(ticket),
        "is_mine": ticket.assignee_id == user.pk,
        "statuses": [{"value": s.value, "label": s.label, "asks": ASKS.get(s.value, "")} for s in allowed],
        "outcomes": [(o.value, o.label) for o in status.outcomes(ticket)] if Ticket.Status.SOLVED in allowed else [],
        "hold_for": [(w.value, w.label) for w in status.WAITING],
        "rejections": Ticket.Reason.choices,
        "tags": ticket.tags,
        "followers": [
            {"id": row["id"], "name": row["name"], "initials": initials_of(row["name"]), "is_care": row["partner"] is None}
            for row in ticket.following
        ],
        "is_following": any(row["id"] == user.pk for row in ticket.following),
        **{f"{name}_url": reverse(f"desk:{name}", args=[ticket.pk]) for name in urls},
    }
