"""Imports on their pages: files are refused at their field, rehearsed, imported once, discarded; every run stays on record."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from estate import runs, uploads
from estate.models import ImportRun
from partners.models import Partner, User

pytestmark = pytest.mark.django_db
HOME = "/admin/estate/importrun/"
State = ImportRun.State


@pytest.fixture
def admin(db):
    return User.objects.create_user("ada@careline.example", full_name="Ada Admin", role="admin")


@pytest.fixture
def site(client, admin):
    client.force_login(admin)
    return client


def zipped(texts, **options):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", options.pop("how", zipfile.ZIP_DEFLATED)) as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    return SimpleUploadedFile(options.get("name", "estate.zip"), packed.getvalue())


def files(texts):
    return [SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode()) for name, text in texts.items()]


@pytest.fixture
def send(site):
    """send(files) gives the run that they are promised to, after the worker has rehearsed them; or the page that refuses them."""

    def to_the_page(sent):
        answer = site.post(HOME, {"files": sent})
        if answer.status_code != 302:
            return answer
        return worked(ImportRun.objects.order_by("pk").last())

    return to_the_page


def worked(run):
    runs.carry_out(run.pk, now=timezone.now)
    run.refresh_from_db()
    return run


def do(site, run, what):
    """Press a button of the run's page; gives the run that it leads to."""
    answer = site.post(f"{HOME}{run.pk}/do/", {"what": what})
    return ImportRun.objects.get(pk=answer["Location"].split("/")[-2])


def told(run):
    return {change["file"]: (change["created"], change["changed"], change["unchanged"]) for change in run.changes}


def folders():
    return sorted(path.name for path in uploads.path_of("").glob("*"))


@pytest.mark.parametrize("pack", [lambda good: [zipped(good)], files], ids=["zip", "files"])
def test_a_rehearsal_changes_nothing_and_the_import_does_what_it_said(send, site, good, admin, pack):
    run = send(pack(good))
    assert (run.state, run.is_rehearsal, run.by) == (State.DONE, True, admin)
    assert told(run)["partners.csv"] == (2, 0, 0)
    assert not Partner.objects.exists()
    page = site.get(f"{HOME}{run.pk}/").content.decode()
    assert "Import now" in page and "P1, P2" in page
    real = worked(do(site, run, "import"))
    assert (real.state, real.is_rehearsal, told(real)) == (State.DONE, False, told(run))
    assert Partner.objects.count() == 2
    assert [len(file["sha256"]) for file in real.files] == [64] * len(good)
    assert {file["name"]: file["rows"] for file in real.files}["partners.csv"] == 2
    assert real.files_gone_at


def test_the_files_are_deleted_and_the_record_stays(send, site, good, django_capture_on_commit_callbacks):
    run = send([zipped(good)])
    assert folders() == [str(run.folder)]
    with django_capture_on_commit_callbacks(execute=True):
        real = do(site, run, "import")
        worked(real)
    assert folders() == []
    assert "Import now" not in site.get(f"{HOME}{real.pk}/").content.decode()
    assert site.get(HOME).content.decode().count("partners.csv … (") == 2


def test_import_now_twice_imports_once(send, site, good):
    run = send([zipped(good)])
    first, second = do(site, run, "import"), do(site, run, "import")
    assert first == second and first != run
    worked(first)
    again = do(site, run, "import")
    assert (again, ImportRun.objects.count()) == (first, 2)
    worked(first)  # delivered a second time
    assert told(first)["partners.csv"] == (2, 0, 0)


def test_an_estate_that_has_changed_since_is_told(send, site, good):
    run = send([zipped(good)])
    Partner.objects.create(code="P1", name="Another name", country="DE", region="EU", currency="EUR")
    real = worked(do(site, run, "import"))
    assert told(real)["partners.csv"] == (1, 1, 0)
    assert "The estate has changed since the rehearsal" in site.get(f"{HOME}{real.pk}/").content.decode()


def test_an_import_that_is_impossible_by_now_is_refused_and_can_be_rehearsed_again(send, site, good):
    only = {name: good[name] for name in ("partners.csv", "resellers.csv")}
    send([zipped(only)])
    worked(do(site, ImportRun.objects.get(), "import"))
    run = send(files({"resellers.csv": good["resellers.csv"]}))
    assert run.state == State.DONE
    Partner.objects.filter(code="P1").update(code="P9")
    real = worked(do(site, run, "import"))
    assert (real.state, real.problem_count) == (State.REFUSED, 1)
    again = do(site, real, "rehearse")
    assert (again.is_rehearsal, again.state) == (True, State.WAITING)


