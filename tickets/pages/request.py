"""The partner's page of one request, portal/request.html."""

from django.urls import reverse
from django.utils.translation import gettext as _

from tickets.consents import names_of
from tickets.models import Confirmation, Ticket
from tickets.pages import answers, related, rows, satisfaction, timeline, tracker, verdicts
from tickets.types import kind_of

FILES = 20  # shown at first, the newest: a ticket may have hundreds, and few readers ask for all (docs/decisions/0371)


def read(ticket, user, *, now, since=0, all_files=False, message_form=None, step_forms=None, rating=None):
    """Return the template's context for a whole ticket (services.dossier) as `user` sees it at `now`, with events from `since` on.

    The forms given are shown again with their input and errors.
    """
    kind, number = kind_of(ticket), ticket.pk
    files = [file for file in ticket.attachments.all() if not file.is_internal]
    is_closed, declined = ticket.status == Ticket.Status.CLOSED, _declined(ticket)
    return {
        "ticket": _head(ticket),
        "declined": declined,
        "steps": tracker.stations(ticket),
        "next": tracker.next_in_words(ticket),
        "expected": kind.waits if ticket.may_execute and not ticket.waiting_for and not declined else "",
        "first_answer_by": ticket.first_due_at if ticket.due_at and not ticket.first_answered_at else None,
        "answers": answers.read(ticket, answers.titles_from_database(ticket), ticket.events.all()),
        "standing": rows.item_states(ticket),
        "parties": rows.parties(
            ticket, now=now, for_staff=False, overtaken=any("overtaken" in event.data for event in ticket.events.all())
        ),
        **rows.charge_tables(ticket, viewer=ticket.partner),
        **timeline.read(ticket, user=user, since=since),
        "page_url": reverse("portal:request", args=[number]),
        "news_url": "" if is_closed else reverse("portal:news", args=[number]),
        "last_event": max((event.pk for event in ticket.events.all()), default=0),
        "verdict": verdicts.shown(ticket.verdict, kind=kind, viewer_partner=ticket.partner, asked=names_of(ticket), at=ticket.created_at),
        "reply_url": "" if is_closed or ticket.merged_into_id else reverse("portal:reply", args=[number]),
        "withdraw_url": reverse("portal:withdraw", args=[number]) if ticket.may_execute else "",
        "documents": [timeline.file_row(file) for file in (files if all_files else files[-FILES:])],
        "documents_in_all": len(files) if len(files) > FILES else 0,
        "all_files": all_files,
        "open_steps": rows.open_steps(ticket, user, step_forms or {}, today=now.date()),
        "opinion": satisfaction.read(ticket, rating, user=user, today=now.date()),
        "errors": message_form.errors.get("text", []) if message_form else [],
        "draft": message_form.data.get("text", "") if message_form else "",
        **related.read(ticket, user),
    }


def _declined(ticket):
    """Return the message to the partner if a third party, such as the carrier, declined what was requested; else "".

    While a transfer is still open, say which party has declined it.
    """
    refusing = [one.name for one in ticket.confirmations.all() if one.decision == Confirmation.Decision.DECLINED]
    if refusing and not ticket.is_over:
        text = _("%(name)s has declined, so the move cannot go ahead as requested. The care team will write to you about the next steps.")
        return text % {"name": refusing[0]}
    if ticket.outcome != Ticket.Outcome.DECLINED:
        return ""
    return next((event.body for event in reversed(list(ticket.events.all())) if event.data.get("declined")), "")


def _head(ticket):
    return {
        "number": ticket.pk,
        "title": ticket.subject,
        "type_title": kind_of(ticket).title,
        "status": ticket.status,
        "outcome": ticket.outcome,
        "created_at": ticket.created_at,
        "created_by": ticket.requester,
        "reason": ticket.get_reason_display() if ticket.reason not in ("", ticket.Reason.OTHER) else "",
    }
