"""Imports point downward only, as configured in pyproject.toml."""

from importlinter import configuration
from importlinter.application.use_cases import lint_imports

from tests.house.files import ROOT


def test_import_contracts_are_kept(capsys):
    configuration.configure()
    # Bypasses the command, which would silence every logger that other tests listen to.
    passed = lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None)
    assert passed, capsys.readouterr().out
