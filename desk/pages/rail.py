"""The rail of the desk: the standing views of the queue, the topics and the views people saved, with their counts."""

import datetime
from functools import cache

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import Func, IntegerField, JSONField, Q, Subquery, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from desk.filters import soon, view_condition
from desk.models import Agent, Notice, SavedView
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
MOST_SAVED, MOST_NOTICES = 30, 100


def views(user, now, *, until=None):
    """{"views", "topics", "saved", "notices", "has_shortcuts", "columns"} for desk/base.html. One query; every count is bounded.

    `until` is the moment before which a due time is near, where the page knows it. The counts of topics and of saved views are
    fetched after the page (`counts`, views.saved.counts): the ones are folded away, the filters of the others may be anything.
    """
    found, queue = _asked(user, until or soon(now), _statement()), reverse("desk:queue")
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
            {"label": label, "url": f"{queue}?{urlencode({'topic': topic})}", "key": f"topic:{topic}"} for topic, label in TOPIC_CHOICES
        ],
        "saved": [saved_entry(**view) for view in found["saved"]],
        "notices": bounded(found["notices"], MOST_NOTICES),
        "has_shortcuts": found["has_shortcuts"] is not False,
        "columns": found["columns"] or [],
    }


def counts(user, now):
    """{key: count in words} of everything in the rail that is counted with the page, for the rail to stay true. One query."""
    found = _asked(user, soon(now), _statement(with_topics=True))
    topics = {f"topic:{topic}": count for (topic, _label), count in zip(TOPIC_CHOICES, found["topics"], strict=True)}
    views = {key: found[key] for key, _label, _icon in VIEWS}
    return {key: str(bounded(count)) for key, count in (views | topics).items()} | {"notices": str(bounded(found["notices"], MOST_NOTICES))}


def bounded(count, many=MANY):
    """A count that was stopped at `many`, in words; nothing for none."""
    return f"{many - 1}+" if count >= many else count or ""


def saved_entry(pk, name, query, shared, owner=None):
    """A saved view as the rail lists it."""
    return {"pk": pk, "label": name, "url": f"{reverse('desk:queue')}?saved={pk}&{query}", "shared": shared, "key": f"saved:{pk}"}


def saved_by(user):
    """The views that this person finds in the rail: its own, and those that are shared."""
    return SavedView.objects.filter(Q(owner=user) | Q(is_shared=True)).order_by("is_shared", "name", "pk")


class _EachTopic(Func):
    """The lengths of one list for every topic, in their order: one subquery to plan instead of a dozen."""

    template = "ARRAY(SELECT CARDINALITY(%(expressions)s) AS named(topic))"
    arg_joiner = ") FROM unnest("
    output_field = ArrayField(IntegerField())


# Stand-ins in the text of the query, which is the same for everybody and is worked out once.
_WHO, _UNTIL = -(2**31), datetime.datetime(1, 1, 2, tzinfo=datetime.UTC)


def _asked(user, until, statement):
    """{key: how many tickets, MANY at most, each view holds}, with what else the rail shows of this person."""
    names, text, values = statement
    mine = [user.pk if value == _WHO else until if value == _UNTIL else value for value in values]
    with connection.cursor() as cursor:
        cursor.execute(text, mine)
        return dict(zip(names, cursor.fetchone(), strict=True))


@cache
def _statement(*, with_topics=False):
    """(names, text, values) of the query: every count is the length of a short list of numbers."""
    who = User(pk=_WHO, role=User.Role.AGENT)
    tickets = Ticket.objects.visible_to(who).order_by()
    conditions = {key: view_condition(key, who, soon=_UNTIL) for key, _label, _icon in VIEWS}
    lists = {key: tickets.filter(condition).values("pk")[:MANY] for key, condition in conditions.items()}
    lists["notices"] = Notice.objects.filter(user=who, read_at=None).order_by().values("pk")[:MOST_NOTICES]
    saved = saved_by(who).values(it=JSONObject(pk="pk", name="name", query="query", shared="is_shared"))
    values = [Func(ArraySubquery(rows), function="CARDINALITY", output_field=IntegerField()) for rows in lists.values()]
    if with_topics:
        running = tickets.filter(topic=RawSQL("named.topic", ()), status__in=RUNNING).values("pk")[:MANY]
        values.append(_EachTopic(ArraySubquery(running), Value([topic for topic, _label in TOPIC_CHOICES], ArrayField(TextField()))))
    values += [
        Func(ArraySubquery(saved[:MOST_SAVED]), function="TO_JSON", output_field=JSONField()),
        Subquery(Agent.objects.filter(user=who).values("has_shortcuts")),
        Subquery(Agent.objects.filter(user=who).values("columns")),
    ]
    text, given = User.objects.filter(pk=_WHO).order_by().values_list(*values).query.sql_with_params()
    return (*lists, *(["topics"] if with_topics else []), "saved", "has_shortcuts", "columns"), text, given
