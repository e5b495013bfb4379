"""Attachments are handed out as downloads, their previews as pictures within a page; nothing uploaded is ever a page."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from partners.gates import sign_in_required
from tickets.models import Attachment
from tickets.pages.timeline import file_row
from tickets.services import previews
from web.typed import number_of


@require_safe
@sign_in_required
def attachment(request, pk):
    """The file as a download, for those who may see its ticket; internal ones for staff only."""
    return download(request.user, pk=pk)


@require_safe
@sign_in_required
def preview(request, pk):
    """One drawn page of it, for an <img>, under the same walls; 404 for a page that is not drawn."""
    number = number_of(request.GET.get("page", "1")) or 0
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
    """The line of a file, asked again while its preview is being drawn; nothing new is 204."""
    found = _visible(request.user, pk=pk)
    if found.preview_pages is None:
        return HttpResponse(status=204)
    return render(request, "components/file.html", {"file": file_row(found)})


def download(user, **key):
    """The answer that hands a file out to this user; Http404 for what it may not see, and for what is not there."""
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
