"""Supervises the processes of `dev.py run` and `dev.py bench`: starts them in order, restarts them, and stops them in reverse order.

Uses a single thread: children end with the thread that started them, and nothing needs a lock.
"""

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time

from config.embedded.process import end_with_parent

CALM_SECONDS = 20  # a process that ran for this long is not in a crash loop
LONGEST_PAUSE = 15


class Process:
    """A child process: its name in the log, its command, the file descriptors it inherits, and its recent crashes."""

    def __init__(self, name, command, files=()):
        self.name, self.command, self.files = name, command, files
        self.popen = None
        self.crashes = 0
        self.start_at = 0.0
        self.started_at = 0.0
        self.unfinished = b""  # the start of an incomplete line of output

    def start(self, environment):
        """Start it in a process group of its own, so that Ctrl-C reaches it only through the supervisor."""
        self.started_at, self.start_at = time.monotonic(), None
        self.popen = subprocess.Popen(
            self.command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=self.files,
            preexec_fn=end_with_parent(signal.SIGTERM),
        )
        os.set_blocking(self.popen.stdout.fileno(), False)

    def plan_restart(self):
        """Record a crash; return the seconds until the next start, which increase each time."""
        now = time.monotonic()
        self.crashes = 1 if now - self.started_at > CALM_SECONDS else self.crashes + 1
        pause = min(2 ** (self.crashes - 1), LONGEST_PAUSE)
        self.start_at = now + pause
        return pause

    def end_group(self):
        """Kill the rest of its process group: workers of a killed master would keep its port or its tasks."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.popen.pid, signal.SIGKILL)


class Supervisor:
    """Runs processes and copies their output, each line prefixed with the name of its process, to `output` (a binary file).

    `files` are {name: descriptors} that the processes of these names inherit.
    """

    def __init__(self, commands, environment, output=None, files=None):
        self.processes = [Process(name, command, (files or {}).get(name, ())) for name, command in commands.items()]
        self.environment = environment
        self.output = output or sys.stdout.buffer
        self.selector = selectors.DefaultSelector()
        self.patience = 8
        self.width = max(len(name) for name in commands)

    def start(self):
        """Start every process, in the given order."""
        for process in self.processes:
            self._start(process)

    def step(self, seconds=0.2):
        """Copy output for at most this long, then deal with processes that have ended."""
        for key, _ in self.selector.select(seconds):
            self._copy(key.data, key.fileobj)
        for process in self.processes:
            if process.start_at is None and process.popen.poll() is not None:
                process.end_group()
                pause = process.plan_restart()
                self.say(process.name, f"ended with {process.popen.returncode}; restarting it in {pause} s")
            elif process.start_at is not None and time.monotonic() >= process.start_at:
                self._start(process)

    def hurry(self):
        """Stop waiting for anything, after a second Ctrl-C."""
        self.patience = 0

    def stop(self):
        """Stop every process, the last one first, and kill those that have not ended when the total time is up."""
        since = time.monotonic()
        for process in reversed(self.processes):
            if process.popen is None:
                continue
            if process.popen.poll() is None:
                process.popen.terminate()
                while process.popen.poll() is None and time.monotonic() < since + self.patience:
                    for key, _ in self.selector.select(0.05):
                        self._copy(key.data, key.fileobj)
            process.end_group()
            process.popen.wait()
            for key in [key for key in self.selector.get_map().values() if key.data is process]:
                self._copy(process, key.fileobj)  # its last output
            self.say(process.name, "stopped")

    def say(self, name, text):
        """Write one line with the name in front; a failure to write it, on a full disk or a closed terminal, stops nothing."""
        with contextlib.suppress(OSError):
            self.output.write(f"{name:<{self.width}} | {text}\n".encode())
            self.output.flush()

    def _start(self, process):
        process.start(self.environment)
        self.selector.register(process.popen.stdout, selectors.EVENT_READ, process)

    def _copy(self, process, pipe):
        """Pass on complete lines; at the end of the output, the rest as well."""
        data = pipe.read()
        if data is None:
            return
        if data == b"":
            self.selector.unregister(pipe)
            pipe.close()
        *lines, process.unfinished = (process.unfinished + data).split(b"\n")
        if pipe.closed and process.unfinished:
            lines.append(process.unfinished)
            process.unfinished = b""
        for line in lines:
            self.say(process.name, line.decode(errors="replace").rstrip())
