"""Files sent to the page of imports, and the resulting runs."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from estate import runs, uploads

HOME = "/admin/estate/importrun/"


def zipped(texts, **options):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", options.pop("how", zipfile.ZIP_DEFLATED)) as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    return SimpleUploadedFile(options.get("name", "estate.zip"), packed.getvalue())


def files(texts):
    return [SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode()) for name, text in texts.items()]


def processed(run):
    runs.carry_out(run.pk, now=timezone.now)
    run.refresh_from_db()
    return run


def counts_of(run):
    return {change["file"]: (change["created"], change["changed"], change["unchanged"]) for change in run.changes}


def folders():
    return sorted(path.name for path in uploads.path_of("").glob("*"))
