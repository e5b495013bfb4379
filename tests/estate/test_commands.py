"""The two commands as typed: what they print where, and how they end."""

import pytest
from django.core.management import CommandError, call_command

from partners.models import Partner, User


@pytest.fixture
def directory(good, tmp_path):
    for name, text in good.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.django_db
def test_import_reports_its_changes(directory, capsys):
    call_command("import_estate", directory)
    told = capsys.readouterr().out
    assert told.splitlines()[0].split()[:7] == ["partners.csv", "2", "created", "0", "changed", "0", "unchanged"]
    call_command("import_estate", directory)
    assert "No changes" in capsys.readouterr().out


@pytest.mark.django_db
def test_dry_run_reports_what_would_change(directory, capsys):
    call_command("import_estate", directory, "--dry-run")
    told = capsys.readouterr().out
    assert "would create: P1, P2" in told
    assert "This was a dry run: nothing was changed." in told
    assert not Partner.objects.exists()


@pytest.mark.django_db
def test_errors_go_to_stderr_with_file_line_column_and_reason(directory, good, capsys):
    (directory / "partners.csv").write_text(good["partners.csv"].replace("Europe/Rome", "Rome"), encoding="utf-8")
    (directory / "items.csv").write_text(good["items.csv"] + "short\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"Nothing was imported\. Errors: 2") as refusal:
        call_command("import_estate", directory)
    assert refusal.value.returncode != 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        "partners.csv, line 3, column timezone: “Rome” is not a time zone, for example Europe/Rome.",
        "items.csv, line 4: has 1 cells, but the header has 5.",
    ]


@pytest.mark.django_db
def test_every_line_with_an_error_is_reported(directory, good, capsys):
    rows = "".join(f"DP{number},Desk phone,119,4.5,x\n" for number in range(500))
    (directory / "items.csv").write_text(good["items.csv"] + rows, encoding="utf-8")
    with pytest.raises(CommandError, match=r"Nothing was imported\. Errors: 500"):
        call_command("import_estate", directory)
    told = [line.partition(" column")[0] for line in capsys.readouterr().err.splitlines()]
    assert told == [f"items.csv, line {line}," for line in range(4, 504)]


@pytest.mark.django_db
def test_ignored_csv_files_and_spreadsheets_are_pointed_out(directory, capsys):
    for name in ("did.csv", "Partners.CSV", "dids.xlsx", "readme.txt"):
        (directory / name).touch()
    call_command("import_estate", directory)
    told = [line.partition(" ")[0] for line in capsys.readouterr().err.splitlines()]
    assert told == ["Partners.CSV", "did.csv", "dids.xlsx"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_directory_without_files_is_rejected(name, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(CommandError, match=name):
        call_command("import_estate", tmp_path / name)


@pytest.mark.django_db
def test_unreadable_file_is_rejected(directory):
    (directory / "calls.csv").unlink()
    (directory / "calls.csv").mkdir()
    with pytest.raises(CommandError, match=r"calls\.csv"):
        call_command("import_estate", directory)
    assert not Partner.objects.exists()


@pytest.mark.django_db
def test_load_demo_prints_logins_that_work(capsys, settings):
    settings.DEMO = True
    call_command("load_demo", "--if-empty")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 7
    for line in lines:
        email, password = line.split()[-2:]
        assert User.objects.get(email=email).check_password(password)


def test_load_demo_if_empty_keeps_an_existing_estate(cast, capsys, settings):
    settings.DEMO = True
    call_command("load_demo", "--if-empty")
    assert capsys.readouterr().out == ""
    assert not Partner.objects.filter(code__startswith="DEMO").exists()


@pytest.mark.django_db
def test_load_demo_works_only_in_the_demo(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO"):
        call_command("load_demo")
    assert not User.objects.exists()
