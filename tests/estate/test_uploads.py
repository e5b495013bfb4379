"""Uploads to the page of imports: refused at their field, before anything of them is read or stored."""

import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from estate import uploads
from estate.models import ImportRun
from tests.estate.sending import counts_of, files, folders, zipped


class EncryptedEntry(zipfile.ZipInfo):
    """An entry that says it is password-protected."""

    def FileHeader(self, zip64=None):
        self.flag_bits |= 1
        return super().FileHeader(zip64)


BOMB = {"calls.csv": b"0" * 5000}
REFUSED = {
    "nothing": (list, "Choose the CSV files"),
    "another name": (lambda: files({"did.csv": "x"}), "did.csv is not an estate file."),
    "in capitals": (lambda: files({"Calls.CSV": "x"}), "Calls.CSV is not an estate file."),
    "empty in a ZIP": (lambda: [zipped({"calls.csv": ""})], "calls.csv is empty."),
    "empty": (lambda: files({"calls.csv": ""}), "calls.csv is empty."),
    "too large": (lambda: files({"calls.csv": "x" * 300_001}), "calls.csv is larger than 0 MB."),
    "broken directory": (
        lambda: [SimpleUploadedFile("estate.zip", zipped(BOMB).read().replace(b"PK\x01\x02", b"PK\x09\x09"))],
        "not a readable ZIP",
    ),
    "twice": (lambda: [zipped({"calls.csv": "x"}), *files({"calls.csv": "x"})], "There are two files named calls.csv."),
    "twice in folders": (lambda: [zipped({"2025/calls.csv": "x", "2026/calls.csv": "x"})], "There are two files named calls.csv."),
    "something else in a folder": (lambda: [zipped({"../../etc/passwd": "x"})], "passwd is not an estate file."),
    "password": (lambda: [zipped({EncryptedEntry("calls.csv"): "x"})], "is password-protected"),
    "another way to pack": (lambda: [zipped({"calls.csv": "x"}, how=zipfile.ZIP_LZMA)], "uses an unsupported compression"),
    "no ZIP": (lambda: [SimpleUploadedFile("estate.zip", b"x" * 100)], "estate.zip is not a readable ZIP"),
    "half a ZIP": (lambda: [SimpleUploadedFile("estate.zip", zipped(BOMB).read()[:-8])], "estate.zip is not a readable ZIP"),
    "a ZIP of nothing": (lambda: [zipped({})], "estate.zip contains no files."),
    "many files": (lambda: [zipped({f"{n:050}.csv": "x" for n in range(1000)})], "contains too many files"),
    "too large unpacked": (lambda: [zipped(BOMB)], "The files exceed the total limit"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_rejected_upload_is_explained_at_the_field(send, monkeypatch, case):
    monkeypatch.setattr(uploads, "UNPACKED_BYTES", 4000)
    monkeypatch.setattr(uploads, "MOST_BYTES", 300_000)
    make, words = REFUSED[case]
    answer = send(make())
    assert answer.status_code == 400
    assert words in answer.context["wrong"][0]
    assert 'id="files-error"' in answer.content.decode()
    assert not ImportRun.objects.exists() and folders() == []


@pytest.mark.parametrize("folder", ["estate/", "../", "C:\\\\exports\\\\"])
def test_folders_in_a_zip_are_ignored(send, good, folder):
    run = send([zipped({f"{folder}items.csv": good["items.csv"], "__MACOSX/._items.csv": "x", f"{folder}.DS_Store": "x"})])
    assert list(counts_of(run)) == ["items.csv"]


def test_import_file_may_exceed_the_attachment_limit(send, settings, good):
    settings.ATTACHMENT_MAX_BYTES = 500
    settings.FILE_UPLOAD_HANDLERS = [settings.FILE_UPLOAD_HANDLERS[0], settings.FILE_UPLOAD_HANDLERS[2]]
    rows = "".join(f"X{number},Item,1,1,1\n" for number in range(9000))  # more than one chunk as Django receives them
    run = send(files({"items.csv": good["items.csv"] + rows}))
    assert counts_of(run)["items.csv"] == (9002, 0, 0)
    settings.LARGER_FILES = {}
    assert send(files({"items.csv": good["items.csv"] + rows})).files[0]["size"] < run.files[0]["size"]
