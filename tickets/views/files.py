"""Attachments as downloads, and their previews as images; an upload is never served as a page."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from partners.gates import sign_in_required
from tickets.models import Attachment
from tickets.pages.timeline import file_row
from tickets.services import previews
from web.user_input import parse_number


@require_safe
@sign_in_required
def attachment(request, pk):
    """Serve the file as a download to users who may see its ticket; internal files to staff only."""
    return download(request.user, pk=pk)


@require_safe
@sign_in_required
def preview(request, pk):
    """Serve one rendered page as an image, with the same access checks; 404 if it is not rendered."""
    number = parse_number(request.GET.get("page", "1")) or 0
    found = _visible(request.user, pk=pk, preview_pages__gte=max(number, 1))
    try:
        content = previews.page(found, max(number, 1)).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = _harmless(FileResponse(content, content_type="image/webp"))
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@require_safe
@sign_in_required
def row(request, pk):
    """Return a file's row, polled while its preview is being rendered; 204 until then."""
    found = _visible(request.user, pk=pk)
    if found.preview_pages is None:
        return HttpResponse(status=204)
    return render(request, "components/file.html", {"file": file_row(found)})


def download(user, **key):
    """Return the download response for this user. Raise Http404 if the file is missing or not visible to the user."""
    return _answer(_visible(user, **key))


def _visible(user, **key):
    files = Attachment.objects.visible_to(user)
    if not user.is_care:
        files = files.filter(is_internal=False)
    return get_object_or_404(files, **key)


def _answer(found):
    try:
        content = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return _harmless(FileResponse(content, as_attachment=True, filename=found.name, content_type=found.content_type))


def _harmless(response):
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