def test_files_that_are_not_those_rehearsed_are_not_imported(send, site, good):
    run = send(files({"partners.csv": good["partners.csv"]}))
    (uploads.path_of(run.folder) / "0").write_text(good["partners.csv"].replace("Nord Voice", "Another"))
    real = worked(do(site, run, "import"))
    assert (real.state, [problem[3] for problem in real.problems]) == (State.REFUSED, ["is not the file that was rehearsed."])
    assert not Partner.objects.exists()


def test_errors_are_bounded_on_the_page_and_all_in_the_download(send, site, good):
    rows = "".join(f"DP{number},Desk phone,119,4.5,x\n" for number in range(500))
    run = send(files({"items.csv": good["items.csv"] + rows}))
    assert (run.state, run.problem_count, len(run.problems)) == (State.REFUSED, 500, runs.OF_EACH)
    page = site.get(f"{HOME}{run.pk}/").content.decode()
    assert "there are 500 errors" in page and page.count("<td>stock</td>") == runs.OF_EACH
    lines = b"".join(site.get(f"{HOME}{run.pk}/problems.csv").streaming_content).decode().splitlines()
    assert len(lines) == 501 and lines[1].startswith("items.csv,4,stock,")


def test_wrong_encodings_are_told_with_their_line(send, good):
    run = send(files({"partners.csv": good["partners.csv"].encode() + "P3,Müller,DE,EU,EUR,Europe/Berlin,,\n".encode("latin-1")}))
    assert run.state == State.REFUSED
    assert run.problems[0][:2] == ["partners.csv", 4] and "0xFC" in run.problems[0][3]


def test_a_damaged_zip_is_told(send, good):
    whole = zipped(good, how=zipfile.ZIP_STORED)
    run = send([SimpleUploadedFile("estate.zip", whole.read().replace(b"Nord Voice", b"Nord Vo!ce", 1))])
    assert (run.state, run.problems[0][0]) == (State.REFUSED, "partners.csv")
    assert "damaged" in run.problems[0][3]


class Locked(zipfile.ZipInfo):
    """An entry that says it needs a password."""

    def FileHeader(self, zip64=None):
        self.flag_bits |= 1
        return super().FileHeader(zip64)


