"""The desk's sidebar (rail): built-in views of the queue, topics and saved views, with their counts.

Pages contain only the names. The counts are fetched right after the page and every few seconds (static/js/desk/live.js), so that no
page waits for them: counting takes longer than querying a page's rows.
"""

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, IntegerField, Q, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy

from desk.filters import soon, view_condition
from desk.models import Notice, SavedView
from engine.prepared_queries import Parameter, PreparedQuery
from partners.access import Reader, visible_rows
from partners.models import User
from tickets.filters import TOPIC_CHOICES
from tickets.models import Ticket
from tickets.models.ticket import RUNNING, awake
from tickets.services import monitoring

VIEWS = (
    ("open", gettext_lazy("All open"), "inbox"),
    ("mine", gettext_lazy("Mine"), "user"),
    ("unassigned", gettext_lazy("Unassigned"), "users"),
    ("soon", gettext_lazy("Overdue or due soon"), "clock"),
    ("review", gettext_lazy("Needs review"), "scale"),
    ("waiting", gettext_lazy("Waiting"), "pause"),
    ("parties", gettext_lazy("Confirmations"), "check-circle"),
    ("failed", gettext_lazy("Execution stopped"), "alert"),
    ("snoozed", gettext_lazy("Snoozed"), "moon"),
)
HOT = ("failed", "soon")
ORDERED = {"soon": "&order=due", "snoozed": "&order=wakes"}  # earliest due time or end of snooze first
COUNTED = *(key for key, _label, _icon in VIEWS), "notices", "topics"
MANY = 1000
MOST_SAVED, MOST_NOTICES = 30, 100


def views(user):
    """Return {"views", "topics", "saved", "has_shortcuts", "columns"} for desk/base.html. One query.

    Views and topics are the same for everyone: they are callables, evaluated only when the template renders them (cached by {% once %}).
    """
    own = _own.first(user=user.pk)
    return {
        "views": _views,
        "topics": _topics,
        "saved": [saved_entry(**view) for view in own.saved],
        "has_shortcuts": own.has_shortcuts is not False,
        "columns": own.columns or [],
    }


def _views():
    queue = reverse("desk:queue")
    return [
        {
            "label": label,
            "url": f"{queue}?view={key}{ORDERED.get(key, '')}" if key != "open" else queue,
            "icon": icon,
            "key": key,
            "hot": key in HOT,
        }
        for key, label, icon in VIEWS
    ]


def is_listed(query):
    """Return whether a query string is that of a built-in view. (Topics are in a collapsed group, so they can be saved.)"""
    return not query or query in {f"view={key}{ORDERED.get(key, '')}" for key, _label, _icon in VIEWS}


def _topics():
    queue = reverse("desk:queue")
    return [{"label": label, "url": f"{queue}?{urlencode({'topic': topic})}", "key": f"topic:{topic}"} for topic, label in TOPIC_CHOICES]


def counts(user, now):
    """Return {key: count as text} for views, topics and unread notices; all counts are bounded. One query.

    For administrators it includes the number of things that need attention (two more queries).
    """
    found = _counted(user, now)
    topics = {f"topic:{topic}": count for (topic, _label), count in zip(TOPIC_CHOICES, found.pop("topics"), strict=True)}
    notices = bounded(found.pop("notices"), MOST_NOTICES)
    troubles = len(monitoring.current_problems(at=now)) if user.is_staff else 0
    own = {"notices": str(notices or ""), "troubles": str(troubles or "")}
    return {key: str(bounded(count) or "") for key, count in (found | topics).items()} | own


def bounded(count, many=MANY):
    """Return a count as text, "999+" if it was stopped at `many`."""
    return f"{many - 1}+" if count >= many else count


def length(rows, many=MANY):
    """Return an expression for the number of rows, up to `many`, as the length of a limited array, so that no scan is unbounded."""
    return Func(ArraySubquery(rows.values("pk")[:many]), function="CARDINALITY", output_field=IntegerField())


def saved_entry(pk, name, query, shared):
    """Return a saved view for the sidebar."""
    return {"pk": pk, "label": name, "url": saved_url(pk, query), "shared": shared, "key": f"saved:{pk}"}


def saved_url(pk, query):
    """Return the queue URL of a saved view."""
    return f"{reverse('desk:queue')}?saved={pk}&{query}"


def saved_by(user):
    """Return the views in this user's sidebar: their own and shared ones."""
    return SavedView.objects.filter(Q(owner=user) | Q(is_shared=True)).order_by("is_shared", "name", "pk")


def _of_one():
    """Return the user's own settings: saved views, shortcuts, columns."""
    listed = saved_by(Parameter("user"))[:MOST_SAVED].values(one=JSONObject(pk="pk", name="name", query="query", shared="is_shared"))
    agent = {"has_shortcuts": F("agent__has_shortcuts"), "columns": F("agent__columns")}
    return User.objects.filter(pk=Parameter("user")).order_by().only("pk").annotate(saved=ArraySubquery(listed), **agent)


_own = PreparedQuery(_of_one, by_key=True)


class _EachTopic(Func):
    """The length of one list per topic, in order: one subquery to plan instead of a dozen."""

    template = "ARRAY(SELECT CARDINALITY(%(expressions)s) AS named(topic))"
    arg_joiner = ") FROM unnest("
    output_field = ArrayField(IntegerField())


def _counted(user, now):
    """Return the number of tickets per view and topic, up to MANY each."""
    row = visible_rows(user, _lengths, agent=user.pk, now=now, soon=soon(now))[0]
    return {key: getattr(row, f"n_{key}") for key in COUNTED}


def _counts(is_care):
    now, tickets = Parameter("now"), Ticket.objects.visible_to(Reader(is_care)).order_by()
    views = {key: tickets.filter(view_condition(key, Parameter("agent"), now=now, soon=Parameter("soon"))) for key, _label, _icon in VIEWS}
    lengths = {f"n_{key}": length(rows) for key, rows in views.items()}
    lengths["n_notices"] = length(Notice.objects.filter(user=Parameter("agent"), read_at=None).order_by(), MOST_NOTICES)
    running = tickets.filter(RUNNING, awake(now), topic=RawSQL("named.topic", ())).values("pk")[:MANY]
    topics = _EachTopic(ArraySubquery(running), Value([topic for topic, _label in TOPIC_CHOICES], ArrayField(TextField())))
    return User.objects.filter(pk=Parameter("agent")).order_by().only("pk").annotate(**lengths, n_topics=topics)


# Every open page polls this every few seconds, and planning takes PostgreSQL longer than counting, so it is prepared once (0300). Each
# list uses its own index, whatever the parameter values.
_lengths = PreparedQuery(_counts, by_key=True)
