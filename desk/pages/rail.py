"""The rail of the desk: the standing views of the queue with their counts."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, IntegerField
from django.urls import reverse
from django.utils.translation import gettext as _

from desk.filters import view_condition
from partners.models import User
from tickets.models import Ticket

VIEWS = (
    ("open", _("All open"), "inbox"),
    ("mine", _("Mine"), "user"),
    ("unassigned", _("Unassigned"), "users"),
    ("review", _("Needs review"), "scale"),
    ("waiting", _("Waiting"), "pause"),
    ("failed", _("Not executed"), "alert"),
)
MANY = 1000


def views(user):
    """The standing views for desk/base.html, each count bounded, so that no list is counted to its end. One query."""
    shown, counts = [], _counts(user)
    for key, label, icon in VIEWS:
        count = counts[key]
        shown.append(
            {
                "label": label,
                "url": f"{reverse('desk:queue')}?view={key}" if key != "open" else reverse("desk:queue"),
                "count": f"{MANY - 1}+" if count == MANY else count or "",
                "icon": icon,
                "key": key,
                "hot": key == "failed" and bool(count),
            }
        )
    return shown


def _counts(user):
    """How many tickets, MANY at most, each view holds: the lengths of six short lists of numbers."""
    tickets = Ticket.objects.visible_to(user).order_by()
    lists = {key: ArraySubquery(tickets.filter(view_condition(key, user)).values("pk")[:MANY]) for key, _label, _icon in VIEWS}
    lengths = {key: Func(rows, function="CARDINALITY", output_field=IntegerField()) for key, rows in lists.items()}
    return User.objects.filter(pk=user.pk).values(**lengths).get()
