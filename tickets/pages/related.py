"""Followers, links and mergers of a partner's request, and which requests may be linked to."""

from django.urls import reverse

from tickets.models import Ticket
from tickets.services import followers, links


def readable(user, numbers):
    """Return the numbers of those tickets that the user may read."""
    return set(Ticket.objects.visible_to(user).filter(pk__in=numbers).order_by().values_list("pk", flat=True))


def read(ticket, user):
    """Return the context of portal/_related.html. Always three queries."""
    following = [row.user for row in ticket.followers.select_related("user") if row.user.is_active and not row.user.is_care]
    names = ("follow", "unfollow", "follow_up")
    return {
        "requester": "" if ticket.requester.is_care else str(ticket.requester),
        "has_lost_its_requester": ticket.has_lost_its_requester,
        "followers": [{"id": person.pk, "name": str(person)} for person in following],
        "may_follow": [
            {"id": person.pk, "name": str(person)}
            for person in followers.may_follow(ticket, by=user)
            if person not in following and person.pk != ticket.requester_id
        ],
        "links": [row | {"url": reverse("portal:request", args=[row["number"]])} for row in links.of(ticket, user)],
        "merged_into": ticket.merged_into_id,
        "is_closed": ticket.status == Ticket.Status.CLOSED,
        "mails_url": reverse("portal:mails"),
        **{f"{name}_url": reverse(f"portal:{name}", args=[ticket.pk]) for name in names},
    }
