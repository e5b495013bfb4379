"""Sessions are rows of our own: the row is the session, so who ends one, or sees where an account is open, needs no other (0349).

Each request reads one, so its question is prepared (docs/decisions/0167).
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

from engine.prepared import Given, Prepared

STEP = timedelta(minutes=5)  # a session in use is written at most as often


class Session(AbstractBaseSession):
    """One browser: signed in as a user since then, or with no user about to be. It was last used at `seen_at`, to a STEP."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sessions", null=True)
    since = models.DateTimeField(null=True)
    browser = models.CharField(max_length=60)  # in words, see partners/browsers.py
    seen_at = models.DateTimeField()

    @classmethod
    def get_session_store_class(cls):
        return SessionStore


def unused_since(now):
    """Sessions that were last seen at this time, or before, are over by now."""
    return now - timedelta(hours=settings.SESSION_IDLE_HOURS) - STEP


def over(now):
    """The condition on Session of those that are over, used or not."""
    return Q(expire_date__lte=now) | Q(seen_at__lte=unused_since(now))


def running(user, *, now):
    """The sessions in which a user is signed in, the one that was used last first."""
    return user.sessions.exclude(over(now)).order_by("-seen_at", "-since")


def end(user, *, but=None):
    """End the sessions of a user, but for the one that has this key. Gives how many there were."""
    return user.sessions.exclude(session_key=but).delete()[0]


_kept = Prepared(
    lambda: Session.objects.filter(session_key=Given("key"), expire_date__gt=Given("now"), seen_at__gt=Given("unused_since")), by_key=True
)


class SessionStore(db.SessionStore):
    """What settings.SESSION_ENGINE asks for."""

    seen_at = None

    @classmethod
    def get_model_class(cls):
        return Session

    def _get_session_from_db(self):
        now = timezone.now()
        session = _kept.first(key=self.session_key, now=now, unused_since=unused_since(now))
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
    """Django's, which also writes down what is in use; beside what the request does, once it is done."""

    def process_response(self, request, response):
        response = super().process_response(request, response)
        session, before = request.session, timezone.now() - STEP
        if session.seen_at and session.seen_at < before and _is_use(request):
            with suppress(DatabaseError):  # what was done is done, and answered; the next request writes it down
                Session.objects.filter(session_key=session.session_key, seen_at__lt=before).update(seen_at=before + STEP)
        return response


def _is_use(request):
    """Whether a person did it: opened a page or sent something. What open pages ask by themselves, on and on, keeps no session alive."""
    return request.method not in ("GET", "HEAD") or (request.accepts("text/html") and not request.headers.get("HX-Request"))
