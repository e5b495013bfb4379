"""The processes of `dev.py run` and `dev.py bench`: started in order, watched, started again, stopped in reverse.

One thread: children end with the thread that started them, and nothing has to be locked.
"""

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time

from config.embedded.process import end_with_parent

CALM_SECONDS = 20  # a process that lived this long is not in a loop of crashes
LONGEST_PAUSE = 15


class Process:
    """One child: its name in the log, its command, the open files that it gets, and the history of its crashes."""

    def __init__(self, name, command, files=()):
        self.name, self.command, self.files = name, command, files
        self.popen = None
        self.crashes = 0
        self.start_at = 0.0
        self.started_at = 0.0
        self.unfinished = b""  # the beginning of a line whose end was not written yet

    def start(self, environment):
        """Start it in a process group of its own, so that Ctrl-C reaches it through the supervisor only."""
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
        """Note a crash; gives the seconds until the next start, more each time."""
        now = time.monotonic()
        self.crashes = 1 if now - self.started_at > CALM_SECONDS else self.crashes + 1
        pause = min(2 ** (self.crashes - 1), LONGEST_PAUSE)
        self.start_at = now + pause
        return pause

    def end_group(self):
        """Kill what is left of its process group: workers of a killed master would keep its port or its tasks."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.popen.pid, signal.SIGKILL)


class Supervisor:
    """Runs processes and copies their output, each line behind its process' name, to `output` (a binary file).

    `files`: {name: descriptors} that stay open in processes of these names.
    """

    def __init__(self, commands, environment, output=None, files=None):
        self.processes = [Process(name, command, (files or {}).get(name, ())) for name, command in commands.items()]
        self.environment = environment
        self.output = output or sys.stdout.buffer
        self.selector = selectors.DefaultSelector()
        self.patience = 8
        self.width = max(len(name) for name in commands)

    def start(self):
        """Start every process, in the order given."""
        for process in self.processes:
            self._start(process)

    def step(self, seconds=0.2):
        """Copy output for at most this long, then see to processes that ended."""
        for key, _ in self.selector.select(seconds):
            self._copy(key.data, key.fileobj)
        for process in self.processes:
            if process.start_at is None and process.popen.poll() is not None:
                process.end_group()
                pause = process.plan_restart()
                self.say(process.name, f"ended with {process.popen.returncode}; starting it again in {pause} s")
            elif process.start_at is not None and time.monotonic() >= process.start_at:
                self._start(process)

    def hurry(self):
        """Do not wait for anything any more: asked for by a second Ctrl-C."""
        self.patience = 0

    def stop(self):
        """Stop every process, the last one first; who has not ended when the patience for all is used up is killed."""
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
                self._copy(process, key.fileobj)  # its last words
            self.say(process.name, "stopped")

    def say(self, name, text):
        """Write one line behind a name; what cannot be written, on a full disk or to a terminal that is gone, stops nothing."""
        with contextlib.suppress(OSError):
            self.output.write(f"{name:<{self.width}} | {text}\n".encode())
            self.output.flush()

    def _start(self, process):
        process.start(self.environment)
        self.selector.register(process.popen.stdout, selectors.EVENT_READ, process)

    def _copy(self, process, pipe):
        """Pass on the lines that are complete; at the end of the output the rest, too."""
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
