"""The cast: Nord partner and Sud partner with a small estate each, one agent, one lead, one administrator; one clock."""

import datetime
import gc
import itertools
import uuid

import pytest
import time_machine
from xdist.scheduler import LoadScopeScheduling

from tests import template
from tests.cast import build_cast
from tests.stage import STAGE, plays_on_it
from tests.thorough import THOROUGH
from tickets.services.clocks import forget

gc.disable()  # what is being loaded stays: nothing of it is garbage (see pytest_collection_finish)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker):
    """Each worker's database is a copy of the one that is migrated already (tests/template.py)."""
    from django.db import connection

    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = template.ready()


@pytest.fixture
def today():
    """The day all cases play on: Wednesday, 18 November 2026."""
    return datetime.date(2026, 11, 18)


@pytest.fixture
def now(today):
    return datetime.datetime.combine(today, datetime.time(10), tzinfo=datetime.UTC)


@pytest.fixture
def that_day(now):
    """The clock, which pages read, stands where the cast's things are, and goes on."""
    with time_machine.travel(now):
        yield


@pytest.fixture
def own_hints(settings):
    """What is kept in Redis for moments (engine/hints.py) is this test's alone."""
    settings.REDIS_PREFIX = f"{uuid.uuid4()}:"


@pytest.fixture
def play(request, today, now):
    """What is to stand on the stage: its name, and what builds it. With the cast come those SCENES of the test's file that it asks for.

    SCENES are {name: build(cast, now)}; a fixture of that name gives what was built, `cast.name`.
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
    """The rows of the play are there before the test's own transaction begins (tests/stage.py)."""
    with django_db_blocker.unblock():
        STAGE.set_for(*play) if plays_on_it(request.node) else STAGE.clear()


@pytest.fixture
def _django_db_helper(_stage, _django_db_helper):
    """pytest-django's way into a test's transaction: the stage comes before it."""


@pytest.fixture
def cast(db, play):
    """Everybody and everything by short names, see tests/cast.py."""
    _name, build = play
    return STAGE.people() or build()


@pytest.fixture
def admin(db):
    """An administrator where there is no cast."""
    from partners.models import User

    return User.objects.create_user("ada@careline.example", full_name="Ada Admin", role="admin")


@pytest.fixture
def site(client, admin):
    """The browser of that administrator."""
    client.force_login(admin)
    return client


@pytest.fixture
def sign_in(client):
    """sign_in(user) gives a test client signed in as that user."""

    def as_user(user):
        client.force_login(user)
        return client

    return as_user


def pytest_configure():
    """What would cost every test anew: WhiteNoise reading all static files for each client, tables made anew, hashes slow on purpose,
    sessions that nobody reads."""
    from django.conf import settings
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.test import Client, TransactionTestCase

    from tests.emptying import empty_tables
    from tests.entering import enter

    settings.WHITENOISE_AUTOREFRESH = True
    StaticFilesHandler._should_handle = lambda handler, path: False  # live servers answer with files as all others do (config/static.py)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    TransactionTestCase._fixture_teardown = empty_tables
    Client._login = enter


@pytest.fixture(autouse=True)
def _values_of_its_own():
    """What a test sets as a policy value is not remembered for the next one."""
    forget()


@pytest.fixture(scope="session")
def _folders(tmp_path_factory):
    """One folder after another for the tests of this process, each made by who writes there first: most tests write nothing."""
    parent = tmp_path_factory.mktemp("folders")
    return (parent / str(number) for number in itertools.count())


@pytest.fixture
def _private_folders(settings, _folders):
    """Attachments and mails of a test stay with the test."""
    folder = next(_folders)
    settings.MEDIA_ROOT = folder / "attachments"
    settings.MAILBOX_DIR = folder / "mailbox"


@pytest.fixture(autouse=True)
def _folders_where_rows_are(request):
    """What knows no database writes no files either, and makes no folder."""
    if request.node.get_closest_marker("django_db") or {"db", "transactional_db", "cast"} & set(request.fixturenames):
        request.getfixturevalue("_private_folders")


# What shares processes or a browser that are dear to start stays together on one worker; where everything is tried, the flows of the
# desk alone would keep one busy for longer than the rest takes, so they are dealt out by file.
TOGETHER = (
    "tests/browser/desk/",
    "tests/browser/",
    "tests/durability/",
    "tests/tooling/test_embedded.py",
    "tests/tooling/test_supervisor.py",
)
# These read all of the tree, which the first of them keeps for the others.
READING = ("tests/house/",)


def is_dear(nodeid):
    """Whether the test waits for processes or a browser."""
    return nodeid.startswith(TOGETHER)


def together(nodeid):
    """The beginning of the paths that this test stays together with, or "" for one that may run anywhere."""
    place = next((place for place in (*TOGETHER, *READING) if nodeid.startswith(place)), "")
    return "" if THOROUGH and place == TOGETHER[0] else place


def pytest_collection_finish():
    """What has been loaded by now stays to the end: the garbage collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()


def pytest_collection_modifyitems(config, items):
    """What waits for processes and browsers begins first, so that nobody is waited for at the end; then what needs the cast.

    Every day without what is marked as thorough, unless it is asked for by name.
    """
    if not THOROUGH and not any("::" in word for word in config.args):
        left_out = [item for item in items if item.get_closest_marker("thorough")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("thorough")]
    items.sort(key=lambda item: (not is_dear(item.nodeid), not plays_on_it(item)))


def pytest_terminal_summary(terminalreporter):
    """Nobody should take a share for everything."""
    if not THOROUGH:
        terminalreporter.write_line("This was the suite of every day. CI=true tries everything (docs/decisions/0149).")


class ByPlace(LoadScopeScheduling):
    """Tests are dealt out by file, those of one place together. (xdist's own groups are marks in names that pytest 9.2 ignores.)"""

    def _split_scope(self, nodeid):
        return together(nodeid) or nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False  # in the order above, not the largest files first
    return ByPlace(config, log)
