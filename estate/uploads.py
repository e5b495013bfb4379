"""Uploaded files of an import: which are accepted, where they are stored until the import, and how they are read."""

import hashlib
import io
import logging
import shutil
import uuid
import zlib
from contextlib import ExitStack
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from estate.problems import ImportRefused, Problem
from estate.tables import TABLES
from tickets.services import attaching

log = logging.getLogger(__name__)
MOST_BYTES = settings.ATTACHMENTS_OF_MESSAGE[1]  # of one upload, in total
UNPACKED_BYTES = 500 * 1024 * 1024  # of all files, in total
DIRECTORY_BYTES = 64 * 1024  # of a ZIP's central directory: a few hundred names
LONGEST = 1024 * 1024  # of a piece read at once; longer lines come in several
END, ZIP64 = b"PK\5\6", b"PK\6\7"
BESIDE = ("__MACOSX", ".DS_Store")  # added by macOS to every ZIP


class Source:
    """One file as lines of bytes; counts and hashes what is read and reports the number of bytes to `report`."""

    def __init__(self, lines, report=None):
        self.size, self.count, self.digest, self.is_whole = 0, 0, hashlib.sha256(), False
        self.lines, self.report = self._read(lines), report

    def __iter__(self):
        return self.lines

    def _read(self, lines):
        for line in lines:
            self.digest.update(line)
            self.size += len(line)
            self.count += 1
            if self.report:
                self.report(len(line))
            yield line
        self.is_whole = True

    def facts(self):
        """Return size in bytes, rows (lines after the first) and SHA-256, reading the rest of the file for it; {} if it is damaged."""
        for _line in self.lines:
            pass
        if not self.is_whole:
            return {}
        return {"size": self.size, "rows": max(self.count - 1, 0), "sha256": self.digest.hexdigest()}


