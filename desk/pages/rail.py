"""The rail of the desk: the standing views of the queue, the topics and the views people saved, with their counts."""

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, IntegerField, Q, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from desk.filters import soon, view_condition
from desk.models import SavedView
from partners.models import User
from tickets.filters import RUNNING, TOPIC_CHOICES
from tickets.models import Ticket

VIEWS = (
    ("open", _("All open"), "inbox"),
    ("mine", _("Mine"), "user"),
    ("unassigned", _("Unassigned"), "users"),
    ("soon", _("Due soon"), "clock"),
    ("review", _("Needs review"), "scale"),
    ("waiting", _("Waiting"), "pause"),
    ("parties", _("Confirmations"), "check-circle"),
    ("failed", _("Not executed"), "alert"),
)
HOT = ("failed", "soon")
MANY = 1000
MOST_SAVED = 30


def views(user, now, *, until=None):
    """{"views", "topics", "saved"} for desk/base.html, each count bounded, so that no list is counted to its end. One query,
    and one for the moment `until` which a due time is near, unless the page knows it.

    The counts of saved views are fetched after the page (views.saved.counts): their filters may be anything.
    """
    found, queue = _asked(user, until or soon(now)), reverse("desk:queue")
    return {
        "views": [
            {
                "label": label,
                "url": f"{queue}?view={key}" if key != "open" else queue,
                "count": bounded(found[key]),
                "icon": icon,
                "key": key,
                "hot": key in HOT and bool(found[key]),
            }
            for key, label, icon in VIEWS
        ],
        "topics": [
            {"label": label, "url": f"{queue}?{urlencode({'topic': topic})}", "count": bounded(count), "key": f"topic:{topic}"}
            for (topic, label), count in zip(TOPIC_CHOICES, found["topics"], strict=True)
            if count
        ],
        "saved": [saved_entry(*view) for view in found["saved"]],
    }


def bounded(count, many=MANY):
    """A count that was stopped at `many`, in words; nothing for none."""
    return f"{many - 1}+" if count >= many else count or ""


def saved_entry(pk, name, query, is_shared, owner):
    """A saved view as the rail lists it."""
    return {"pk": pk, "label": name, "url": f"{reverse('desk:queue')}?saved={pk}&{query}", "shared": is_shared, "key": f"saved:{pk}"}


def saved_by(user):
    """The views that this person finds in the rail: its own, and those that are shared."""
    return SavedView.objects.filter(Q(owner=user) | Q(is_shared=True)).order_by("is_shared", "name", "pk")


class _EachTopic(Func):
    """The lengths of one list for every topic, in their order: one subquery to plan instead of a dozen."""

    template = "ARRAY(SELECT CARDINALITY(%(expressions)s) AS named(topic))"
    arg_joiner = ") FROM unnest("
    output_field = ArrayField(IntegerField())


def _asked(user, until):
    """How many tickets, MANY at most, each view and topic holds (the lengths of short lists of numbers), and the saved views."""
    tickets = Ticket.objects.visible_to(user).order_by()
    conditions = {key: view_condition(key, user, soon=until) for key, _label, _icon in VIEWS}
    lists = {key: ArraySubquery(tickets.filter(condition).values("pk")[:MANY]) for key, condition in conditions.items()}
    lengths = {key: Func(rows, function="CARDINALITY", output_field=IntegerField()) for key, rows in lists.items()}
    running = tickets.filter(topic=RawSQL("named.topic", ()), status__in=RUNNING).values("pk")[:MANY]
    topics = _EachTopic(ArraySubquery(running), Value([topic for topic, _label in TOPIC_CHOICES], ArrayField(TextField())))
    saved = saved_by(user).values(it=JSONObject(pk="pk", name="name", query="query", shared="is_shared", owner="owner_id"))
    found = User.objects.filter(pk=user.pk).values(**lengths, topics=topics, saved=ArraySubquery(saved[:MOST_SAVED])).get()
    return found | {"saved": [tuple(view.values()) for view in found["saved"]]}
