"""Attachments are handed out as downloads, or as pictures within a page, never as pages."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from partners.gates import sign_in_required
from tickets.models import Attachment
from tickets.models.timeline import PICTURES


@require_GET
@sign_in_required
def attachment(request, pk):
    """The file as a download, for those who may see its ticket; internal ones for staff only."""
    return download(request.user, pk=pk)


@require_GET
@sign_in_required
def preview(request, pk):
    """A picture for an <img> of a page, under the same walls; whatever is no picture by its content is a 404."""
    found = _visible(request.user, pk=pk, content_type__in=PICTURES)
    response = _answer(found, as_attachment=False)
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def download(user, **key):
    """The answer that hands a file out to this user; Http404 for what it may not see, and for what is not there."""
    return _answer(_visible(user, **key), as_attachment=True)


def _visible(user, **key):
    files = Attachment.objects.visible_to(user)
    if not user.is_care:
        files = files.filter(is_internal=False)
    return get_object_or_404(files, **key)


def _answer(found, *, as_attachment):
    try:
        content = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, as_attachment=as_attachment, filename=found.name, content_type=found.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
