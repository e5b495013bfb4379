"""The cast: partners Nord and Sud with a small estate each, one agent, one lead, one administrator; and one clock."""

import datetime
import gc
import itertools
import uuid

import pytest
import time_machine
from xdist.scheduler import LoadScopeScheduling

from tests import template
from tests.cast import build_cast
from tests.stage import STAGE, uses_stage
from tests.thorough import THOROUGH
from tickets.services.clocks import forget

gc.disable()  # what is loaded now stays loaded: none of it is garbage (see pytest_collection_finish)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker):
    """Clone each worker's database from the already migrated one (tests/template.py)."""
    from django.db import connection

    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = template.ready()


@pytest.fixture
def today():
    """The day on which all cases take place: Wednesday, 18 November 2026."""
    return datetime.date(2026, 11, 18)


@pytest.fixture
def now(today):
    return datetime.datetime.combine(today, datetime.time(10), tzinfo=datetime.UTC)


@pytest.fixture
def that_day(now):
    """Set the clock, which pages read, to the time of the cast; it keeps running."""
    with time_machine.travel(now):
        yield


@pytest.fixture
def own_hints(settings):
    """Give this test its own short-lived data in Redis (engine/hints.py)."""
    settings.REDIS_PREFIX = f"{uuid.uuid4()}:"


@pytest.fixture
def play(request, today, now):
    """The name of the play and a function that builds it: the cast, and those SCENES of the test's module that the test requests.

    SCENES are {name: build(cast, now)}; a fixture of that name returns the result, `cast.name`.
    """
    scenes = {name: scene for name, scene in getattr(request.module, "SCENES", {}).items() if name in request.fixturenames}

    def build():
        cast = build_cast(today)
        for name, scene in scenes.items():
            setattr(cast, name, scene(cast, now))
        return cast

    return ("cast", today, *((request.module.__name__, *scenes) if scenes else ())), build


@pytest.fixture
def _stage(request, play, django_db_setup, django_db_blocker):
    """Put the rows of the play in place before the test's own transaction begins (tests/stage.py)."""
    with django_db_blocker.unblock():
        STAGE.set_for(*play) if uses_stage(request.node) else STAGE.clear()


@pytest.fixture
def _django_db_helper(_stage, _django_db_helper):
    """Hook into pytest-django's entry to a test's transaction: the stage is set first."""


@pytest.fixture
def cast(db, play):
    """All people and objects by short names, see tests/cast.py."""
    _name, build = play
    return STAGE.people() or build()


@pytest.fixture
def admin(db):
    """An administrator for tests without the cast."""
    from partners.models import User

    return User.objects.create_user("ada@careline.example", full_name="Ada Admin", role="admin")


@pytest.fixture
def site(client, admin):
    """A test client signed in as that administrator."""
    client.force_login(admin)
    return client


@pytest.fixture
def sign_in(client):
    """Return sign_in(user), which returns a test client signed in as that user."""

    def as_user(user):
        client.force_login(user)
        return client

    return as_user


def pytest_configure():
    """Switch off costs that every test would repeat: WhiteNoise reading all static files per client, creating tables, deliberately slow
    hashes, sessions that nobody reads."""
    from django.conf import settings
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.test import Client, TransactionTestCase

    from tests.flushing import empty_tables
    from tests.signing_in import log_in

    settings.WHITENOISE_AUTOREFRESH = True
    StaticFilesHandler._should_handle = lambda handler, path: False  # live servers serve files as all others do (config/static.py)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    TransactionTestCase._fixture_teardown = empty_tables
    Client._login = log_in


@pytest.fixture(autouse=True)
def _fresh_policy_values():
    """Forget the policy values that a test sets, so that the next test does not see them."""
    forget()


@pytest.fixture(scope="session")
def _folders(tmp_path_factory):
    """Numbered temporary folders for the tests of this process, each created on first write: most tests write nothing."""
    parent = tmp_path_factory.mktemp("folders")
    return (parent / str(number) for number in itertools.count())


@pytest.fixture
def _private_folders(settings, _folders):
    """Keep a test's attachments and e-mails in its own folder."""
    folder = next(_folders)
    settings.MEDIA_ROOT = folder / "attachments"
    settings.MAILBOX_DIR = folder / "mailbox"


@pytest.fixture(autouse=True)
def _folders_for_database_tests(request):
    """A test without a database writes no files either, and creates no folder."""
    if request.node.get_closest_marker("django_db") or {"db", "transactional_db", "cast"} & set(request.fixturenames):
        request.getfixturevalue("_private_folders")


# Tests that share processes or a browser, which are expensive to start, stay on one worker. In CI the flows of the desk alone would keep
# one worker busy for longer than the rest takes, so they are distributed by file.
TOGETHER = (
    "tests/browser/desk/",
    "tests/browser/",
    "tests/durability/",
    "tests/tooling/test_embedded.py",
    "tests/tooling/test_supervisor.py",
)
# These read the whole tree, which the first of them caches for the others.
READING = ("tests/house/",)


def is_expensive(nodeid):
    """Return whether the test waits for processes or a browser."""
    return nodeid.startswith(TOGETHER)


def place_of(nodeid):
    """Return the path prefix of the tests that this one stays together with, or "" for one that may run anywhere."""
    place = next((place for place in (*TOGETHER, *READING) if nodeid.startswith(place)), "")
    return "" if THOROUGH and place == TOGETHER[0] else place


def pytest_collection_finish():
    """Freeze everything loaded so far: the garbage collector need not scan it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()


def pytest_collection_modifyitems(config, items):
    """Run tests that wait for processes and browsers first, so that nothing is waited for at the end; then those that need the cast.

    The everyday suite leaves out tests marked as thorough, unless they are requested by name.
    """
    if not THOROUGH and not any("::" in word for word in config.args):
        left_out = [item for item in items if item.get_closest_marker("thorough")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("thorough")]
    items.sort(key=lambda item: (not is_expensive(item.nodeid), not uses_stage(item)))


def pytest_terminal_summary(terminalreporter):
    """Point out in the summary that the everyday suite does not run everything."""
    if not THOROUGH:
        terminalreporter.write_line("This was the everyday suite. CI=true runs everything (docs/decisions/0149).")


class ByPlace(LoadScopeScheduling):
    """Distribute tests by file, those of one place together. (xdist's own groups rely on marks in names, which pytest 9.2 ignores.)"""

    def _split_scope(self, nodeid):
        return place_of(nodeid) or nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False  # in the order above, not the largest files first
    return ByPlace(config, log)
