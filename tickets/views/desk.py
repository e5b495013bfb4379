"""The care team's pages: the queue and a ticket."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from billing.models import LedgerEntry
from partners.gates import care_required
from partners.models import Partner
from partners.paging import keyset
from tickets.filters import TYPE_CHOICES, DeskTicketFilter, chip, view_condition
from tickets.forms import HandlingForm
from tickets.models import Ticket
from tickets.pages import answers, assets, rail, rows, timeline, tracker, verdicts
from tickets.services import execution
from tickets.types import kind_of
from tickets.views.portal import topics


@require_GET
@care_required
def queue(request):
    """The tickets of one standing view, narrowed and searched."""
    view = request.GET.get("view", "open")
    found = DeskTicketFilter(request.GET, queryset=Ticket.objects.visible_to(request.user), request=request)
    tickets = found.qs if "view" in request.GET or request.GET.get("q") else found.qs.filter(view_condition("open", request.user))
    page = keyset(tickets.select_related("partner", "assignee").prefetch_related("charges"), ("-updated_at", "-number"), request)
    titles = {key: label for key, label, _icon in rail.VIEWS}
    context = {
        "title": titles.get(view, _("Tickets")) if not request.GET.get("q") else _("Search"),
        "queue_views": rail.views(request.user, active="" if request.GET.get("q") else view),
        "tickets": rows.desk_rows(page.rows),
        "filters": [chip(request, _("Every type"), type=None), *(chip(request, label, type=code) for code, label in TYPE_CHOICES)],
        "q": request.GET.get("q", ""),
        "newer_url": page.newer_url,
        "older_url": page.older_url,
    }
    return render(request, "desk/queue.html", context)


@require_GET
@care_required
def new(request):
    """Choose the partner, then the type: an agent files on a partner's behalf."""
    code = request.GET.get("partner", "").replace("\x00", "").strip()[:100]
    partners = Partner.objects.visible_to(request.user)
    partner = partners.filter(code__iexact=code).first()
    found = [] if partner or not code else list(partners.filter(name__istartswith=code)[:20])
    context = {"queue_views": rail.views(request.user), "asked": code, "partner": partner, "partners": found}
    if partner:
        context["topics"] = topics(partner, timezone.now().date(), query=f"?partner={partner.code}")
    return render(request, "desk/new.html", context)


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


def shown(request, number, *, errors=(), draft="", step_forms=None, status=200):
    """The ticket's page; `errors`, `draft` and `step_forms` bring back what could not be done as it was typed."""
    rows_ = Ticket.objects.visible_to(request.user).select_related("partner", "requester", "assignee").prefetch_related("confirmations")
    ticket = get_object_or_404(rows_, pk=number)
    now = timezone.now()
    context = _head(request, ticket) | _decisions(request, ticket, now) | _steps(request, ticket, step_forms or {})
    context |= {
        "queue_views": rail.views(request.user),
        "answers": answers.read(ticket),
        "parties": rows.parties(ticket, now=now, for_staff=True),
        "letter_parties": [] if ticket.is_over else [c for c in ticket.confirmations.all() if not c.decision],
        **rows.money(ticket),
        "events": timeline.read(ticket, user=request.user),
        "stations": tracker.stations(ticket),
        "reply_url": reverse("desk:reply", args=[number]),
        "reply_to": ticket.requester.email,
        "errors": errors,
        "draft": draft,
        "partner": _partner(ticket),
        "similar": [
            {"number": t.pk, "url": reverse("desk:ticket", args=[t.pk]), "title": t.subject, "status": t.status, "outcome": t.outcome}
            for t in Ticket.objects.filter(partner=ticket.partner_id).exclude(pk=ticket.pk).order_by("-updated_at", "-number")[:5]
        ],
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
        "overrides": ticket.overrides.select_related("by"),
        "judged_then": verdicts.shown(ticket.verdict, kind=kind_of(ticket)),
    }
    context["executing_url"] = reverse("desk:progress", args=[ticket.pk]) if ticket.execution == Ticket.Execution.REQUESTED else ""
    if not ticket.may_execute:
        return context | {"verdict": verdicts.shown(ticket.execution_verdict or ticket.verdict, kind=kind_of(ticket)), "is_history": True}
    form, asked, verdict = execution.judge_again(ticket, today=now.date())
    standing = sorted({f.rule for f in verdict.findings if f.may_be_overridden})
    then = {f["message"] for f in ticket.verdict["findings"]}
    changes = [] if ticket.confirmations.exists() else [f.message for f in verdict.blocking if str(f.message) not in then]
    return context | {
        "verdict": verdicts.shown(verdict, kind=kind_of(ticket)),
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
        "asset_facts": assets.facts(asked),
    }


def _steps(request, ticket, forms):
    steps = execution.open_steps(ticket, user=request.user)
    context = {
        "open_steps": [
            {"step": s, "form": forms.get(s.code) or s.form(), "url": reverse("desk:step", args=[ticket.pk, s.code])} for s in steps
        ]
    }
    if not ticket.may_execute:
        _form, asked, _verdict = execution.judge_again(ticket, today=timezone.now().date())
        context["asset_facts"] = assets.facts(asked)
    return context


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
