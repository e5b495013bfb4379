"""Imports on their pages: files are refused at their field, rehearsed, imported once, discarded; every run stays on record."""

import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from estate import runs, uploads
from estate.models import ImportRun
from partners.models import Partner, User
from tests.estate.sending import HOME, counts_of, files, folders, processed, zipped

State = ImportRun.State


@pytest.fixture
def few(good):
    """Two files of the small estate: each table takes time, and importing all of them is tested elsewhere."""
    return {name: good[name] for name in ("partners.csv", "resellers.csv")}


def do(site, run, what):
    """Press a button of the run's page; return the run that it leads to."""
    answer = site.post(f"{HOME}{run.pk}/do/", {"what": what})
    return ImportRun.objects.get(pk=answer["Location"].split("/")[-2])


@pytest.mark.parametrize("pack", [lambda good: [zipped(good)], files], ids=["zip", "files"])
def test_import_does_what_its_rehearsal_reported(send, site, good, admin, pack):
    run = send(pack(good))
    assert (run.state, run.is_rehearsal, run.by) == (State.DONE, True, admin)
    assert counts_of(run)["partners.csv"] == (2, 0, 0)
    assert not Partner.objects.exists()
    page = site.get(f"{HOME}{run.pk}/").content.decode()
    assert "Import now" in page and "P1, P2" in page
    assert "An import sends no e-mails." in page and f'href="{reverse("desk:companies")}"' in page
    real = processed(do(site, run, "import"))
    assert (real.state, real.is_rehearsal, counts_of(real)) == (State.DONE, False, counts_of(run))
    assert Partner.objects.count() == 2
    assert [len(file["sha256"]) for file in real.files] == [64] * len(good)
    assert {file["name"]: file["rows"] for file in real.files}["partners.csv"] == 2
    assert real.files_gone_at


def test_files_are_deleted_and_the_record_is_kept(send, site, few, django_capture_on_commit_callbacks):
    run = send([zipped(few)])
    assert folders() == [str(run.folder)]
    with django_capture_on_commit_callbacks(execute=True):
        real = do(site, run, "import")
        processed(real)
    assert folders() == []
    assert "An import sends no e-mails." not in site.get(f"{HOME}{real.pk}/").content.decode(), "no contact was in it"
    assert "Import now" not in site.get(f"{HOME}{real.pk}/").content.decode()
    assert site.get(HOME).content.decode().count("partners.csv … (") == 2


def test_starting_the_import_twice_imports_once(send, site, few):
    run = send([zipped(few)])
    first, second = do(site, run, "import"), do(site, run, "import")
    assert first == second and first != run
    assert "Ada Admin has already started this" in site.get(f"{HOME}{first.pk}/").content.decode()
    processed(first)
    again = do(site, run, "import")
    assert (again, ImportRun.objects.count()) == (first, 2)
    processed(first)  # delivered a second time
    assert counts_of(first)["partners.csv"] == (2, 0, 0)


def test_estate_changed_since_the_rehearsal_is_reported(send, site, few):
    run = send([zipped(few)])
    Partner.objects.create(code="P1", name="Another name", country="DE", region="EU", currency="EUR")
    real = processed(do(site, run, "import"))
    assert counts_of(real)["partners.csv"] == (1, 1, 0)
    assert "The estate has changed since the rehearsal" in site.get(f"{HOME}{real.pk}/").content.decode()


def test_import_that_became_impossible_can_be_rehearsed_again(send, site, good):
    only = {name: good[name] for name in ("partners.csv", "resellers.csv")}
    send([zipped(only)])
    processed(do(site, ImportRun.objects.get(), "import"))
    run = send(files({"resellers.csv": good["resellers.csv"]}))
    assert run.state == State.DONE
    Partner.objects.filter(code="P1").update(code="P9")
    real = processed(do(site, run, "import"))
    assert (real.state, real.problem_count) == (State.REFUSED, 1)
    again = do(site, real, "rehearse")
    assert (again.is_rehearsal, again.state) == (True, State.WAITING)


