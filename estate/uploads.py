"""The files of an import: which are taken when they are sent, where they lie until they are imported, and how they are read."""

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
MOST_BYTES = settings.ATTACHMENTS_OF_MESSAGE[1]  # as sent, together
UNPACKED_BYTES = 500 * 1024 * 1024  # of all files, together
DIRECTORY_BYTES = 64 * 1024  # of a ZIP: a few hundred names
LONGEST = 1024 * 1024  # of a line that is read in one piece
END, ZIP64 = b"PK\5\6", b"PK\6\7"
BESIDE = ("__MACOSX", ".DS_Store")  # what computers pack unasked


class Source:
    """One file as lines of bytes: what has been read of it is counted, hashed, and told to `told` (bytes)."""

    def __init__(self, lines, told=None):
        self.size, self.count, self.digest, self.is_whole = 0, 0, hashlib.sha256(), False
        self.lines, self.told = self._read(lines), told

    def __iter__(self):
        return self.lines

    def _read(self, lines):
        for line in lines:
            self.digest.update(line)
            self.size += len(line)
            self.count += 1
            if self.told:
                self.told(len(line))
            yield line
        self.is_whole = True

    def facts(self):
        """Size in bytes, rows (lines below the first) and SHA-256 of all of it, also of what nobody wanted to read; {} if it is damaged."""
        for _line in self.lines:
            pass
        if not self.is_whole:
            return {}
        return {"size": self.size, "rows": max(self.count - 1, 0), "sha256": self.digest.hexdigest()}


def taken(uploaded):
    """The files of the estate among uploaded ones, in the order of their tables: {name, size, stored: the place of the upload, member}.

    Raises ValidationError with everything that can be said before they are read.
    """
    wrong, found = [], []
    if not uploaded:
        raise ValidationError(_("Choose the CSV files of the estate, or a ZIP of them."), code="required")
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
            wrong.append(ValidationError(_("%(name)s is not a file of the estate."), params={"name": name[:60]}))
        elif names.count(name) > 1:
            wrong.append(ValidationError(_("%(name)s is there twice."), params={"name": name}))
    wrong += [ValidationError(_("%(name)s is empty."), params={"name": f["name"][:60]}) for f in found if not f["size"] and f["member"]]
    for size, most in ((sum(file.size for file in uploaded), MOST_BYTES), (sum(file["size"] for file in found), UNPACKED_BYTES)):
        if size > most:
            words = _("Together the files are too large: %(size)s MB are taken. Larger ones are imported on the command line.")
            wrong.append(ValidationError(words, params={"size": most // 2**20}))
            break
    if wrong:
        raise ValidationError(wrong)
    return sorted(found, key=lambda file: order.index(file["name"]))


def _check_received(file):
    if getattr(file, "has_no_room", False) or not attaching.has_room(file.size):
        raise ValidationError(_("There is no room for files at the moment: see to the disk, then send them again."), code="room")
    if not file.size:
        raise ValidationError(_("%(name)s is empty."), params={"name": file.name[:60]}, code="empty")
    if file.size > MOST_BYTES:
        raise ValidationError(_("%(name)s is larger than %(size)s MB."), params={"name": file.name[:60], "size": MOST_BYTES // 2**20})


def _is_zip(file):
    """By its name, or by its first bytes where it is not called a CSV file: of such a one the import says what it is."""
    head = file.read(4)
    file.seek(0)
    return file.name.lower().endswith(".zip") or (head == b"PK\x03\x04" and not file.name.lower().endswith(".csv"))


def _members(file, place):
    """What lies in a ZIP, as `taken`; nothing of it is unpacked, and no more of it is ever read than the size that is told here."""
    named = {"name": file.name[:60]}
    damaged = ValidationError(_("%(name)s is no ZIP that can be read."), params=named)
    tail = _tail(file)
    at = tail.rfind(END)
    if at < 0 or len(tail) < at + 22:
        raise damaged
    if int.from_bytes(tail[at + 12 : at + 16], "little") > DIRECTORY_BYTES or tail[max(at - 20, 0) : at].startswith(ZIP64):
        raise ValidationError(_("%(name)s has too many files."), params=named)
    try:
        with ZipFile(file) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir() and not set(BESIDE) & set(_parts(one))]
    except (BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError) as error:
        raise damaged from error
    finally:
        file.seek(0)
    if not entries:
        raise ValidationError(_("%(name)s has no files."), params=named)
    if wrong := [problem for entry in entries if (problem := _refusal(entry, file.name[:60]))]:
        raise ValidationError(wrong[:20])
    # Folders say nothing: whoever packs one has it before each name, and no file is written under it.
    return [{"name": _parts(one)[-1], "size": one.file_size, "stored": place, "member": one.filename} for one in entries]


def _parts(entry):
    return entry.filename.replace("\\", "/").split("/")


def _tail(file):
    file.seek(max(file.size - 2**16 - 22, 0))
    tail = file.read()
    file.seek(0)
    return tail


def _refusal(entry, archive):
    """Why a file of a ZIP is not taken, as ValidationError, or None."""
    said = {"name": entry.filename[:60], "archive": archive}
    if entry.flag_bits & 0x1:
        return ValidationError(_("%(name)s in %(archive)s needs a password: pack it without."), params=said)
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        return ValidationError(_("%(name)s in %(archive)s is packed in a way that is not read: pack it as usual (Deflate)."), params=said)
    return None


def keep(uploaded, found):
    """Put the files of `taken` into a folder of their own. Gives (folder, files: as they are kept with the run). Raises ValidationError."""
    folder = uuid.uuid4()
    try:
        path_of(folder).mkdir(parents=True)
        for place in {file["stored"] for file in found}:
            with (path_of(folder) / str(place)).open("wb") as target:
                shutil.copyfileobj(uploaded[place], target, LONGEST)
    except OSError as error:
        log.exception("The files of an import could not be kept.")
        remove(folder)
        raise ValidationError(_("The files could not be kept; the reason is in the log."), code="room") from error
    archives = {place: file.name[:100] for place, file in enumerate(uploaded)}
    return folder, [file | ({"archive": archives[file["stored"]]} if file["member"] else {}) for file in found]


def path_of(folder):
    """Where the files of a folder lie; web and worker share the place, as that of attachments."""
    return Path(settings.MEDIA_ROOT) / "imports" / str(folder)


def remove(folder):
    """Delete the files of a folder; what is left of it is found by `runs.forget_files`."""
    shutil.rmtree(path_of(folder), ignore_errors=True)


def sources(folder, files, told):
    """File name -> Source of kept files; `told` is called with the bytes that were read."""
    return {file["name"]: Source(_lines(path_of(folder) / str(file["stored"]), file), told) for file in files}


def _lines(path, file):
    """Raises ImportRefused for what cannot be read. A line without an end comes in pieces, none of them larger than LONGEST."""
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
        log.warning("%s of an import cannot be read: %s: %s", file["name"], type(error).__name__, error)
        raise ImportRefused([Problem(file["name"], 0, "", _("cannot be read: it is damaged, or not there any more."))]) from error
