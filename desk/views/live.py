"""What open pages of the desk ask for while they are looked at, and what Ctrl-K finds."""

from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from desk.filters import said
from desk.pages import rail, search
from partners.gates import care_required

PARTNERS = 4


@require_safe
@never_cache
@care_required
def counts(request):
    """The rail's counts as they are now: {"counts": {key: text}}. Asked every few seconds; writes nothing."""
    return JsonResponse({"counts": rail.counts(request.user, timezone.now())})


@require_safe
@care_required
def palette(request):
    """What the palette finds by these words: {"found": [{"name", "note", "href"}]}; whatever is named exactly, and partners."""
    asked = said(request.GET.get("q", "")[:100])
    found = [
        {"name": str(hit["title"]), "note": str(hit["kind"]), "href": hit["url"]}
        for hit in (search.hits(asked, user=request.user) if asked.text else [])
        if hit["url"]
    ]
    named = search.partners(asked, user=request.user, most=PARTNERS)
    found += [{"name": card["title"], "note": card["facts"][0], "href": card["url"]} for card in named]
    return JsonResponse({"found": found})