def test_files_differing_from_the_rehearsal_are_rejected(send, site, few):
    run = send(files({"partners.csv": few["partners.csv"]}))
    (uploads.path_of(run.folder) / "0").write_text(few["partners.csv"].replace("Nord Voice", "Another"))
    real = processed(do(site, run, "import"))
    assert (real.state, [problem[3] for problem in real.problems]) == (State.REFUSED, ["is not the file that was rehearsed."])
    assert not Partner.objects.exists()


def test_notable_changes_show_totals_and_examples(send, site, good):
    run = send([zipped(good)])
    numbers = next(change for change in run.changes if change["file"] == "dids.csv")
    numbers |= {"ported_out": ["+491", "+492"], "all_ported_out": 9, "undone": ["+493 (#12): pbx"], "all_undone": 7}
    run.save()
    page = site.get(f"{HOME}{run.pk}/").content.decode()
    assert "Notes on dids.csv" in page
    assert "9 numbers ended without a request" in page and "(DID-4): +491, +492 …" in page
    assert "data of an executed request: +493 (#12): pbx" in page and "executed requests: 7 in total" in page


def test_errors_are_limited_on_the_page_and_complete_in_the_download(send, site, good):
    rows = "".join(f"DP{number},Desk phone,119,4.5,x\n" for number in range(500))
    run = send(files({"items.csv": good["items.csv"] + rows}))
    assert (run.state, run.problem_count, len(run.problems)) == (State.REFUSED, 500, runs.OF_EACH)
    page = site.get(f"{HOME}{run.pk}/").content.decode()
    assert "there are 500 errors" in page and page.count("<td>stock</td>") == 1
    assert f">{', '.join(map(str, range(4, 4 + runs.OF_EACH)))}</td>" in page, "the same mistake is said once, with its lines"
    lines = b"".join(site.get(f"{HOME}{run.pk}/problems.csv").streaming_content).decode().splitlines()
    assert len(lines) == 501 and lines[1].startswith("items.csv,4,stock,")


def test_wrong_encoding_is_reported_with_its_line(send, few):
    run = send(files({"partners.csv": few["partners.csv"].encode() + "P3,Müller,DE,EU,EUR,Europe/Berlin,,\n".encode("latin-1")}))
    assert run.state == State.REFUSED
    assert run.problems[0][:2] == ["partners.csv", 4] and "0xFC" in run.problems[0][3]


def test_damaged_zip_is_reported(send, few):
    whole = zipped(few, how=zipfile.ZIP_STORED)
    run = send([SimpleUploadedFile("estate.zip", whole.read().replace(b"Nord Voice", b"Nord Vo!ce", 1))])
    assert (run.state, run.problems[0][0]) == (State.REFUSED, "partners.csv")
    assert "damaged" in run.problems[0][3]


def test_discarding_deletes_files_and_keeps_the_findings(send, site, few, admin, django_capture_on_commit_callbacks):
    run = send([zipped(few)])
    with django_capture_on_commit_callbacks(execute=True):
        do(site, run, "discard")
    assert folders() == []
    run.refresh_from_db()
    assert (run.state, run.discarded_by) == (State.DONE, admin)
    assert "Ada Admin discarded the files" in site.get(f"{HOME}{run.pk}/").content.decode()
    assert do(site, run, "import") == run
    assert ImportRun.objects.count() == 1


def test_abandoned_files_are_deleted(send, few, django_capture_on_commit_callbacks):
    run, left = send([zipped(few)]), uploads.path_of("0" * 8)
    left.mkdir()  # by a process that was killed before it had written the run
    with django_capture_on_commit_callbacks(execute=True):
        runs.forget_files(at=timezone.now() + runs.KEPT / 2)
    assert folders() == [str(run.folder)]
    with django_capture_on_commit_callbacks(execute=True):
        runs.forget_files(at=timezone.now() + runs.KEPT * 2)
    assert folders() == []
    run.refresh_from_db()
    assert run.files_gone_at and run.changes


