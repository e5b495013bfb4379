"""What open desk pages poll for, and the results of the command palette (Ctrl-K)."""

import re

from django.http import JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from desk.filters import search_text
from desk.pages import policy_values, rail, search, search_names
from knowledge.matching import best_matches
from partners.gates import care_required

PARTNERS, ARTICLES = 4, 2


@require_safe
@never_cache
@care_required
def counts(request):
    """Return the current sidebar counts: {"counts": {key: text}}. Polled every few seconds; writes nothing."""
    return JsonResponse({"counts": rail.counts(request.user, timezone.now())})


@require_safe
@care_required
def palette(request):
    """Return the palette's results: {"found": [{"name", "note", "href"}]}.

    These are exact matches, companies and people by name, matching articles and, for administrators, policy values.
    """
    asked = search_text(request.GET.get("q", "")[:100])
    found = [
        {"name": str(hit["title"]), "note": str(hit["kind"]), "href": hit["url"]}
        for hit in (search.hits(asked, user=request.user) if asked.text else [])
        if hit["url"]
    ]
    named = search_names.named(asked, user=request.user, partners=PARTNERS)
    found += [{"name": card["title"], "note": card["note"], "href": card["url"]} for card in named if card["url"]]
    if re.search(r"[^\W\d_]{3}", asked.text):
        fits = best_matches(asked.text, most=ARTICLES, begun=True)
        found += [{"name": one.title, "note": _("Article"), "href": reverse("help:article", args=[one.slug])} for one in fits]
        found += policy_values.palette_entries(asked.text, on=timezone.now().date()) if request.user.is_staff else []
    return JsonResponse({"found": found})
