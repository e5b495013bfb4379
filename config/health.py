"""Whether everything that Careline needs is alive: asked by load balancers and monitors, without a token."""

import logging

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from config.celery import app
from engine.one_line import in_a_line
from tickets.services.attention import OLD, last_beat

log = logging.getLogger(__name__)
PATIENCE = 1  # seconds for the queue to answer
STATES = {name: {"type": "string", "description": "ok, or what is wrong"} for name in ("database", "queue", "worker")}
SCHEMA = {"type": "object", "required": list(STATES), "properties": STATES, "example": dict.fromkeys(STATES, "ok")}


def database():
    """ "ok" when the database answers, and takes changes."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('transaction_read_only') = 'on'")
            (is_read_only,) = cursor.fetchone()
    except Error as error:
        log.warning("The database does not answer: %s", in_a_line(error))
        return "does not answer"
    return "takes no changes" if is_read_only else "ok"


def queue():
    """ "ok" when the queue answers within PATIENCE, and takes something: one that is full, or a copy of another, answers all the same."""
    options = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE, "max_retries": 0}
    try:
        with app.connection_for_write(transport_options=app.conf.broker_transport_options | options) as broker:
            broker.default_channel.client.set(f"{settings.REDIS_PREFIX}health", 1, ex=60)
    except Exception as error:  # kombu raises its own, redis-py its own, the socket its own
        log.warning("The queue does not answer: %s.", type(error).__name__)
        return "does not answer"
    return "ok"


def worker(now):
    """ "ok" when the worker has shown itself within OLD of `now`."""
    try:
        last = last_beat()
    except Error:
        return "unknown without the database"
    if last is None:
        return "has not shown itself yet"
    if abs(now - last) >= OLD:  # also one of the future, from before a clock was put back
        return f"has been silent since {last.isoformat()}"
    return "ok"


class Health(APIView):
    """200 when database, queue and worker are alive, else 503 with what is not."""

    authentication_classes: tuple = ()
    permission_classes: tuple = ()
    # Behind a proxy all callers share an address, and a flood elsewhere must not make a healthy system look ill.
    throttle_classes: tuple = ()

    @extend_schema(operation_id="health", auth=[], responses={200: SCHEMA, 503: OpenApiResponse(SCHEMA, "Something is not alive")})
    def get(self, request):
        states = {"database": database(), "queue": queue(), "worker": worker(timezone.now())}
        return Response(states, status=200 if set(states.values()) == {"ok"} else 503, headers={"Cache-Control": "no-store"})
