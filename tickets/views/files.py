"""Attachments are handed out as downloads, never as pages."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from partners.gates import sign_in_required
from tickets.models import Attachment


@require_GET
@sign_in_required
def attachment(request, pk):
    """The file as a download, for those who may see its ticket; internal ones for staff only."""
    return download(request.user, pk=pk)


def download(user, **key):
    """The answer that hands a file out to this user; Http404 for what it may not see, and for what is not there."""
    files = Attachment.objects.visible_to(user)
    if not user.is_care:
        files = files.filter(is_internal=False)
    found = get_object_or_404(files, **key)
    try:
        content = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, as_attachment=True, filename=found.name, content_type=found.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
