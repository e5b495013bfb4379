"""The knowledge base and the rulebook, for partners and for the care team."""

from datetime import timedelta

from django.contrib import messages
from django.db.models import Q, Sum
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from knowledge import articles as knowledge
from knowledge.matching import best_matches
from knowledge.models import ArticleFeedback, count_feedback
from partners.gates import sign_in_required
from policies.catalog import TOPICS
from policies.catalog.declare import EVER
from policies.models import PolicyValue
from policies.rulebook import RULES
from tickets.pages.verdicts import policy_url
from tickets.types import TYPES
from web.user_input import parse_day, parse_moment, parse_text

COUNTED = timedelta(days=90)
FEW = 4
INTERNAL = ("SLA-",)


def _may_read(user, code):
    """Return whether the user may read the rule: partners do not see internal ones."""
    return user.is_care or not code.startswith(INTERNAL)


def _query(request):
    return parse_text(request.GET.get("q", ""), 100)


@require_safe
@sign_in_required
def index(request):
    """List the articles by topic; a search shows those with all of its words, else the best matches.

    The care team also sees how often each one helped.
    """
    query = _query(request)
    found = (knowledge.search(query) or best_matches(query, most=FEW)) if query else list(knowledge.articles().values())
    helped = _helped() if request.user.is_care else {}
    topics = {}
    for article in found:
        topic = topics.setdefault(article.topic, {"title": knowledge.TITLES[article.topic], "slug": article.topic, "articles": []})
        topic["articles"].append({"slug": article.slug, "title": article.title, "helped": helped.get(article.slug)})
    return render(request, "help/index.html", {"topics": list(topics.values()), "count": len(found), "query": query})


def _helped():
    """Return {slug: {"helped", "asked"}}, counted over the last COUNTED days."""
    recent = ArticleFeedback.objects.filter(day__gte=timezone.now().date() - COUNTED)
    rows = recent.values("slug").annotate(helped=Sum("count", filter=Q(outcome="helped")), asked=Sum("count", filter=Q(outcome="asked")))
    return {row["slug"]: {"helped": row["helped"] or 0, "asked": row["asked"] or 0} for row in rows}


@require_safe
@sign_in_required
def article(request, slug):
    """Show one article with today's values, its rules and the request types it leads to."""
    found = knowledge.articles().get(slug)
    if found is None:
        raise Http404
    book = PolicyValue.objects.book(on=timezone.now().date())
    context = {
        "article": found,
        "topic": knowledge.TITLES[found.topic],
        "blocks": knowledge.blocks(found, book),
        "rules": [
            {"code": code, "title": RULES[code].title, "parts": knowledge.filled(str(RULES[code].sentence), book)}
            for code in found.rules
            if _may_read(request.user, code)
        ],
        "page_url": reverse(found.page) if found.page and not request.user.is_care else "",
        "types": [TYPES[code] for code in found.types if code in TYPES],
        "policy_url": policy_url(request.user),
    }
    return render(request, "help/article.html", context)


@require_POST
@sign_in_required
def feedback(request, slug):
    """Count whether an article helped, and return to the page where it was read."""
    outcome = request.POST.get("outcome", "")
    if slug not in knowledge.articles() or outcome not in ArticleFeedback.Outcome.values:
        raise Http404
    count_feedback(slug, outcome, day=timezone.now().date())
    if request.htmx:
        return render(request, "help/_thanks.html", {"helped": outcome == "helped"})
    messages.success(request, _("Thank you for your feedback."))
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}) and back.startswith("/")
    return redirect(back if is_ours else reverse("help:article", args=[slug]))


@require_safe
@sign_in_required
def rules(request):
    """List every rule with today's values, announced changes, and the request types it applies to.

    `on` is another day, or the moment of a request: values set later that day did not bind it (docs/decisions/0311).
    """
    today, asked = timezone.now().date(), request.GET.get("on", "")
    at = parse_moment(asked)
    day = at.date() if at else parse_day(asked) or today
    book, query = PolicyValue.objects.book(on=max(day, EVER), **({"known_at": at} if at else {})), _query(request)
    shown = [_shown(rule, book) for rule in RULES.values() if _may_read(request.user, rule.code)]
    found = knowledge.containing_all_words(shown, query, words=lambda row: row["text"])
    topics = [(title, [row for row in found if row["family"] in families]) for title, _entries, families in TOPICS]
    context = {"topics": [(title, rows) for title, rows in topics if rows], "count": len(found), "query": query}
    context |= {"policy_url": policy_url(request.user), "day": at or book.on, "on": asked if at or book.on != today else ""}
    return render(request, "help/rules.html", context)


def _shown(rule, book):
    """Return a rule as the rulebook shows it, with the values of a book; text: the lower-case text that a search matches."""
    parts = knowledge.filled(str(rule.sentence), book)
    of_rule = [kind for kind in TYPES.values() if rule.code in kind.rules]
    return {
        "code": rule.code,
        "family": rule.family,
        "title": rule.title,
        "parts": parts,
        "types": of_rule if len(of_rule) < len(TYPES) else [],
        "article": knowledge.article_of_rule(rule.code),
        "text": " ".join((rule.code, str(rule.title), *(part.text for part in parts))).lower(),
    }
