"""Files on tickets: what is taken, and how it is kept."""

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
from tickets.services import finding, previews

log = logging.getLogger(__name__)


def check(file):
    """The content type of an uploaded file by what is in it, or a ValidationError that says what is wrong with it."""
    name = file.name[:60]
    if getattr(file, "has_no_room", False):  # see config.uploads
        log.error("No room for temporary files: %s of %d bytes was not received.", name, file.size)
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
            _("%(name)s is called otherwise than what it is: a name ending in .%(ending)s is expected."),
            params={"name": name, "ending": endings[0]},
            code="name",
        )
    return found


def _plain_text(ending, head):
    """The type of a text by its name, or "": the beginning may end within a character, but must be UTF-8 without NUL."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return ""
    return "" if "\x00" in text else next((kind for kind in ("text/plain", "text/csv") if ending in settings.ATTACHMENT_TYPES[kind]), "")


def check_all(files, *, ticket=None, before=()):
    """Raise ValidationError where there are too many files, or any of them is not taken; all that is wrong is said. So is a full disk.

    `before` are files that the same message has already; with a ticket the files it has count, too.
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
    """How much the disk of the attachments has left."""
    place = Path(settings.MEDIA_ROOT)
    return shutil.disk_usage(place if place.exists() else settings.DATA_DIR).free


def has_room(size):
    """Whether so many bytes are kept before the disk is full: a part of a file would stay, and the database may be on the same disk."""
    free = free_bytes()
    if free < size + settings.ATTACHMENT_FREE_BYTES:
        log.error("No room for attachments: %s has %d MB left.", settings.MEDIA_ROOT, free // 2**20)
        return False
    return True


def _no_room():
    return ValidationError(_("We have no room for files at the moment. Please send it without them, or try again later."), code="room")


def _too_many(number, size, limits, where):
    most, most_bytes = limits
    if number > most:
        values = {"number": number, "most": most, "where": where}
        return [ValidationError(_("%(number)s files are too many: %(most)s %(where)s are taken."), params=values, code="too_many")]
    if size > most_bytes:
        values = {"size": most_bytes // 2**20, "where": where}
        return [ValidationError(_("Together the files are too large: %(size)s MB %(where)s are taken."), params=values, code="too_large")]
    return []


def attach_all(ticket, files, **how):
    """Keep the files of one message on the locked ticket; see attach. Raises ValidationError. Returns the Attachments."""
    check_all(files, ticket=ticket)
    return [attach(ticket, file, **how) for file in files]


def attach(ticket, file, *, by, at, event=None, internal=False):
    """Keep a file that `check` passes on the ticket. Raises ValidationError. Returns the Attachment."""
    content_type = check(file)
    name = get_valid_filename(file.name[-120:])
    name = f"file{name}" if name.startswith(".") else name  # of the rest, a picture or dots, nothing can be read
    finding.add(ticket, finding.name_in_words(name), internal=internal)
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
    previews.nudge(attachment)
    return attachment
