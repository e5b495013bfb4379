"""The same calls within one process: their number of queries, and where they spend their time."""

import cProfile
import pstats
import sys

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def send(client, call):
    """Send the call through Django's test client: middleware and view, without a server."""
    extra = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in call.headers.items()}
    more = {} if call.fields is None else {"data": call.body(), "content_type": call.content_type}
    answer = client.generic(call.method, call.address(), HTTP_HOST="127.0.0.1", **more, **extra)
    if answer.status_code != call.expect:
        raise RuntimeError(f"{call.name}: {answer.status_code} {answer.content[:300]!r}")


def queries(call):
    """Return the number of database queries of the call once it is warm."""
    client = Client()
    send(client, call)
    with CaptureQueriesContext(connection) as asked:
        send(client, call)
    return len(asked.captured_queries)


def hotspots(calls, *, count, lines=35):
    """Print the functions in which these calls spend their time."""
    client = Client()
    for call in calls:
        for _ in range(20):
            send(client, call)
        profile = cProfile.Profile()
        profile.enable()
        for _ in range(count):
            send(client, call)
        profile.disable()
        sys.stdout.write(f"\n{call.name}, {count} times\n")
        pstats.Stats(profile).sort_stats("tottime").print_stats(lines)
        pstats.Stats(profile).sort_stats("cumulative").print_stats(lines)
