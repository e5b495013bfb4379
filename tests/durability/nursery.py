"""Starts the programs of a stack by forking them from one process that has loaded the project, so that each need not load it again.

For each program it reads a line of JSON, [module, words, log, is_cold], and writes the process number. The program runs
`python -m module words` in its own session, like those of `dev.py run`; with `is_cold` it is started as a new Python instead.
All programs end when this process ends, and it ends when its input is closed.
"""

import json
import os
import runpy
import signal
import sys

import celery.bin.celery  # noqa: F401 - loaded here for the programs
import gunicorn.app.wsgiapp  # noqa: F401

from config.celery import app
from config.embedded.process import end_with_parent
from config.loading import loading


def main():
    with loading():
        app.loader.init_worker()  # as each worker does: load Django's apps, tasks and URLs
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended programs leave no zombies
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
