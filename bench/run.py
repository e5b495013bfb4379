"""Measure a warm server, which dev.py bench starts; its address is in BENCH_URL.

python3 dev.py bench                      with the demo estate
python3 dev.py bench --tickets 10000,100000,1000000   at each of these sizes, filled up with generated history
python3 dev.py bench --estate DIRECTORY   with your own estate (CSV files)
python3 dev.py bench --only check,desk    a part of it
python3 dev.py bench --hotspots check     profile these calls within one process
"""

import argparse
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)
YARDSTICK = "yardstick: bare page, signed in"
REST = 120  # seconds
GOAL = 25  # milliseconds: the median of a live check


def main():
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--estate", type=Path)
    parser.add_argument("--tickets", default="", help="numbers of tickets to measure with, separated by commas")
    parser.add_argument("--only", default="", help="parts of names, separated by commas")
    parser.add_argument("--hotspots", metavar="NAME", help="profile the calls of this name in one process instead of measuring")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--warm", type=int, default=30)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=5)
    options = parser.parse_args()

    import django

    django.setup()
    from django.core.management import call_command

    from bench import large

    if options.estate:
        call_command("import_estate", options.estate)
    large.load_once()
    worst = False
    for size in [int(size) for size in options.tickets.split(",") if size] or [0]:
        if size:
            fill_up(size)
        worst = measured(options) or worst
    return worst


def fill_up(size):
    """Add generated history until there are `size` tickets."""
    from django.core.management import call_command

    from tickets.models import Ticket

    if (missing := size - Ticket.objects.count()) > 0:
        call_command("make_load", tickets=missing)
    say(f"\n{size:,} tickets")


def measured(options):
    """Run the requested measurements on the database as it is; return whether anything is slower than it should be."""
    from bench.calls import calls
    from bench.inside import hotspots

    wanted = [word for word in (options.hotspots or options.only).split(",") if word]
    chosen = [call for call in calls() if not wanted or any(word in call.name for word in wanted)]
    if options.hotspots:
        return hotspots(chosen, count=options.count)
    return table(chosen, options)


def table(chosen, options):
    """Measure every call and the yardstick; print a line for each."""
    from bench.calls import agent, signed_in
    from bench.clients import Call, measure
    from bench.inside import queries
    from bench.many import changes

    settings = {"count": options.count, "warm": options.warm, "clients": options.clients, "seconds": options.seconds}
    say(f"{'':36}{'median':>9}{'p95':>9}{f'{options.clients} clients':>12}{'SQL':>6}{'× bare':>8}")
    slow = []
    with bare_server() as address:
        bare = (address, Call(YARDSTICK, "GET", "/", signed_in(agent())))
        lines = [(*bare, 3)] + [(os.environ["BENCH_URL"], call, queries(call)) for call in chosen]
        at_rest()
        for base, call, asked in lines:
            found, times = measure(base, call, beside=bare, **settings)
            say(f"{call.name:36}{found.median:6.1f} ms{found.p95:6.1f} ms{found.per_second:10.0f}/s{asked:6}{times:8.1f}")
            if "check" in call.name and found.median >= GOAL:
                slow.append(call.name)
    at_rest()
    if any(word in "desk: bulk change" for word in options.only.split(",")):
        for name, number, seconds in changes():
            say(f"{name:36}{seconds:6.1f} s for {number:,} tickets")
    say(f"The median of a check is {'not ' if slow else ''}under {GOAL} ms{': ' + ', '.join(slow) if slow else ''}.")
    return bool(slow)


def at_rest():
    """Wait until the worker has no more pending work, so that it does not disturb the next measurement."""
    from django.utils import timezone

    from tickets.services import outbox

    end = time.monotonic() + REST
    while any(outbox.pending_deliveries(at=timezone.now())) and time.monotonic() < end:
        time.sleep(0.2)


class bare_server:
    """A context manager that runs the yardstick under the same gunicorn settings and yields its address."""

    def __enter__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        options = ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket"]
        command = [sys.executable, "-m", "gunicorn", "--chdir", str(ROOT), *options, "--log-level", "warning", "bench.bare:application"]
        self.process = subprocess.Popen(command, cwd=ROOT)
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        return f"http://127.0.0.1:{port}"

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)


def say(line):
    """Print a line immediately: the table grows during the measurement."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