BOMB = {"calls.csv": b"0" * 5000}
REFUSED = {
    "nothing": (list, "Choose the CSV files"),
    "another name": (lambda: files({"did.csv": "x"}), "did.csv is not a file of the estate."),
    "in capitals": (lambda: files({"Calls.CSV": "x"}), "Calls.CSV is not a file of the estate."),
    "empty in a ZIP": (lambda: [zipped({"calls.csv": ""})], "calls.csv is empty."),
    "twice": (lambda: [zipped({"calls.csv": "x"}), *files({"calls.csv": "x"})], "calls.csv is there twice."),
    "nested": (lambda: [zipped({"estate/calls.csv": "x"})], "estate/calls.csv lies in a folder of estate.zip"),
    "outside": (lambda: [zipped({"../calls.csv": "x"})], "../calls.csv lies in a folder"),
    "backwards": (lambda: [zipped({"..\\calls.csv": "x"})], "..\\calls.csv lies in a folder"),
    "password": (lambda: [zipped({Locked("calls.csv"): "x"})], "needs a password"),
    "another way to pack": (lambda: [zipped({"calls.csv": "x"}, how=zipfile.ZIP_LZMA)], "packed in a way that is not read"),
    "no ZIP": (lambda: [SimpleUploadedFile("estate.zip", b"x" * 100)], "estate.zip is no ZIP"),
    "half a ZIP": (lambda: [SimpleUploadedFile("estate.zip", zipped(BOMB).read()[:-8])], "estate.zip is no ZIP"),
    "a ZIP of nothing": (lambda: [zipped({})], "estate.zip has no files."),
    "many files": (lambda: [zipped({f"{n:050}.csv": "x" for n in range(1000)})], "has too many files"),
    "too large unpacked": (lambda: [zipped(BOMB)], "Together the files are too large"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_taken_is_said_at_the_field(send, monkeypatch, case):
    monkeypatch.setattr(uploads, "UNPACKED_BYTES", 4000)
    make, words = REFUSED[case]
    answer = send(make())
    assert answer.status_code == 400
    assert words in answer.context["wrong"][0]
    assert 'id="files-error"' in answer.content.decode()
    assert not ImportRun.objects.exists() and folders() == []


def test_one_file_may_be_larger_than_those_on_tickets(send, settings, good):
    settings.ATTACHMENT_MAX_BYTES = 500
    settings.FILE_UPLOAD_HANDLERS = [settings.FILE_UPLOAD_HANDLERS[0], settings.FILE_UPLOAD_HANDLERS[2]]
    rows = "".join(f"X{number},Item,1,1,1\n" for number in range(9000))  # more than one part of what Django receives
    run = send(files({"items.csv": good["items.csv"] + rows}))
    assert told(run)["items.csv"] == (9002, 0, 0)
    settings.LARGER_FILES = {}
    assert send(files({"items.csv": good["items.csv"] + rows})).files[0]["size"] < run.files[0]["size"]


def test_discarded_files_are_gone_and_what_was_found_stays(send, site, good, admin, django_capture_on_commit_callbacks):
    run = send([zipped(good)])
    with django_capture_on_commit_callbacks(execute=True):
        do(site, run, "discard")
    assert folders() == []
    run.refresh_from_db()
    assert (run.state, run.discarded_by) == (State.DONE, admin)
    assert "Ada Admin discarded the files" in site.get(f"{HOME}{run.pk}/").content.decode()
    assert do(site, run, "import") == run
    assert ImportRun.objects.count() == 1


def test_forgotten_files_are_deleted(send, good, django_capture_on_commit_callbacks):
    run, left = send([zipped(good)]), uploads.path_of("0" * 8)
    left.mkdir()  # by a process that was killed before it had written the run
    with django_capture_on_commit_callbacks(execute=True):
        runs.forget_files(at=timezone.now() + runs.KEPT / 2)
    assert folders() == [str(run.folder)]
    with django_capture_on_commit_callbacks(execute=True):
        runs.forget_files(at=timezone.now() + runs.KEPT * 2)
    assert folders() == []
    run.refresh_from_db()
    assert run.files_gone_at and run.changes


def test_a_run_whose_process_has_died_is_interrupted_and_can_be_started_again(send, site, good):
    run = send([zipped(good)])
    real = do(site, run, "import")
    ImportRun.objects.filter(pk=real.pk).update(state=State.RUNNING, started_at=timezone.now())
    assert "It was interrupted" in site.get(f"{HOME}{real.pk}/").content.decode()
    assert ImportRun.objects.get(pk=real.pk).state == State.RUNNING  # looking changes nothing
    runs.settle(at=timezone.now())
    real.refresh_from_db()
    assert real.state == State.INTERRUPTED
    again = worked(do(site, real, "import"))
    assert (again.state, again.pk != real.pk, Partner.objects.count()) == (State.DONE, True, 2)


def test_the_second_of_two_waits_for_the_first(site, good):
    for _ in range(2):
        site.post(HOME, {"files": [zipped(good)]})
    first, second = ImportRun.objects.order_by("pk")
    ImportRun.objects.filter(pk=first.pk).update(state=State.RUNNING)
    assert worked(second).state == State.WAITING
    assert runs.waiting() == []
    ImportRun.objects.filter(pk=first.pk).update(state=State.DONE)
    assert worked(second).state == State.DONE


def test_a_failure_that_nobody_foresaw_is_an_interruption(send, site, good, monkeypatch):
    site.post(HOME, {"files": [zipped(good)]})
    run = ImportRun.objects.get()
    monkeypatch.setattr(runs, "_progress", lambda _run: lambda _size: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        runs.carry_out(run.pk, now=timezone.now)
    run.refresh_from_db()
    assert run.state == State.INTERRUPTED
    with connection.cursor() as cursor:  # and nothing is held any more
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s", [runs.LOCK])
        assert cursor.fetchone() == (0,)


def test_the_command_line_is_on_record(good, site, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LOGNAME", "olga")
    for name, text in good.items():
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
    assert told(done)["partners.csv"] == (2, 0, 0)
    assert len(refused.files[0]["sha256"]) == 64 and refused.problem_count == 4
    page = site.get(HOME).content.decode()
    assert page.count("command line (olga)") == 3
    assert site.post(f"{HOME}{done.pk}/do/", {"what": "import"}).status_code == 302
    assert ImportRun.objects.count() == 3


@pytest.mark.parametrize("path", [HOME, f"{HOME}1/", f"{HOME}1/progress/", f"{HOME}1/do/", f"{HOME}1/problems.csv"])
def test_only_administrators_find_the_pages(client, admin, path):
    run = ImportRun.objects.create(is_rehearsal=True, by=admin, asked_at=timezone.now(), files=[{"name": "items.csv"}])
    path = path.replace("/1/", f"/{run.pk}/")
    for role in ("agent", "lead"):
        client.force_login(User.objects.create_user(f"{role}@careline.example", full_name="Ann", role=role))
        assert (client.get(path).status_code, client.post(path, {"what": "discard"}).status_code) == (404, 404)
    run.refresh_from_db()
    assert run.files_gone_at is None
    client.logout()
    assert client.get(path)["Location"].startswith("/account/login/")
    assert client.get(path, headers={"HX-Request": "true"}).status_code == 401  # no sign-in page in the place of a part
