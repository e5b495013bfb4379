"""Settings of an installation: invalid ones are reported by name, empty ones mean the default, and nothing becomes the demo by accident."""

import os
import runpy
import socket
import subprocess
import traceback
import uuid
from unittest.mock import patch

import pytest
from django.conf import global_settings
from django.core.exceptions import ImproperlyConfigured
from redis import Redis

from config.commands import PYTHON, ROOT
from config.environment import DEMO_KEY, Environment
from tests.thorough import THOROUGH

KEY = "a-random-text-of-this-installation-"
CONNECT = "from django.db import connection; connection.ensure_connection()"


def start(asked, **given):
    """Start a process with this environment that runs this code."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([PYTHON, "-c", asked], cwd=ROOT, env=kept | given, **pipes)


def answer(process):
    """Return what a process says: (the printed words, the errors, their last line)."""
    words, errors = process.communicate(timeout=60)
    return words.split(), errors, (errors.strip().splitlines() or [""])[-1]


def read(**given):
    """Return the settings for this environment: read here, because a separate process takes long to start."""
    with patch.dict(os.environ, given, clear=True):
        return vars(global_settings) | runpy.run_path(str(ROOT / "config" / "settings.py"))


def refused(**given):
    """Return the error of reading settings from this environment."""
    with pytest.raises(ImproperlyConfigured) as error:
        read(**given)
    return "".join(traceback.format_exception(error.value))


@pytest.fixture(scope="module", autouse=THOROUGH)
def silence():
    """A process that connects to a database that never answers; it waits beside the other tests."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"postgres://me:secret-word@127.0.0.1:{silent.getsockname()[1]}/careline?connect_timeout=2"
        process = start(CONNECT, SECRET_KEY=KEY, DATABASE_URL=address)
        yield process
        process.kill()
        process.communicate()


def test_empty_settings_mean_the_default():
    names = (
        "SESSION_HOURS",
        "SESSION_IDLE_HOURS",
        "POLICY_APPROVAL",
        "DATABASE_URL",
        "REDIS_URL",
        "SITE_URL",
        "EMAIL_URL",
        "SEARCH_SECONDS",
        "SECRET_KEY_FALLBACKS",
    )
    settings = read(SECRET_KEY=KEY, **dict.fromkeys(names, ""))
    expected = {"DEMO": False, "SESSION_COOKIE_AGE": 43200, "POLICY_APPROVAL": False, "SITE_URL": "http://127.0.0.1:8000"}
    expected |= {"CSRF_COOKIE_SECURE": True, "CSRF_COOKIE_NAME": "csrftoken"}
    assert {name: settings[name] for name in expected} == expected


def test_cookies_have_the_host_prefix_behind_tls():
    settings = read(SECRET_KEY=KEY, SITE_URL="https://care.example/")
    cookies = settings["CSRF_COOKIE_SECURE"], settings["CSRF_COOKIE_NAME"]
    assert (settings["SITE_URL"], *cookies) == ("https://care.example", True, "__Host-csrftoken")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SESSION_HOURS", "twelve", "a whole number from 1"),
        ("SESSION_HOURS", "0", "a whole number from 1"),
        ("SESSION_IDLE_HOURS", "0.5", "a whole number from 1"),
        ("SEARCH_SECONDS", "nan", "a number from 0.1"),
        ("POLICY_APPROVAL", "flase", "yes or no"),
        ("DEMO", "perhaps", "yes or no"),
        ("DATABASE_URL", "secret-word", "postgres://"),
        ("REDIS_URL", "secret-word:6379", "redis://"),
        ("EMAIL_URL", "smtp://me:secret-word/x@mail.example", "%2F"),
        ("SITE_URL", "care.example", "https://"),
        ("SECRET_KEY", "secret-word", "at least 32 characters"),
        ("SECRET_KEY", "", "at least 32 characters"),
        ("SECRET_KEY", DEMO_KEY, "at least 32 characters"),
    ],
)
def test_invalid_setting_is_named_without_revealing_secrets(name, value, expected):
    errors = refused(**{"SECRET_KEY": KEY, name: value})
    last = errors.strip().splitlines()[-1]
    assert name in last and expected in last
    assert "secret-word" not in errors


def test_process_with_an_invalid_setting_exits_with_its_message():
    words, _errors, last = answer(start("from django.conf import settings; print(settings.DEMO)", SECRET_KEY=KEY, SESSION_HOURS="twelve"))
    assert not words and last == refused(SECRET_KEY=KEY, SESSION_HOURS="twelve").strip().splitlines()[-1]


def test_demo_is_the_default_without_key_or_opt_out():
    asked = {(): True, (("SECRET_KEY", KEY),): False, (("SECRET_KEY", ""),): False, (("DEMO", ""),): False}
    asked |= {(("SECRET_KEY", KEY), ("DEMO", "yes")): True}
    assert {given: Environment(dict(given)).is_demo() for given in asked} == asked


def test_secret_key_may_start_with_a_dollar_sign():
    assert Environment({"SECRET_KEY": f"${KEY}"}).secret_key(is_demo=False) == f"${KEY}"
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        Environment({"DEMO": ""}).secret_key(is_demo=False)


@pytest.mark.thorough
def test_installations_sharing_a_redis_have_separate_queues(settings):
    """Those of the web and of the scheduler, whose process loads no apps."""
    said = "from config import celery, beat_scheduler as beat; beat.app.loader.init_worker()"
    said += "; [app.send_task('tickets.tasks.execute', args=(1,)) for app in (celery.app, beat.app)]"
    said += "; import sys; print('tickets.models' in sys.modules, 'django.db.models' in sys.modules)"
    prefix = f"{uuid.uuid4()}:"
    words, errors, _last = answer(start(said, SECRET_KEY=KEY, REDIS_URL=settings.REDIS_URL, REDIS_PREFIX=prefix))
    with Redis.from_url(settings.REDIS_URL) as server:
        queued = server.llen(f"{prefix}celery"), server.exists("celery")
        server.delete(f"{prefix}celery", f"_kombu.binding.{prefix}celery")
    assert (queued, words, errors) == ((2, 0), ["False", "False"], "")


@pytest.mark.thorough
def test_silent_database_connection_times_out(silence):
    """After the seconds of the address, or of the settings, which have the same place."""
    _words, _errors, last = answer(silence)
    assert last.startswith("django.db.utils.OperationalError: connection timeout expired")
    assert "secret-word" not in last
    addresses = {"postgres://db/careline": 5, "postgres://db/careline?connect_timeout=2": 2}
    settings = {address: read(SECRET_KEY=KEY, DATABASE_URL=address)["DATABASES"]["default"] for address in addresses}
    assert {address: entry["OPTIONS"]["connect_timeout"] for address, entry in settings.items()} == addresses
