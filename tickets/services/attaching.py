"""Files on tickets: which files are accepted, and how they are stored."""

import codecs
import logging
import shutil
from pathlib import Path

import filetype
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Count, Sum
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from tickets.models import Attachment
from tickets.services import previews, search_index

log = logging.getLogger(__name__)


def check(file):
    """Return the content type of an uploaded file, judged by its content. Raise ValidationError if the file is not accepted."""
    name = file.name[:60]
    if getattr(file, "has_no_room", False):  # see config.uploads
        log.error("No disk space for temporary files: %s (%d bytes) was not received.", name, file.size)
        raise _no_room()
    if not file.size:
        raise ValidationError(_("%(name)s is empty."), params={"name": name}, code="empty")
    if file.size > settings.ATTACHMENT_MAX_BYTES:
        raise ValidationError(
            _("%(name)s is larger than %(size)s MB."), params={"name": name, "size": settings.ATTACHMENT_MAX_BYTES // 2**20}, code="size"
        )
    head = file.read(8192)
    file.seek(0)
    ending = file.name.rpartition(".")[2].lower()
    kind = filetype.guess(head)
    found = kind.mime if kind else _plain_text(ending, head)
    if found not in settings.ATTACHMENT_TYPES:
        raise ValidationError(_("%(name)s is not a PDF, picture, text or CSV file."), params={"name": name}, code="type")
    if ending not in (endings := settings.ATTACHMENT_TYPES[found]):
        raise ValidationError(
            _("The name of %(name)s does not match its content: it should end in .%(ending)s."),
            params={"name": name, "ending": endings[0]},
            code="name",
        )
    return found


def _plain_text(ending, head):
    """Return the type of a text file by its name, or "". The head may end within a character, but must be UTF-8 without NUL."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return ""
    return "" if "\x00" in text else next((kind for kind in ("text/plain", "text/csv") if ending in settings.ATTACHMENT_TYPES[kind]), "")


def check_all(files, *, ticket=None, before=()):
    """Raise ValidationError with all problems found: too many or too large files, files that are not accepted, or a full disk.

    `before` are files already attached to the same message; with a ticket, its existing files count as well.
    """
    together = [*before, *files]
    wrong = _too_many(len(together), sum(file.size for file in together), settings.ATTACHMENTS_OF_MESSAGE, _("in one message"))
    if files and ticket and not wrong:
        there = ticket.attachments.aggregate(n=Count("pk"), size=Sum("size", default=0))
        size = there["size"] + sum(file.size for file in together)
        wrong = _too_many(there["n"] + len(together), size, settings.ATTACHMENTS_OF_TICKET, _("on one ticket"))
    if wrong:
        raise ValidationError(wrong)
    for file in files:
        try:
            check(file)
        except ValidationError as error:
            wrong.append(error)
    if wrong:
        raise ValidationError(wrong)
    if files and not has_room(sum(file.size for file in files)):
        raise _no_room()


def free_bytes():
    """Return the free bytes on the attachments' disk."""
    place = Path(settings.MEDIA_ROOT)
    return shutil.disk_usage(place if place.exists() else settings.DATA_DIR).free


def has_room(size):
    """Return whether `size` bytes fit with the reserve left free: a full disk would leave partial files and may stop the database."""
    free = free_bytes()
    if free < size + settings.ATTACHMENT_FREE_BYTES:
        log.error("No disk space for attachments: %s has %d MB left.", settings.MEDIA_ROOT, free // 2**20)
        return False
    return True


def _no_room():
    return ValidationError(_("We cannot store files at the moment. Send this without them, or try again later."), code="room")


def _too_many(number, size, limits, where):
    most, most_bytes = limits
    if number > most:
        values = {"number": number, "most": most, "where": where}
        return [ValidationError(_("%(number)s files are too many: %(where)s, %(most)s are allowed."), params=values, code="too_many")]
    if size > most_bytes:
        values = {"size": most_bytes // 2**20, "where": where}
        return [
            ValidationError(_("The files are too large in total: %(where)s, %(size)s MB are allowed."), params=values, code="too_large")
        ]
    return []


def attach_all(ticket, files, **how):
    """Store the files of one message on the locked ticket; see `attach`. Raise ValidationError. Return the Attachments."""
    check_all(files, ticket=ticket)
    return [attach(ticket, file, **how) for file in files]


def attach(ticket, file, *, by, at, event=None, internal=False):
    """Store a file on the ticket if `check` accepts it. Raise ValidationError. Return the Attachment."""
    content_type = check(file)
    name = get_valid_filename(file.name[-120:])
    name = f"file{name}" if name.startswith(".") else name  # nothing readable is left, such as only an emoji or dots
    search_index.add(ticket, search_index.name_in_words(name), internal=internal)
    attachment = Attachment.objects.create(
        ticket=ticket,
        event=event,
        uploaded_by=by,
        uploaded_at=at,
        name=name,
        content_type=content_type,
        size=file.size,
        file=file,
        is_internal=internal,
    )
    previews.enqueue(attachment)
    return attachment
