"""The agent's ticket page: everything its template reads, with the policies evaluated once."""

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.amounts import format_amount
from desk.pages import clocks, ticket_context, ticket_data, ticket_forms, ticket_handling, ticket_parties, ticket_policy, ticket_timeline
from desk.pages.ticket_urls import urls_of
from desk.services import drafts, presence
from policies.rulebook import RULES
from tickets.fees import as_stored
from tickets.filters import TOPIC_NAMES
from tickets.models import Ticket
from tickets.pages import answers, assets, rows, timeline, tracker, verdicts
from tickets.services import execution, progress, status, unfinished_steps
from tickets.types import kind_of

S = Ticket.Status
# Defaults for names the templates read: looking up a missing name costs as much as ten that exist.
NOTHING_OF = {"rail_active": "", "q": "", "correcting": None, "macros": None, "is_history": False, "is_fewer": False, "oob": False}


def read(ticket, request, *, now, sent=None, correction=None):
    """Return the context of desk/ticket.html for a ticket from dossier.at_desk; `sent` (ticket_sent.Sent) is a failed form."""
    to, context = urls_of(ticket.pk), NOTHING_OF | head(ticket) | decisions(ticket, request.user, now)
    taken = {sent.about: sent.form} if sent and sent.act == "step" else {}
    steps = rows.open_steps(ticket, request.user, taken, today=now.date())
    allowed = status.choices(ticket, left=steps)
    context |= ticket_handling.read(ticket, request.user, allowed) | ticket_timeline.read(ticket, request)
    context |= ticket_data.read(ticket) | (ticket_data.opened(ticket, correction, now=now) if correction else {})
    context |= {
        "documents": [timeline.file_row(file) for file in ticket.attachments.all() if file.event_id is None],
        "clocks": (running := clocks.read(ticket, now=now)),
        "pressing": clocks.pressing(running),
        "standing": rows.item_states(ticket),
        "undecided": [] if ticket.is_over or context.get("form_errors") else [c for c in ticket.confirmations.all() if not c.decision],
        **rows.charge_tables(ticket),
        "stations": _checklist(ticket),
        "open_steps": steps,
        "partner": ticket.partner,
        "beside_url": to("beside"),
        "split_url": to("split"),
        "merged_into": ticket.merged_into_id,
        "unmerge_url": to("unmerge") if ticket.merged_into_id else "",
        "unfinished": (left := unfinished_steps.remaining(ticket)),
        "reopen_url": to("reopen") if left else "",
        "follow_up_url": to("follow_up") if ticket.status == S.CLOSED and not left else "",
    }
    told = {finding["rule"] for finding in (context["verdict"] or {}).get("findings", ()) if finding.get("overridden")}
    context["overrides"] = [override for override in ticket.overrides.all() if override.rule not in told]
    context |= _taking_back(ticket, request.user)
    context["fees"] = rows.price(ticket.charges.all(), is_over=ticket.is_over)
    money = context["charges"] or context["credits"]
    context["first_card"] = ticket_context.opens_first(ticket, parties=context["parties"], assets=context["asset_facts"], money=money)
    context |= ticket_forms.read(context, sent, request.user)
    if context.get("refused") and "ask" in context["forms"]:
        context["forms"]["ask"].initial["text"] = context["refused"]["question"]
    written = composer(ticket, request.user, sent, brought=context["brought"])
    return context | written | {"afterwards": _afterwards(allowed)} | live(ticket, request.user, context)


def head(ticket):
    """Return the ticket itself: number, title and badges."""
    return {
        "ticket": {
            "number": ticket.pk,
            "title": ticket.subject,
            "type_title": kind_of(ticket).title,
            "topic": TOPIC_NAMES.get(ticket.topic, ticket.topic),
            "icon": kind_of(ticket).icon,
            "status": ticket.status,
            "status_title": ticket.get_status_display(),
            "outcome": ticket.outcome,
            "reason": ticket.get_reason_display() if ticket.reason else "",
            "waiting_for": ticket.get_waiting_for_display() if ticket.waiting_for else "",
            "priority": "critical" if ticket.priority == ticket.Priority.CRITICAL else "",
            "created_at": ticket.created_at,
            "created_by": ticket.requester,
            "owner": ticket.assignee,
        },
    }


