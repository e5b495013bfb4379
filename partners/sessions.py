"""Sessions as rows of our own: ending one, or listing where a user is signed in, needs no other table (docs/decisions/0349).

Every request reads one, so the query is prepared (docs/decisions/0167).
"""

from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions import middleware
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import DatabaseError, models
from django.db.models import Q
from django.utils import timezone

from engine.prepared_queries import Parameter, PreparedQuery

STEP = timedelta(minutes=5)  # a session in use is updated at most this often


class Session(AbstractBaseSession):
    """A browser session: signed in as `user` since `since`, or not yet signed in. `seen_at` is the last use, to within a STEP."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sessions", null=True)
    since = models.DateTimeField(null=True)
    browser = models.CharField(max_length=60)  # a readable name, see partners/user_agents.py
    seen_at = models.DateTimeField()

    @classmethod
    def get_session_store_class(cls):
        return SessionStore


def idle_cutoff(now):
    """Return the time such that sessions last used then or earlier have expired."""
    return now - timedelta(hours=settings.SESSION_IDLE_HOURS) - STEP


def expired(now):
    """Return the condition on Session for those that have expired, by age or by disuse."""
    return Q(expire_date__lte=now) | Q(seen_at__lte=idle_cutoff(now))


def active(user, *, now):
    """Return the user's active sessions, most recently used first."""
    return user.sessions.exclude(expired(now)).order_by("-seen_at", "-since")


def end(user, *, but=None):
    """End the user's sessions except the one with the key `but`. Return the number of sessions ended."""
    return user.sessions.exclude(session_key=but).delete()[0]


_kept = PreparedQuery(
    lambda: Session.objects.filter(session_key=Parameter("key"), expire_date__gt=Parameter("now"), seen_at__gt=Parameter("unused_since")),
    by_key=True,
)


class SessionStore(db.SessionStore):
    """The session store named by settings.SESSION_ENGINE."""

    seen_at = None

    @classmethod
    def get_model_class(cls):
        return Session

    def _get_session_from_db(self):
        now = timezone.now()
        session = _kept.first(key=self.session_key, now=now, unused_since=idle_cutoff(now))
        if session is None:
            self._session_key = None
        else:
            self.seen_at = session.seen_at
        return session

    def create_model_instance(self, data):
        session = super().create_model_instance(data)
        session.user_id, session.browser = data.get(SESSION_KEY), data.get("browser", "")
        session.since = datetime.fromisoformat(data["since"]) if "since" in data else None
        session.seen_at = timezone.now()
        return session


class SessionMiddleware(middleware.SessionMiddleware):
    """Django's middleware, which also records the use of a session after the request has been processed."""

    def process_response(self, request, response):
        response = super().process_response(request, response)
        session, before = request.session, timezone.now() - STEP
        if session.seen_at and session.seen_at < before and _is_use(request):
            with suppress(DatabaseError):  # the request itself has succeeded; the next one records the use
                Session.objects.filter(session_key=session.session_key, seen_at__lt=before).update(seen_at=before + STEP)
        return response


def _is_use(request):
    """Return whether a person opened a page or submitted something. Polling by open pages does not keep a session alive."""
    return request.method not in ("GET", "HEAD") or (request.accepts("text/html") and not request.headers.get("HX-Request"))
