"""Starts the programs of a stack. It has the project loaded and forks them from itself: alone, each would load it once more.

Reads a line of JSON for each program, [module, words, log, is_cold], and writes its process number. The program is what
`python -m module words` runs, in a session of its own like those of `dev.py run`; with `is_cold` it loads for itself what it needs.
The programs end with this process, and this one with its input.
"""

import json
import os
import runpy
import signal
import sys

import celery.bin.celery  # noqa: F401 - what the programs load themselves
import gunicorn.app.wsgiapp  # noqa: F401

from config.celery import app
from config.embedded.process import end_with_parent
from config.loading import loading


def main():
    with loading():
        app.loader.init_worker()  # as each worker does: load Django's apps, tasks and URLs
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nothing remains of a program that has ended
    for line in sys.stdin:
        prepare = end_with_parent(signal.SIGTERM)
        if child := os.fork():
            sys.stdout.write(f"{child}\n")
            sys.stdout.flush()
        else:
            prepare()
            become(*json.loads(line))


def become(module, words, log, is_cold):
    """Run the module as the program of this process."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing, output = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for ours, standard in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(ours, standard)
    if is_cold:
        os.execv(sys.executable, [sys.executable, "-m", module, *words])
    sys.argv = [module, *words]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    sys.exit()


if __name__ == "__main__":
    main()
