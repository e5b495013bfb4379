"""The people who make the rounds, and how they look at pages."""

import copy
import logging
import shutil

import pytest
import time_machine
from django.db import transaction
from django.test import Client, override_settings

from tests.cast import build_cast
from tests.every_url import scene as scenes
from tests.every_url.addresses import addresses


@pytest.fixture(autouse=True)
def _that_day(that_day):
    """Pages read the clock."""


@pytest.fixture(autouse=True)
def _quiet_log():
    """Silence the log: thousands of refusals are expected here, and a failing test shows the unexpected one."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="session")
def files_of_the_scene(tmp_path_factory):
    """The folder of its attachments."""
    return tmp_path_factory.mktemp("scene")


@pytest.fixture
def play(today, now, files_of_the_scene):
    """The stage here is the cast with its tickets."""

    def build():
        with time_machine.travel(now, tick=True), override_settings(MEDIA_ROOT=files_of_the_scene):
            return scenes.build(build_cast(today), now)

    return ("scene", today), build


@pytest.fixture
def scene(cast, settings, files_of_the_scene):
    """See tests/every_url/scene.py; the attachments are this test's own."""
    shutil.copytree(files_of_the_scene, settings.MEDIA_ROOT)
    return cast


@pytest.fixture
def every_address(scene):
    return addresses(scenes.values(scene))


@pytest.fixture
def visit():
    """visit(client, method, path, data) returns the response and reverts all changes (unless `keep`); an exception is a 500."""

    def ask(client, method, path, data=None, *, keep=False, **extra):
        cookies = copy.deepcopy(client.cookies)
        try:
            with transaction.atomic():
                response = getattr(client, method)(path, data, **extra)
                response.text_body = body_of(response)
                transaction.set_rollback(not keep)
        except Exception as error:
            raise AssertionError(f"{method.upper()} {path} broke: {error!r}") from error
        finally:
            client.cookies = cookies  # signing out is reverted, too
        return response

    return ask


@pytest.fixture
def walker(scene):
    """walker(user) returns (client, headers for the API) of that user; None is anonymous."""

    def of(user):
        client = Client()
        if user is None:
            return client, {}
        client.force_login(user)
        return client, {"HTTP_AUTHORIZATION": f"Token {scene.tokens[user.pk]}"}

    return of


def body_of(response):
    """Return the text of a response, also of a streamed file."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode("utf-8", "replace")
