"""Settings of an installation: invalid ones are reported by name, empty ones mean the default, and nothing becomes the demo by accident."""

import os
import runpy
import socket
import subprocess
import traceback
import uuid
from unittest.mock import patch

import pytest
from django.core.exceptions import ImproperlyConfigured
from redis import Redis

from config.commands import PYTHON, ROOT
from config.environment import DEMO_KEY, Environment

KEY = "a-random-text-of-this-installation-"
NAMES = ("DEMO", "SESSION_COOKIE_AGE", "POLICY_APPROVAL", "SITE_URL", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_NAME")
READ = f"import django.conf as c; c.settings.DEMO; print(*(getattr(c.settings, name) for name in {NAMES}))"


SHORT = "False 43200 False http://127.0.0.1:8000 True csrftoken"


def started(asked=READ, **given):
    """Return what a process with this environment says to this code: (the printed words, the errors, their last line)."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run([PYTHON, "-c", asked], cwd=ROOT, env=kept | given, capture_output=True, text=True, timeout=60)
    return done.stdout.split(), done.stderr, (done.stderr.strip().splitlines() or [""])[-1]


def refused(**given):
    """Return the error of reading settings from this environment: read here, because a separate process takes long to start."""
    with patch.dict(os.environ, given, clear=True), pytest.raises(ImproperlyConfigured) as error:
        runpy.run_path(str(ROOT / "config" / "settings.py"))
    return "".join(traceback.format_exception(error.value))


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
    assert started(SECRET_KEY=KEY, **dict.fromkeys(names, "")) == (SHORT.split(), "", "")


def test_cookies_have_the_host_prefix_behind_tls():
    words, _errors, _last = started(SECRET_KEY=KEY, SITE_URL="https://care.example/")
    assert words[3:] == ["https://care.example", "True", "__Host-csrftoken"]


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
    words, _errors, last = started(SECRET_KEY=KEY, SESSION_HOURS="twelve")
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
@pytest.mark.parametrize("words", ["", "?connect_timeout=2"])
def test_silent_database_connection_times_out(words):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"postgres://me:secret-word@127.0.0.1:{silent.getsockname()[1]}/careline{words}"
        asked = "import django; django.setup(); from django.db import connection as c; c.ensure_connection()"
        _words, _errors, last = started(asked, SECRET_KEY=KEY, DATABASE_URL=address)
    assert last.startswith("django.db.utils.OperationalError: connection timeout expired")
    assert "secret-word" not in last


def test_installations_sharing_a_redis_have_separate_queues(settings):
    prefix, said = f"{uuid.uuid4()}:", "from config.celery import app; app.send_task('tickets.tasks.execute', args=(1,))"
    _words, errors, _last = started(said, SECRET_KEY=KEY, REDIS_URL=settings.REDIS_URL, REDIS_PREFIX=prefix)
    with Redis.from_url(settings.REDIS_URL) as server:
        queued = [server.type(key) for key in (f"{prefix}celery", "celery")]
        server.delete(f"{prefix}celery", f"_kombu.binding.{prefix}celery")
    assert queued == [b"list", b"none"], errors
