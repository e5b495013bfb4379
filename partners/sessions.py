"""Sessions are Django's, in the database; each request reads one, so its question is prepared (docs/decisions/0167)."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.utils import timezone

from engine.prepared import Given, Prepared

_kept = Prepared(lambda: Session.objects.filter(session_key=Given("key"), expire_date__gt=Given("now")), by_key=True)


class SessionStore(DatabaseSessions):
    """What settings.SESSION_ENGINE asks for."""

    def _get_session_from_db(self):
        session = _kept.first(key=self.session_key, now=timezone.now())
        if session is None:
            self._session_key = None
        return session
