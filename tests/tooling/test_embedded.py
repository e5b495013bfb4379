"""The embedded services: shared while in use, stopped when unused, even after a SIGKILL."""

import os
import runpy
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest
import redis

from config import embedded
from config.embedded.process import end_with_parent, short_name

ROOT = Path(__file__).resolve().parent.parent.parent
HOLD = """
import sys
sys.path.insert(0, "config")  # the package alone: config itself loads Celery
import embedded
with embedded.running(sys.argv[1], True, {}) as urls:
    print(urls, flush=True)
    sys.stdin.read()
"""
# One worker runs them all: they share a data directory, so that the database cluster is created once.


@pytest.fixture(scope="module")
def shared_dir():
    """A data directory whose path is as short as a real one's."""
    path = Path(tempfile.mkdtemp(prefix="careline-test-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def data_dir(shared_dir):
    """The shared data directory, with nothing running in it before and after the test."""
    yield shared_dir
    assert wait_for(lambda: not processes_of(shared_dir))


@pytest.fixture
def holder():
    """Start processes that use the services of a data directory until their stdin is closed."""
    started = []

    def start(path):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, path],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=end_with_parent(signal.SIGKILL),
        )
        started.append(process)
        return process, eval(process.stdout.readline())  # noqa: S307

    yield start
    for process in started:
        process.kill()
        process.communicate()


def is_up(urls):
    """Return whether both services accept connections."""
    try:
        psycopg.connect(urls["DATABASE_URL"]).close()
        return redis.Redis.from_url(urls["REDIS_URL"]).ping()
    except (psycopg.OperationalError, redis.ConnectionError):
        return False


def processes_of(path):
    """Return the command lines of the processes that hold, or are, a service of a data directory."""
    shown = subprocess.run(["ps", "-ww", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout
    marks = (f" {path} ", f"/{short_name(path)}-")
    return [line for line in shown.splitlines() if any(mark in line for mark in marks)]


def wait_for(condition):
    deadline = time.monotonic() + 5
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def test_services_start_and_stop_with_the_context_manager(data_dir):
    with embedded.running(data_dir, fast=True, environ={}) as urls:
        assert is_up(urls)
        with psycopg.connect(urls["DATABASE_URL"]) as connection:
            assert connection.info.server_version >= 150000
            assert connection.execute("show listen_addresses").fetchone() == ("",)
    assert not is_up(urls)
    assert processes_of(data_dir) == []


@pytest.mark.thorough
def test_second_user_shares_services_and_leaves_them_running(data_dir, holder):
    _, first = holder(data_dir)
    with embedded.running(data_dir, fast=True, environ={}) as urls:
        assert urls == first
    assert is_up(first)


@pytest.mark.thorough
def test_services_keep_running_for_the_second_user(data_dir, holder):
    first, urls = holder(data_dir)
    with embedded.running(data_dir, fast=True, environ={}):
        first.communicate("")
        time.sleep(0.3)
        assert is_up(urls)


@pytest.mark.thorough
def test_services_stop_when_their_user_is_killed(data_dir, holder):
    process, urls = holder(data_dir)
    process.kill()
    assert wait_for(lambda: not processes_of(data_dir))
    assert not is_up(urls)


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="needs the parent-death signal of Linux")
def test_servers_die_with_their_keeper_and_can_be_restarted(data_dir):
    wanted = embedded.leases(data_dir, fast=True, environ={})
    with embedded.held(wanted) as urls:
        for line in processes_of(data_dir):
            os.kill(int(line.split()[0]), signal.SIGKILL)
        assert wait_for(lambda: not processes_of(data_dir)) and not is_up(urls)
        assert {variable: lease.renew() for variable, lease in wanted.items()} == urls
        assert is_up(urls)


@pytest.mark.thorough
def test_killed_server_is_restarted(data_dir):
    with embedded.running(data_dir, fast=True, environ={}) as urls:
        os.kill(int((data_dir / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        assert wait_for(lambda: is_up(urls))


@pytest.mark.thorough
def test_foreign_process_id_in_the_lock_file_is_ignored(data_dir):
    with embedded.running(data_dir, fast=True, environ={}):
        text = (data_dir / "postgres" / "postmaster.pid").read_text()
    (data_dir / "postgres" / "postmaster.pid").write_text(text.replace(text.split()[0], str(os.getpid()), 1))
    with embedded.running(data_dir, fast=True, environ={}) as urls:
        assert is_up(urls)


@pytest.mark.thorough
def test_data_directories_are_isolated(data_dir, holder, tmp_path):
    _, first = holder(data_dir)
    _, second = holder(tmp_path)
    assert not set(first.values()) & set(second.values())
    assert is_up(first) and is_up(second)


def test_unwritable_directory_is_named_with_the_reason(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(embedded.ServiceError, match=f"{tmp_path}/file/services/x.lock cannot be written .Not a directory"):
        embedded.open_lock(tmp_path / "file" / "services" / "x.lock")


def test_urls_from_the_environment_are_used_without_starting_services(tmp_path):
    given = {"DATABASE_URL": "postgresql://db/careline", "REDIS_URL": "redis://queue:6379/0"}
    with embedded.running(tmp_path, environ=given) as urls:
        assert urls == given
        assert list(tmp_path.iterdir()) == []


def test_private_valkey_can_be_killed_and_restarted(data_dir):
    socket = data_dir / "valkey.sock"
    server = embedded.start_valkey(socket)
    client = redis.Redis.from_url(f"unix://{socket}")
    assert client.set("key", "value")
    server.kill()
    server.wait()
    with pytest.raises(redis.ConnectionError):
        client.ping()
    server = embedded.start_valkey(socket)
    assert client.get("key") is None
    embedded.stop(server)
    assert server.returncode == 0


@pytest.mark.thorough
def test_manage_py_prints_only_the_commands_output_and_ignores_modules_in_the_working_directory(data_dir, tmp_path):
    (tmp_path / "web.py").write_text("raise SystemExit('not ours')")
    environment = {key: value for key, value in os.environ.items() if key not in embedded.VARIABLES.values()}
    code = (
        "import os, web; from django.core.management import get_commands; print(os.environ['REDIS_URL'], get_commands()['import_estate'])"
    )
    done = subprocess.run(
        [sys.executable, ROOT / "manage.py", "shell", "--no-imports", "--command", code],
        env=environment | {"DATA_DIR": str(data_dir)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("unix:///") and done.stdout.endswith(" estate\n") and done.stdout.count("\n") == 1
    assert processes_of(data_dir) == []


def test_manage_py_help_starts_no_services(tmp_path, monkeypatch, capsys):
    for variable in embedded.VARIABLES.values():
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setattr(sys, "argv", [str(ROOT / "manage.py"), "help"])
    runpy.run_path(sys.argv[0], run_name="__main__")
    assert "import_estate" in capsys.readouterr().out and list(tmp_path.iterdir()) == []