def accepted(uploaded):
    """Return the estate's files among the uploaded ones, in table order: {name, size, stored: index of the upload, member}.

    Raise ValidationError with all problems that show before the files are read.
    """
    wrong, found = [], []
    if not uploaded:
        raise ValidationError(_("Choose the CSV files of the estate, or a ZIP file of them."), code="required")
    for place, file in enumerate(uploaded):
        try:
            _check_received(file)
            found += _members(file, place) if _is_zip(file) else [{"name": file.name, "size": file.size, "stored": place, "member": ""}]
        except ValidationError as error:
            wrong.append(error)
    names = [file["name"] for file in found]
    order = [table.file for table in TABLES]
    for name in dict.fromkeys(names):
        if name not in order:
            wrong.append(ValidationError(_("%(name)s is not an estate file."), params={"name": name[:60]}))
        elif names.count(name) > 1:
            wrong.append(ValidationError(_("There are two files named %(name)s."), params={"name": name}))
    wrong += [ValidationError(_("%(name)s is empty."), params={"name": f["name"][:60]}) for f in found if not f["size"] and f["member"]]
    for size, most in ((sum(file.size for file in uploaded), MOST_BYTES), (sum(file["size"] for file in found), UNPACKED_BYTES)):
        if size > most:
            words = _("The files exceed the total limit of %(size)s MB. Import larger files on the command line.")
            wrong.append(ValidationError(words, params={"size": most // 2**20}))
            break
    if wrong:
        raise ValidationError(wrong)
    return sorted(found, key=lambda file: order.index(file["name"]))


def _check_received(file):
    if getattr(file, "has_no_room", False) or not attaching.has_room(file.size):
        raise ValidationError(_("The server’s disk is full. Free some space, then upload the files again."), code="room")
    if not file.size:
        raise ValidationError(_("%(name)s is empty."), params={"name": file.name[:60]}, code="empty")
    if file.size > MOST_BYTES:
        raise ValidationError(_("%(name)s is larger than %(size)s MB."), params={"name": file.name[:60], "size": MOST_BYTES // 2**20})


def _is_zip(file):
    """Return whether it is a ZIP: by its name, or by its first bytes unless it is named *.csv, in which case the import reports it."""
    head = file.read(4)
    file.seek(0)
    return file.name.lower().endswith(".zip") or (head == b"PK\x03\x04" and not file.name.lower().endswith(".csv"))


def _members(file, place):
    """List the files in a ZIP, as `accepted` does. Nothing is unpacked here, and later never more than the sizes stated here."""
    named = {"name": file.name[:60]}
    damaged = ValidationError(_("%(name)s is not a readable ZIP file."), params=named)
    tail = _tail(file)
    at = tail.rfind(END)
    if at < 0 or len(tail) < at + 22:
        raise damaged
    if int.from_bytes(tail[at + 12 : at + 16], "little") > DIRECTORY_BYTES or tail[max(at - 20, 0) : at].startswith(ZIP64):
        raise ValidationError(_("%(name)s contains too many files."), params=named)
    try:
        with ZipFile(file) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir() and not set(BESIDE) & set(_parts(one))]
    except (BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError) as error:
        raise damaged from error
    finally:
        file.seek(0)
    if not entries:
        raise ValidationError(_("%(name)s contains no files."), params=named)
    if wrong := [problem for entry in entries if (problem := _refusal(entry, file.name[:60]))]:
        raise ValidationError(wrong[:20])
    # Ignore folders: a packed folder adds its name to each file, and no file is ever written under that name.
    return [{"name": _parts(one)[-1], "size": one.file_size, "stored": place, "member": one.filename} for one in entries]


def _parts(entry):
    return entry.filename.replace("\\", "/").split("/")


def _tail(file):
    file.seek(max(file.size - 2**16 - 22, 0))
    tail = file.read()
    file.seek(0)
    return tail


def _refusal(entry, archive):
    """Return why a file in a ZIP is not accepted, as ValidationError, or None."""
    said = {"name": entry.filename[:60], "archive": archive}
    if entry.flag_bits & 0x1:
        return ValidationError(_("%(name)s in %(archive)s is password-protected. Create the ZIP file without a password."), params=said)
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        return ValidationError(_("%(name)s in %(archive)s uses an unsupported compression. Use the standard one (Deflate)."), params=said)
    return None


def keep(uploaded, found):
    """Store the files of `accepted` in a folder of their own. Return (folder, files as recorded with the run). Raise ValidationError."""
    folder = uuid.uuid4()
    try:
        path_of(folder).mkdir(parents=True)
        for place in {file["stored"] for file in found}:
            with (path_of(folder) / str(place)).open("wb") as target:
                shutil.copyfileobj(uploaded[place], target, LONGEST)
    except OSError as error:
        log.exception("The files of an import could not be saved.")
        remove(folder)
        raise ValidationError(_("The files could not be saved. The log has the reason."), code="room") from error
    archives = {place: file.name[:100] for place, file in enumerate(uploaded)}
    return folder, [file | ({"archive": archives[file["stored"]]} if file["member"] else {}) for file in found]


def path_of(folder):
    """Return the path of a folder; web and worker share it, as they do for attachments."""
    return Path(settings.MEDIA_ROOT) / "imports" / str(folder)


def remove(folder):
    """Delete the files of a folder; `runs.forget_files` deletes any remains."""
    shutil.rmtree(path_of(folder), ignore_errors=True)


def sources(folder, files, told):
    """Return {file name: Source} of stored files; `told` is called with the number of bytes read."""
    return {file["name"]: Source(_lines(path_of(folder) / str(file["stored"]), file), told) for file in files}


def _lines(path, file):
    """Yield lines in pieces of at most LONGEST bytes. Raise ImportRefused if a file cannot be read."""
    try:
        with ExitStack() as stack:
            if file["member"]:
                packed = stack.enter_context(ZipFile(path)).open(file["member"])
                lines = stack.enter_context(io.BufferedReader(packed, LONGEST))
            else:
                lines = stack.enter_context(path.open("rb"))
            while line := lines.readline(LONGEST):
                yield line
    except (BadZipFile, zlib.error, EOFError, KeyError, OSError) as error:
        log.warning("Import file %s cannot be read: %s: %s", file["name"], type(error).__name__, error)
        raise ImportRefused([Problem(file["name"], 0, "", _("cannot be read: it is damaged or no longer exists."))]) from error
