"""An agent's page of one ticket: all that is needed to decide it, judged once as things stand."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from billing.models import LedgerEntry
from desk.pages import clocks
from partners.gates import care_required
from tickets.forms import HandlingForm
from tickets.models import Ticket
from tickets.pages import answers, assets, rows, timeline, tracker, verdicts
from tickets.services import dossier, execution
from tickets.types import kind_of

SIMILAR = 5


@require_GET
@care_required
def ticket_page(request, number):
    """One ticket with all that is needed to decide it."""
    return shown(request, number)


@require_GET
@care_required
def progress(request, number):
    """Polled while a worker executes: nothing new is 204, and when it is over the page loads itself again."""
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=number)
    if ticket.execution == Ticket.Execution.REQUESTED:
        return HttpResponse(status=204)
    return HttpResponse(status=200, headers={"HX-Refresh": "true"})


@require_GET
@care_required
def beside(request, number):
    """What stands beside the ticket and is fetched after it: the partner's balance and people, its other tickets."""
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user).select_related("partner"), pk=number)
    others = Ticket.objects.visible_to(request.user).filter(partner=ticket.partner_id).exclude(pk=number)
    similar = [
        {"number": t.pk, "url": reverse("desk:ticket", args=[t.pk]), "title": t.subject, "status": t.status, "outcome": t.outcome}
        for t in others.defer("answers", "verdict", "search").order_by("-updated_at", "-number")[:SIMILAR]
    ]
    return render(request, "desk/_beside.html", {"partner": _partner(ticket), "similar": similar})


def shown(request, number, *, errors=(), draft="", step_forms=None, status=200):
    """The ticket's page; `errors`, `draft` and `step_forms` bring back what could not be done as it was typed."""
    ticket = dossier.whole(Ticket.objects.visible_to(request.user), number, for_staff=True)
    if ticket is None:
        raise Http404
    now = timezone.now()
    context = _head(request, ticket) | _decisions(request, ticket, now) | _steps(request, ticket, step_forms or {})
    context |= {
        "answers": answers.read(ticket),
        "clocks": clocks.read(ticket, now=now),
        "standing": rows.standing(ticket),
        "parties": rows.parties(ticket, now=now, for_staff=True),
        "letter_parties": [] if ticket.is_over else [c for c in ticket.confirmations.all() if not c.decision],
        **rows.money(ticket),
        "events": timeline.read(ticket, user=request.user),
        "stations": tracker.stations(ticket),
        "reply_url": reverse("desk:reply", args=[number]),
        "reply_to": ticket.requester.email,
        "errors": errors,
        "draft": draft,
        "partner": ticket.partner,
        "beside_url": reverse("desk:beside", args=[number]),
    }
    return render(request, "desk/ticket.html", context, status=status)


def _head(request, ticket):
    form = HandlingForm(initial={"assignee": ticket.assignee_id, "priority": ticket.priority})
    return {
        "ticket": {
            "number": ticket.pk,
            "title": ticket.subject,
            "type_title": kind_of(ticket).title,
            "topic": ticket.topic,
            "icon": kind_of(ticket).icon,
            "status": ticket.status,
            "outcome": ticket.outcome,
            "reason": ticket.get_reason_display() if ticket.reason else "",
            "waiting_for": ticket.get_waiting_for_display() if ticket.waiting_for else "",
            "priority": "critical" if ticket.priority == ticket.Priority.CRITICAL else "",
            "created_at": ticket.created_at,
            "created_by": ticket.requester,
        },
        "meta_form": form,
        "meta_url": reverse("desk:handling", args=[ticket.pk]),
        "is_mine": ticket.assignee_id == request.user.pk,
        "take_url": reverse("desk:take", args=[ticket.pk]),
    }


def _decisions(request, ticket, now):
    """The policy card and what can be decided. While nothing is executed the ticket is judged again as things stand."""
    context = {
        "policy_url": reverse("admin:policies_policyvalue_changelist") if request.user.is_staff else "",
        "overrides": ticket.overrides.all(),
    }
    context["executing_url"] = reverse("desk:progress", args=[ticket.pk]) if ticket.execution == Ticket.Execution.REQUESTED else ""
    form, asked, verdict = execution.judge_again(ticket, at=now)
    context["asset_facts"] = assets.facts(asked)
    known = [ticket.partner, *(charge.payer for charge in ticket.charges.all())]
    if not ticket.may_execute:
        return context | {
            "verdict": verdicts.shown(ticket.execution_verdict or ticket.verdict, kind=kind_of(ticket), known=known),
            "is_history": True,
        }
    standing = sorted({f.rule for f in verdict.findings if f.may_be_overridden})
    then = {f["message"] for f in ticket.verdict["findings"]}
    changes = [] if ticket.confirmations.all() else [f.message for f in verdict.blocking if str(f.message) not in then]
    return context | {
        "verdict": verdicts.shown(verdict, kind=kind_of(ticket), known=known),
        "form_errors": [str(e) for errors in form.errors.values() for e in errors],
        "changes_since": changes,
        "execute_url": reverse("desk:execute", args=[ticket.pk]) if kind_of(ticket).executes else "",
        "answer_url": "" if kind_of(ticket).executes else reverse("desk:answer", args=[ticket.pk]),
        "execute_label": kind_of(ticket).action,
        "can_execute": not verdict.blocking and not form.errors,
        "reject_url": reverse("desk:reject", args=[ticket.pk]),
        "reasons": Ticket.Reason.choices,
        "ask_url": reverse("desk:ask", args=[ticket.pk]),
        "override_url": reverse("desk:override", args=[ticket.pk]) if request.user.may_override and standing else "",
        "override_rules": standing,
    }


def _steps(request, ticket, forms):
    steps = execution.open_steps(ticket, user=request.user)
    return {
        "open_steps": [
            {"step": s, "form": forms.get(s.code) or s.form(), "url": reverse("desk:step", args=[ticket.pk, s.code])} for s in steps
        ]
    }


def _partner(ticket):
    partner = ticket.partner
    balance = LedgerEntry.objects.of_partner(partner).balance()
    facts = [
        {"label": _("Code"), "value": partner.code},
        {"label": _("Region"), "value": partner.get_region_display()},
        {"label": _("Country"), "value": partner.country},
        {"label": _("Balance"), "value": f"{balance:.2f} {partner.currency}"},
        {"label": _("Time zone"), "value": partner.timezone},
    ]
    contacts = [
        {"name": c.full_name, "email": c.email, "label": c.get_label_display(), "initials": timeline.initials(c)}
        for c in partner.contacts.filter(is_active=True).order_by("label", "full_name")[:5]
    ]
    return {"name": partner.name, "url": f"{reverse('desk:queue')}?view=all&partner={partner.code}", "facts": facts, "contacts": contacts}