def test_run_of_a_dead_process_is_interrupted_and_restartable(send, site, few):
    run = send([zipped(few)])
    real = do(site, run, "import")
    ImportRun.objects.filter(pk=real.pk).update(state=State.RUNNING, started_at=timezone.now())
    assert "This run was interrupted" in site.get(f"{HOME}{real.pk}/").content.decode()
    assert ImportRun.objects.get(pk=real.pk).state == State.RUNNING  # looking changes nothing
    runs.mark_interrupted(at=timezone.now())
    real.refresh_from_db()
    assert real.state == State.INTERRUPTED
    again = processed(do(site, real, "import"))
    assert (again.state, again.pk != real.pk, Partner.objects.count()) == (State.DONE, True, 2)


def test_second_run_waits_for_the_first(site, few):
    for _ in range(2):
        site.post(HOME, {"files": [zipped(few)]})
    first, second = ImportRun.objects.order_by("pk")
    ImportRun.objects.filter(pk=first.pk).update(state=State.RUNNING)
    assert processed(second).state == State.WAITING
    assert runs.waiting() == []
    ImportRun.objects.filter(pk=first.pk).update(state=State.DONE)
    assert processed(second).state == State.DONE


def test_unexpected_failure_is_an_interruption(send, site, few, monkeypatch):
    site.post(HOME, {"files": [zipped(few)]})
    run = ImportRun.objects.get()
    monkeypatch.setattr(runs, "_progress", lambda _run: lambda _size: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        runs.carry_out(run.pk, now=timezone.now)
    run.refresh_from_db()
    assert run.state == State.INTERRUPTED
    held = """SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
        WHERE l.locktype = 'advisory' AND l.classid = %s"""  # of this database: others run their own at the same time
    with connection.cursor() as cursor:  # and nothing is locked any more
        cursor.execute(held, [runs.LOCK])
        assert cursor.fetchone() == (0,)


def test_command_line_imports_are_recorded(few, site, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LOGNAME", "olga")
    for name, text in few.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    call_command("import_estate", tmp_path, "--dry-run")
    call_command("import_estate", tmp_path)
    (tmp_path / "items.csv").write_text("code\n", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("import_estate", tmp_path)
    rehearsed, done, refused = ImportRun.objects.order_by("pk")
    assert [(run.state, run.is_rehearsal, run.system_user, run.by) for run in (rehearsed, done, refused)] == [
        (State.DONE, True, "olga", None),
        (State.DONE, False, "olga", None),
        (State.REFUSED, False, "olga", None),
    ]
    assert counts_of(done)["partners.csv"] == (2, 0, 0)
    assert len(refused.files[0]["sha256"]) == 64 and refused.problem_count == 4
    page = site.get(HOME).content.decode()
    assert page.count("command line (olga)") == 3
    assert site.post(f"{HOME}{done.pk}/do/", {"what": "import"}).status_code == 302
    assert ImportRun.objects.count() == 3


@pytest.mark.parametrize("path", [HOME, f"{HOME}1/", f"{HOME}1/progress/", f"{HOME}1/do/", f"{HOME}1/problems.csv"])
def test_import_pages_are_404_for_non_administrators(client, admin, path):
    run = ImportRun.objects.create(is_rehearsal=True, by=admin, asked_at=timezone.now(), files=[{"name": "items.csv"}])
    path = path.replace("/1/", f"/{run.pk}/")
    for role in ("agent", "lead"):
        client.force_login(User.objects.create_user(f"{role}@careline.example", full_name="Ann", role=role))
        assert (client.get(path).status_code, client.post(path, {"what": "discard"}).status_code) == (404, 404)
    run.refresh_from_db()
    assert run.files_gone_at is None
    client.logout()
    assert client.get(path)["Location"].startswith("/account/login/")
    assert client.get(path, headers={"HX-Request": "true"}).status_code == 401  # no sign-in page in place of a fragment
