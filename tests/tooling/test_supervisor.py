"""The supervisor of `dev.py run`, with stand-ins for the web, the worker and the scheduler."""

import errno
import io
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.commands import _bound, _supervised
from config.supervisor import Supervisor

ROOT = Path(__file__).resolve().parent.parent.parent
POLITE = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(print("bye", flush=True)))
print("up", flush=True)
time.sleep(60)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(60)
"""
ANSWERING = """
import os, socket, sys
listener = socket.socket(fileno=int(sys.argv[1]))
while True:
    with listener.accept()[0] as connection:
        connection.sendall(str(os.getpid()).encode())
"""
NURSE = f"""
import os, sys
from config.supervisor import Supervisor
supervisor = Supervisor({{"child": [sys.executable, "-c", {POLITE!r}]}}, dict(os.environ))
supervisor.start()
print(supervisor.processes[0].popen.pid, flush=True)
while True:
    supervisor.step()
"""


def supervise(**sources):
    output = io.BytesIO()
    commands = {name: [sys.executable, "-c", source] for name, source in sources.items()}
    return Supervisor(commands, dict(os.environ), output), output


def step_until(supervisor, condition):
    deadline = time.monotonic() + 60
    while not condition() and time.monotonic() < deadline:
        supervisor.step(0.02)
    assert condition()


def pass_pause(supervisor):
    """Step until the process has died, and act as if its pause before the restart were over."""
    (process,) = supervisor.processes
    step_until(supervisor, lambda: process.start_at is not None)
    assert 0 < process.start_at - time.monotonic() <= 1
    process.start_at = time.monotonic()


def test_output_is_prefixed_and_processes_stop_in_reverse_order():
    supervisor, output = supervise(web=POLITE, worker=POLITE)
    supervisor.start()
    step_until(supervisor, lambda: output.getvalue().count(b"up") == 2)
    supervisor.stop()
    assert output.getvalue().decode().splitlines()[-4:] == ["worker | bye", "worker | stopped", "web    | bye", "web    | stopped"]


def test_dead_child_is_restarted():
    supervisor, output = supervise(worker=POLITE)
    supervisor.start()
    step_until(supervisor, lambda: b"up" in output.getvalue())
    supervisor.processes[0].popen.kill()
    pass_pause(supervisor)
    step_until(supervisor, lambda: output.getvalue().count(b"up") == 2)
    assert b"ended with -9; restarting it in 1 s" in output.getvalue()
    supervisor.stop()


def test_restart_delays_grow_to_a_maximum():
    supervisor, _ = supervise(worker="")
    process = supervisor.processes[0]
    process.started_at = time.monotonic()
    assert [process.plan_restart() for _ in range(6)] == [1, 2, 4, 8, 15, 15]


def test_child_that_does_not_stop_is_killed():
    supervisor, output = supervise(worker=STUBBORN)
    supervisor.patience = 0.2
    supervisor.start()
    step_until(supervisor, lambda: b"up" in output.getvalue())
    supervisor.stop()
    assert supervisor.processes[0].popen.returncode == -signal.SIGKILL


def test_unwritable_log_stops_nothing():
    class Full(io.BytesIO):
        refused = b""

        def write(self, line):
            self.refused += line
            raise OSError(errno.ENOSPC, "No space left on device")

    full = Full()
    supervisor = Supervisor({"web": [sys.executable, "-c", POLITE]}, dict(os.environ), full)
    supervisor.start()
    step_until(supervisor, lambda: b"up" in full.refused)
    assert supervisor.processes[0].popen.poll() is None
    supervisor.stop()


def test_first_listener_gets_the_port():
    """Two concurrent first starts found the port free; a minute later one claimed to be there, where the other one answered."""
    with _bound(0) as first, _bound(first.getsockname()[1]) as second:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(first.getsockname(), 60)
        first.listen()
        with pytest.raises(SystemExit, match="cannot be used"), _supervised(second, {}):
            raise AssertionError("it started")
        with pytest.raises(SystemExit, match="cannot be used"):
            _bound(first.getsockname()[1])


def test_connections_during_a_web_restart_are_answered():
    with _bound(0) as listener:
        listener.listen()
        number, address = listener.fileno(), listener.getsockname()
        supervisor = Supervisor({"web": [sys.executable, "-c", ANSWERING, str(number)]}, dict(os.environ), io.BytesIO(), {"web": [number]})
        with socket.create_connection(address, 60) as early:
            supervisor.start()
            web = supervisor.processes[0].popen
            assert int(early.recv(20)) == web.pid
        web.kill()
        web.wait()
        with socket.create_connection(address, 60) as between:
            pass_pause(supervisor)
            step_until(supervisor, lambda: supervisor.processes[0].popen is not web)
            assert int(between.recv(20)) == supervisor.processes[0].popen.pid
        supervisor.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="needs the parent-death signal of Linux")
def test_children_end_when_the_supervisor_is_killed():
    supervisor = subprocess.Popen([sys.executable, "-c", NURSE], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    child = int(supervisor.stdout.readline())
    supervisor.kill()
    supervisor.communicate()
    deadline = time.monotonic() + 5
    while is_alive(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_alive(child)


def is_alive(pid):
    """Return whether a process runs; a zombie does not."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
