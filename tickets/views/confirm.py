"""The page behind a party's link: shows what would change and what it costs; the party agrees or declines with a POST."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tickets.consents import titled
from tickets.forms import DecisionForm
from tickets.models import Confirmation
from tickets.pages import answers
from tickets.services import consents
from tickets.services.execution import judge_again
from tickets.services.lifecycle import NotNow
from tickets.types import kind_of

DECISIONS = {"agree": Confirmation.Decision.AGREED, "decline": Confirmation.Decision.DECLINED}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request, token):
    """Show the request on GET, record the decision on POST; HEAD lets e-mail scanners test the link.

    Unknown, used and withdrawn links all get the same page with status 404, but repeating the same decision is thanked again.

    A link whose subject has moved to another partner in the meantime gets it too: there is nothing left to agree to. An expired link
    offers a new one, sent to the address it came from, which is not shown.
    """
    now, form = timezone.now(), DecisionForm(request.POST or None)
    confirmation = consents.by_token(token)
    bound, asked = judge_again(confirmation.ticket, at=now)[:2] if confirmation else (None, None)
    if confirmation is None or bound.errors:
        return _over(request, token, form)
    if confirmation.expires_at <= now:
        return _expired(request, confirmation, now)
    decision = DECISIONS.get(request.POST.get("decision", ""))
    if form.is_valid() and decision:
        try:
            consents.decide(confirmation, decision, name=form.cleaned_data["name"], reason=form.cleaned_data["reason"], at=now)
        except NotNow:
            return _over(request, token, form)
        return _thanks(request.POST["decision"])
    return render(request, "tickets/confirm.html", _context(confirmation, form, asked), status=400 if request.method == "POST" else 200)


def _over(request, token, form):
    decision = DECISIONS.get(request.POST.get("decision", ""))
    if decision and form.is_valid() and consents.is_decided(token, decision, name=form.cleaned_data["name"]):
        return _thanks(request.POST["decision"])
    return render(request, "tickets/confirm_invalid.html", status=404)


def _thanks(decision):
    return redirect(f"{reverse('confirmed')}?decision={decision}")


def _expired(request, confirmation, now):
    if "renew" not in request.POST:
        return render(request, "tickets/confirm_invalid.html", {"expired": True}, status=404)
    try:
        consents.renew(confirmation, at=now)
    except NotNow:
        return render(request, "tickets/confirm_invalid.html", status=404)
    return _thanks("renew")


@require_safe
def confirmed(request):
    """Thank the party after a decision, without saying which request it was."""
    return render(request, "tickets/confirmed.html", {"decision": request.GET.get("decision", "")})


def _context(confirmation, form, asked):
    ticket = confirmation.ticket
    changes = [{"label": str(what), "new": count} for what, count in kind_of(ticket).changes(asked)]
    owner = [{"label": _("belongs to"), "old": ticket.partner.name, "new": asked["new_partner"].name}]
    charges = ticket.charges.select_related("payer").filter(payer=confirmation.partner) if confirmation.partner_id else []
    return {
        "form": form,
        "confirmation": {
            "asker": ticket.partner.name,
            "party": confirmation.name,
            "title": titled(ticket, asked["new_partner"].name),
            "expires_at": confirmation.expires_at,
        },
        "changes": owner + changes,
        "answers": answers.read(ticket, answers.titles_from_database(ticket)),
        "charges": charges,
    }
