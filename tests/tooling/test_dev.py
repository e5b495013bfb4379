"""Ctrl-C at a first start of dev.py, in a separate checkout with a stand-in for uv, and while the database is prepared."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config import commands

ROOT = Path(__file__).resolve().parent.parent.parent


def test_interrupted_first_start_explains_how_to_continue(tmp_path):
    for name in ("dev.py", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    slow = tmp_path / "bin" / "uv"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    environment = {**os.environ, "PATH": f"{slow.parent}:{os.environ['PATH']}", "UV_DEFAULT_INDEX": "none"}
    started = subprocess.Popen(
        [sys.executable, "dev.py", "run"],
        cwd=tmp_path,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # as in a terminal
    )
    assert started.stderr.readline() == "Creating .venv ...\n"
    os.killpg(started.pid, signal.SIGINT)
    said = started.communicate(timeout=60)[1]
    assert (said, started.returncode) == ("Interrupted. Run the same command again to continue.\n", 130)


def test_database_preparation_runs_in_its_own_process_group(monkeypatch):
    """It would print a traceback of where it was; it ends with the process that started it."""
    monkeypatch.setattr(commands, "PREPARE", "import os; print(os.getpgrp())")
    assert int(commands._prepare({**os.environ, "SECRET_KEY": "x" * 40})) != os.getpgrp()


def test_failed_preparation_names_the_database_log(monkeypatch, tmp_path):
    """Only the database's own log mentions a full disk: clients were told that the server had gone."""
    monkeypatch.setattr(commands, "PREPARE", "raise SystemExit(1)")
    (tmp_path / "services").mkdir()
    (tmp_path / "services" / "postgres.log").touch()
    with pytest.raises(SystemExit, match=f"See the output above and the end of {tmp_path}/services/postgres.log"):
        commands._prepare({**os.environ, "SECRET_KEY": "x" * 40, "DATA_DIR": str(tmp_path)})
