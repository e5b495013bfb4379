"""Imports go down only, as pyproject.toml says it."""

from importlinter.cli import lint_imports

from tests.house.files import ROOT


def test_the_contracts_are_kept(capsys):
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == 0, capsys.readouterr().out
