"""The left column of an agent's page: status, owner, priority, tags, followers."""

from django.urls import reverse

from tickets.forms import HandlingForm
from tickets.models import Ticket
from tickets.pages.timeline import initials
from tickets.services import handling, status

# How a status is called where it is chosen: by what happens then.
ASKS = {"pending": "question", "on_hold": "hold", "solved": "solve"}


def read(ticket, user):
    """What templates/desk/ticket/handling.html and its neighbours read. One query, for the owners to choose from."""
    allowed = status.choices(ticket)
    form = HandlingForm(initial={"assignee": ticket.assignee_id, "priority": ticket.priority})
    owners = form.fields["assignee"].queryset.values_list("pk", "full_name")
    form.fields["assignee"].choices = [("", form.fields["assignee"].empty_label), *owners]
    urls = ("take", "handling", "status", "tags", "follow", "unfollow")
    return {
        "meta_form": form,
        "seen": handling.values(ticket),
        "is_mine": ticket.assignee_id == user.pk,
        "statuses": [{"value": s.value, "label": s.label, "asks": ASKS.get(s.value, "")} for s in allowed],
        "outcomes": [(o.value, o.label) for o in status.outcomes(ticket)] if Ticket.Status.SOLVED in allowed else [],
        "hold_for": [(w.value, w.label) for w in status.WAITING],
        "rejections": Ticket.Reason.choices,
        "tags": ticket.tags,
        "followers": [
            {"id": row["id"], "name": row["name"], "initials": initials(row["name"]), "is_care": row["partner"] is None}
            for row in ticket.following
        ],
        "is_following": any(row["id"] == user.pk for row in ticket.following),
        **{f"{name}_url": reverse(f"desk:{name}", args=[ticket.pk]) for name in urls},
    }
