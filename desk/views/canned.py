"""Canned answers: listed, made, changed, retired, and offered to whoever writes."""

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
from web.typed import number_of, text_of


@require_safe
@care_required
def answers(request):
    """The canned answers of everybody and one's own."""
    context = {"answers": texts.answers(request.user), "rail_active": "macros"}
    return render(request, "desk/answers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@care_required
def answer(request, pk=None):
    """Make a canned answer, or change one."""
    return edited(request, CannedForm, owned(CannedAnswer, pk, request.user), "desk/answer.html", "desk:canned_answers")


@require_POST
@care_required
def answer_retire(request, pk):
    """Offer a canned answer no more, or again."""
    return retired(request, owned(CannedAnswer, pk, request.user), "desk:canned_answers")


@require_safe
@care_required
def canned(request):
    """What the composer offers for `ticket`, filled in, narrowed by `q`: {"rows": [{"title", "hint", "text"}]}."""
    number = number_of(request.GET.get("ticket", ""))
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user).select_related("partner", "requester"), pk=number)
    words = text_of(request.GET.get("q", ""), 100)
    offered = service.offered(request.user, ticket=ticket)
    offered = offered.filter(Q(title__icontains=words) | Q(body__icontains=words)) if words else offered
    rows = [(one, service.filled(one.body, ticket, agent=request.user)) for one in offered[: texts.OFFERED]]
    return JsonResponse({"rows": [{"title": one.title, "hint": _hint(one, text), "text": text} for one, text in rows]})


def _hint(one, text):
    """How the answer begins, and whether nobody else has it."""
    begins = Truncator(" ".join(text.split())).chars(90)
    return f"{_('only you')} · {begins}" if one.owner_id else begins
