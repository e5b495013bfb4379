"""The page where a partner moves a PBX to another of its end users, with its live verdict."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners.gates import contact_required
from partners.models import EndUser
from pbx import moves
from pbx.forms import MoveForm
from pbx.services import annotate_active
from web.user_input import name_matches, parse_text, starts_with

CHOICES = 50


@require_http_methods(["GET", "HEAD", "POST"])
@contact_required
def pbx_move(request, serial, transfers):
    """Show the form, or move the PBX on POST. On errors, the form is shown again as filled in. `transfers`: see moves.judged."""
    now = timezone.now()
    pbx = moves.pbx_of(request.user, serial)
    if request.method != "POST":
        return _page(request, pbx, MoveForm(user=request.user, initial=request.GET.dict()), transfers, today=now.date())
    form = MoveForm(request.POST, user=request.user)
    if not form.is_valid():
        return _page(request, pbx, form, transfers, today=now.date(), status=400)
    end_user = form.cleaned_data["end_user"]
    try:
        moves.move(request.user, serial, end_user, at=now, transfers=transfers)
    except moves.Refused:
        return _page(request, moves.pbx_of(request.user, serial), form, transfers, today=now.date(), status=422)
    messages.success(request, _("%(pbx)s now belongs to %(customer)s.") % {"pbx": pbx.name, "customer": end_user.name})
    return redirect("portal:pbx", serial)


@require_POST
@contact_required
def pbx_move_check(request, serial, transfers):
    """Return the live verdict on the current choice."""
    pbx, today = moves.pbx_of(request.user, serial), timezone.now().date()
    return render(request, "pbx/_move_answer.html", _answer(request, pbx, MoveForm(request.POST, user=request.user), transfers, today))


@require_safe
@contact_required
def pbx_move_choices(request, serial):
    """Return the end users matching `q` as rows of the picker."""
    pbx, today = moves.pbx_of(request.user, serial), timezone.now().date()
    return render(request, "tickets/fields/_picker_rows.html", _choices(request, pbx, request.GET.get("end_user", ""), today))


def _page(request, pbx, form, transfers, *, today, status=200):
    chosen = form["end_user"].value() or ""
    context = {
        "pbx": pbx,
        "form": form,
        "chosen": chosen,
        "picker": _choices(request, pbx, chosen, today),
        **_answer(request, pbx, form, transfers, today),
    }
    return render(request, "pbx/move.html", context, status=status)


def _choices(request, pbx, chosen, today):
    """Return the picker with the partner's other end users, found by name or the beginning of the code, the chosen one first."""
    query = parse_text(request.GET.get("q", ""))
    mine = annotate_active(EndUser.objects.visible_to(request.user).exclude(pk=pbx.end_user_id))
    end_users = list(mine.filter(name_matches(query, "name") | starts_with(query, "code")).order_by("name", "pk")[: CHOICES + 1])
    more, nothing, end_users = len(end_users) > CHOICES, not end_users, end_users[:CHOICES]
    if chosen and chosen not in {end_user.code for end_user in end_users}:
        end_users = [*mine.filter(code=str(chosen).replace("\x00", "")[:30]), *end_users]
    is_open = moves.move_checker(pbx, today=today)
    rows = [_row(end_user, chosen, is_usable=is_open(end_user)) for end_user in end_users]
    return {
        "attrs": {"id": "id_end_user"},
        "name": "end_user",
        "many": False,
        "required": True,
        "listed": {"rows": rows, "more": more, "nothing": nothing},
        "nothing": _("You have no other end users."),
        "searched": query,
        "url": reverse("portal:pbx_move_choices", args=[pbx.serial]),
    }


def _row(end_user, chosen, *, is_usable):
    return {
        "value": end_user.code,
        "display": end_user.name,
        "detail": end_user.code,
        "checked": end_user.code == chosen,
        "usable": is_usable,
        "reason": _("It already has a PBX with active licences (LIC-5)."),
    }


def _answer(request, pbx, form, transfers, today):
    """Return the verdict on the chosen end user (or, if none is chosen, on moving at all) and what moves with the PBX."""
    code = form["end_user"].value() or ""
    mine = EndUser.objects.visible_to(request.user)
    end_user = mine.filter(code=str(code).replace("\x00", "")[:30]).first() if code else None
    findings = moves.findings_for_move(pbx, end_user, today=today, transfers=transfers)
    known = bool(end_user or findings)
    return {
        "target": end_user,
        "moves": moves.what_moves(pbx, today=today),
        "verdict": moves.answer(findings, today=today) if known else None,
        "can_send": bool(end_user) and not any(finding.effect == "deny" for finding in findings),
    }
