"""Canned answers: list, create, edit, deactivate, and suggest in the composer."""

from django.db.models import Q
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from desk.forms import CannedForm
from desk.models import CannedAnswer
from desk.pages import texts
from desk.services import canned as service
from desk.views.macros import edited, owned, retired
from partners.gates import care_required
from tickets.models import Ticket
from web.user_input import parse_number, parse_text


@require_safe
@care_required
def answers(request):
    """List shared canned answers and the agent's own."""
    context = {"answers": texts.answers(request.user), "rail_active": "macros"}
    return render(request, "desk/answers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@care_required
def answer(request, pk=None):
    """Create or edit a canned answer."""
    return edited(request, CannedForm, owned(CannedAnswer, pk, request.user), "desk/answer.html", "desk:canned_answers")


@require_POST
@care_required
def answer_retire(request, pk):
    """Deactivate or reactivate a canned answer."""
    return retired(request, owned(CannedAnswer, pk, request.user), "desk:canned_answers")


@require_safe
@care_required
def canned(request):
    """Return the answers for `ticket`, filled in and filtered by `q`: {"rows": [{"title", "hint", "text"}]}."""
    number = parse_number(request.GET.get("ticket", ""))
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user).select_related("partner", "requester"), pk=number)
    words = parse_text(request.GET.get("q", ""), 100)
    offered = service.offered(request.user, ticket=ticket)
    offered = offered.filter(Q(title__icontains=words) | Q(body__icontains=words)) if words else offered
    rows = [(one, service.fill(one.body, ticket, agent=request.user)) for one in offered[: texts.OFFERED]]
    return JsonResponse({"rows": [{"title": one.title, "hint": _hint(one, text), "text": text} for one, text in rows]})


def _hint(one, text):
    """Return how the answer begins, marked if it is personal."""
    begins = Truncator(" ".join(text.split())).chars(90)
    return f"{_('only you')} · {begins}" if one.owner_id else begins