def decisions(ticket, user, now):
    """Return the policy card and the available decisions. Until it is executed, the ticket is evaluated again as of now."""
    to, context = urls_of(ticket.pk), {"policy_url": verdicts.policy_url(user)}
    context["executing_url"] = to("progress") if ticket.execution == Ticket.Execution.REQUESTED else ""
    form, asked, verdict = execution.judge_again(ticket, at=now)
    verdict = as_stored(verdict, ticket.charges.all())
    there = answers.with_missing_assets(ticket, asked)
    context["asset_facts"], context["more_assets"] = assets.facts(there, today=now.date())
    context["answers"] = answers.read(ticket, answers.titles_from_answers(ticket, there), ticket.landmarks)
    context |= ticket_parties.read(ticket, asked, verdict, now=now)
    known = [ticket.partner, *(charge.payer for charge in ticket.charges.all())]
    if not ticket.may_execute:
        past = ticket.execution_verdict or ticket.verdict
        return context | {"verdict": verdicts.shown(past, kind=kind_of(ticket), known=known, at=ticket.created_at), "is_history": True}
    standing = sorted({f.rule for f in verdict.findings if f.may_be_overridden})
    rules = [(rule, f"{rule} – {RULES[rule].title}") for rule in standing]
    return context | {
        "verdict": verdicts.shown(verdict, kind=kind_of(ticket), known=known, at=ticket.created_at),
        "form_errors": [str(e) for errors in form.errors.values() for e in errors],
        "changes_since": [] if ticket.confirmations.all() else ticket_policy.new_obstacles(ticket.verdict, verdict),
        "differences": ticket_policy.differences(ticket.verdict, verdict.as_json()),
        "is_corrected": any(event.corrections for event in ticket.landmarks),
        "recheck_url": to("recheck"),
        "execute_url": to("execute") if kind_of(ticket).executes else "",
        "answer_url": "" if kind_of(ticket).executes else to("answer"),
        "execute_label": kind_of(ticket).action,
        "can_execute": not verdict.blocking and not form.errors,
        "awaits_parties": all(f.needs == "consent" for f in verdict.blocking),
        "is_final": any(f.final and f.needs != "consent" for f in verdict.blocking),
        "reject_url": to("reject"),
        "ask_url": to("ask"),
        "override_url": to("override") if user.may_override and standing else "",
        "override_rules": rules,
    }


def _taking_back(ticket, user):
    """Return the charges that a team lead can reverse."""
    charges = progress.reversible(ticket.charges.all()) if user.may_override else ()
    if not charges:
        return {"take_back_url": ""}
    said = _("%(title)s: %(amount)s, paid by %(payer)s")
    values = [(c.fee, {"title": c.title, "amount": format_amount(c.amount, c.currency), "payer": c.payer.name}) for c in charges]
    choices = [(fee, said % words) for fee, words in values]
    return {"take_back_url": urls_of(ticket.pk)("take_back"), "take_back_choices": choices}


def _checklist(ticket):
    """Return the type's progress steps, each with when and by whom it was reached."""
    reached = {(event.kind, event.data.get("step") or ""): event for event in ticket.landmarks if event.kind in tracker.STATIONS}
    found = tracker.stations(ticket, [(kind, step, event.at) for (kind, step), event in reached.items()], for_staff=True)
    stations = [station | {"who": ""} for station in found]
    for station, milestone in zip(stations, kind_of(ticket).track(ticket), strict=False):
        event = reached.get((milestone.kind, milestone.step))
        station["who"] = str(event.actor) if event and event.actor and station["state"] == "done" else ""
    return stations


def composer(ticket, user, sent, *, brought):
    """Return the draft, or the failed submission `sent`, and replies about to go out; drafts are queried only if ticket.has_draft.

    Text that was `brought` over from another form (ticket_sent.Sent) comes first, and is saved with the draft when the page loads.
    """
    errors, text = (sent.form.errors["text"], sent.form["text"].value()) if sent and sent.act == "reply" else ((), "")
    kept, sending = drafts.on_ticket(ticket.pk, user) if ticket.has_draft else (None, [])
    can_reply = ticket.status != S.CLOSED and not ticket.merged_into_id
    kind = kept.kind if kept and can_reply else "reply" if can_reply else "note"
    if brought and brought.words:
        errors, kind = brought.errors, "note" if brought.is_internal else kind
        text = "\n\n".join(filter(None, (brought.words, kept and kept.text)))
    to = urls_of(ticket.pk)
    urls = {f"{name}_url": to(name) for name in ("reply", "draft", "unsend", "detach")}
    return urls | {
        "can_reply": can_reply,
        "reply_to": "" if ticket.requester.is_care else ticket.requester.email,
        "has_lost_its_requester": ticket.has_lost_its_requester,
        "errors": errors,
        "draft": text or (kept.text if kept else ""),
        "draft_kind": kind,
        "is_brought": bool(brought and brought.words),
        "draft_status": kept.set_status if kept else "",
        "draft_saved_at": kept.saved_at if kept else None,
        "draft_files": kept.names if kept else [],
        "sending": [(one, S(one.set_status).label.lower() if one.set_status else "") for one in sending],
        "canned_url": reverse("desk:canned"),
        "articles_url": reverse("desk:articles"),
        "people_url": reverse("desk:people"),
    }


def _afterwards(allowed):
    """Return the statuses a reply can set, of those allowed now, with labels."""
    return [(to.value, _("and set to %(status)s") % {"status": to.label.lower()}) for to in allowed if to in drafts.AFTERWARDS]


def live(ticket, user, context):
    """Return the other viewers and the parameters of the next poll."""
    viewers = presence.look(ticket.pk, user)
    return {
        "viewers": viewers,
        "live_url": urls_of(ticket.pk)("live"),
        "here": here(viewers),
        "live_tab": context["tab"],
        "last_event": context["last_event"],
    }


def here(viewers):
    """Return the viewers as a short token, by which the next poll detects changes."""
    return ".".join(f"{viewer['id']}{'t' if viewer['typing'] else ''}" for viewer in viewers)
