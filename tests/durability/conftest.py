"""The stack of real processes, shared by all tests of this folder: starting a worker takes seconds."""

import pytest
from django.conf import settings
from django.utils import timezone

from config.celery import app
from tests.cast import build_cast
from tests.durability.stack import Stack


@pytest.fixture
def today():
    """The worker has its own clock, so the day is the real one here."""
    return timezone.now().date()


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture(scope="package")
def processes(django_db_setup, django_db_blocker):
    """Start the stack once for this folder and stop it afterwards; this process uses its queue as the web does."""
    with django_db_blocker.unblock():
        stack = Stack()
    address = app.conf.broker_url
    talk_to(stack.broker)
    try:
        stack.start()
        yield stack
    finally:
        talk_to(address)
        stack.stop()


def talk_to(address):
    app.conf.broker_url = address
    settings.REDIS_URL = address.replace("redis+socket://", "unix://", 1)
    app._pool = app.amqp._producer_pool = None  # what Celery itself does after a fork


@pytest.fixture
def cast(transactional_db, today):
    return build_cast(today)


@pytest.fixture
def stack(processes, cast):
    """Make sure that everything is running and nothing is left of the previous test."""
    processes.start()
    yield processes
    processes.tidy()
