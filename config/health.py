"""The health check for load balancers and monitors, without a token."""

import logging

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from config.celery import app
from engine.single_line import single_line
from tickets.services.monitoring import OLD, last_heartbeat

log = logging.getLogger(__name__)
PATIENCE = 1  # seconds to wait for the queue
STATES = {name: {"type": "string", "description": "ok, or what is wrong"} for name in ("database", "queue", "worker")}
SCHEMA = {"type": "object", "required": list(STATES), "properties": STATES, "example": dict.fromkeys(STATES, "ok")}


def database():
    """Return "ok" if the database answers and accepts changes."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('transaction_read_only') = 'on'")
            (is_read_only,) = cursor.fetchone()
    except Error as error:
        log.warning("The database is not responding: %s", single_line(error))
        return "does not answer"
    return "takes no changes" if is_read_only else "ok"


def queue():
    """Return "ok" if the queue answers within PATIENCE and accepts messages; a full one, or a read-only replica, would still answer."""
    options = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE, "max_retries": 0}
    try:
        with app.connection_for_write(transport_options=app.conf.broker_transport_options | options) as broker:
            broker.default_channel.client.set(f"{settings.REDIS_PREFIX}health", 1, ex=60)
    except Exception as error:  # kombu, redis-py and sockets raise their own
        log.warning("The queue is not responding: %s.", type(error).__name__)
        return "does not answer"
    return "ok"


def worker(now):
    """Return "ok" if the worker's last heartbeat is within OLD of `now`."""
    try:
        last = last_heartbeat()
    except Error:
        return "unknown without the database"
    if last is None:
        return "has not shown itself yet"
    if abs(now - last) >= OLD:  # or in the future, from before a clock was put back
        return f"has been silent since {last.isoformat()}"
    return "ok"


class Health(APIView):
    """Responds 200 if database, queue and worker are alive, else 503 with their states."""

    authentication_classes: tuple = ()
    permission_classes: tuple = ()
    # Not throttled: behind a proxy all callers share an address, and a flood must not make a healthy system look ill.
    throttle_classes: tuple = ()

    @extend_schema(operation_id="health", auth=[], responses={200: SCHEMA, 503: OpenApiResponse(SCHEMA, "Something is unavailable")})
    def get(self, request):
        states = {"database": database(), "queue": queue(), "worker": worker(timezone.now())}
        return Response(states, status=200 if set(states.values()) == {"ok"} else 503, headers={"Cache-Control": "no-store"})
