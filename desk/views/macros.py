"""Macros: list, create, edit, deactivate, and apply to a ticket."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from desk.forms import MacroForm
from desk.models import Macro
from desk.pages import texts
from desk.services import macros as service
from desk.services import traits
from partners.gates import care_required
from tickets.models import Ticket
from tickets.services.lifecycle import NotNow
from web.seen_form import held
from web.user_input import parse_number


@require_safe
@care_required
def macros(request):
    """List shared macros and the agent's own."""
    context = {"macros": texts.macros(request.user), "rail_active": "macros"}
    return render(request, "desk/macros.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@care_required
def macro(request, pk=None):
    """Create or edit a macro."""
    return edited(request, MacroForm, owned(Macro, pk, request.user), "desk/macro.html", "desk:macros")


@require_POST
@care_required
def macro_retire(request, pk):
    """Deactivate or reactivate a macro."""
    return retired(request, owned(Macro, pk, request.user), "desk:macros")


@require_http_methods(["GET", "HEAD", "POST"])
@care_required
def apply(request, number):
    """On GET, render the ticket page's macros. On POST, apply `macro` to the ticket, all or nothing, or undo the job `undo`."""
    get_object_or_404(Ticket.objects.visible_to(request.user), pk=number)
    now = timezone.now()
    if request.method != "POST":
        return render(request, "desk/_macros.html", texts.macros_of(number, request.user, at=now))
    try:
        if "undo" in request.POST:
            _say_left(request, service.undo(parse_number(request.POST["undo"]) or 0, number, by=request.user, at=now))
        else:
            macro = get_object_or_404(Macro.objects.offered_to(request.user), pk=parse_number(request.POST.get("macro", "")))
            service.apply(macro, number, by=request.user, at=now)
            messages.success(request, _("“%(title)s” applied.") % {"title": macro.title})
    except NotNow as refused:
        messages.error(request, str(refused))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("desk:ticket", number)


def owned(model, pk, user):
    """Return the macro or canned answer, a new one if `pk` is None. Raise Http404 if the agent may not edit it."""
    thing = get_object_or_404(model.objects.visible_to(user), pk=pk) if pk else model(owner=user)
    if not thing.may_be_changed_by(user):
        raise Http404
    return thing


def edited(request, form_class, thing, template, done):
    """Show or save the form of a macro or canned answer, or show it again with another row."""
    with held(request, thing):
        form = form_class(request.POST or None, instance=thing, user=request.user)
        if "more" in request.POST:
            form = form_class(instance=thing, user=request.user, initial=form.as_typed())
        elif form.is_valid():
            form.save()
            messages.success(request, _("“%(title)s” saved.") % {"title": thing.title})
            return redirect(done)
    context = {"form": form, "thing": thing if thing.pk else None, "rail_active": "macros", **texts.variables()}
    return render(request, template, context, status=400 if form.errors else 200)


def retired(request, thing, done):
    """Deactivate or reactivate a macro or canned answer."""
    thing.is_active = request.POST.get("offer") == "1"
    thing.save(update_fields=["is_active"])
    said = _("“%(title)s” is active again.") if thing.is_active else _("“%(title)s” is now inactive.")
    messages.success(request, said % {"title": thing.title})
    return redirect(done)


def _say_left(request, left):
    if left:
        kept = ", ".join(map(traits.label, left))
        messages.warning(request, _("Undone, except for what has changed since: %(what)s.") % {"what": kept})
    else:
        messages.success(request, _("Undone."))
