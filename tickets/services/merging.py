"""Merging two tickets about the same issue: the merged one is solved, its conversation shown in the other; a merge can be undone."""

from django.db import transaction
from django.utils.translation import gettext as _

from tickets.consents import notify_ended, notify_resumed
from tickets.models import Event, Follower, Ticket, TicketLink
from tickets.services import clocks, outbox
from tickets.services.execution import hand_back
from tickets.services.lifecycle import NotNow, move, owe_email, record
from tickets.services.links import lock_both

S, Outcome, E, K = Ticket.Status, Ticket.Outcome, Ticket.Execution, Event.Kind


@transaction.atomic
def merge(number, other, *, actor, at):
    """Merge a running ticket into another running one of the same partner; its requester follows that one. Raise NotNow.

    Tickets with due charges, or whose request is being executed, cannot be merged.
    """
    ticket, target = lock_both(number, other, visible=Ticket.objects.visible_to(actor))
    _may_merge(ticket, target)
    kept = {"status": ticket.status, "waiting_for": ticket.waiting_for, "clocks": clocks.kept(ticket), "follower": None}
    if ticket.requester_id != target.requester_id:
        follower, is_new = Follower.objects.get_or_create(ticket=target, user=ticket.requester, defaults={"added_by": actor, "at": at})
        kept["follower"] = follower.pk if is_new else None
    TicketLink.objects.create(ticket=ticket, other=target, kind=TicketLink.Kind.MERGED, by=actor, at=at, data=kept)
    ticket.merged_into = target
    move(ticket, S.SOLVED, at=at, outcome=Outcome.MERGED)
    text = _("This request continues in #%(number)s, which is about the same issue.") % {"number": target.pk}
    event = record(ticket, K.LINKED, actor=actor, at=at, body=text, how="merged", other=target.pk)
    record(target, K.LINKED, actor=actor, at=at, how="merged_here", other=ticket.pk)
    _touch(target, at)
    owe_email(ticket, "progress", at=at, about=event.pk)
    notify_ended(ticket, event, at=at)
    outbox.notify_after_commit()
    return target


def _may_merge(ticket, target):
    if ticket.is_over:
        raise NotNow(_("Only a running ticket can be merged."))
    if target.is_over:
        raise NotNow(_("#%(number)s is not open. Choose an open ticket.") % {"number": target.pk})
    if ticket.execution in (E.REQUESTED, E.DONE):
        raise NotNow(_("This request has been or is being carried out, so its ticket cannot be merged."))
    if ticket.charges.filter(due_at__isnull=False).exists():
        raise NotNow(_("This ticket has due charges, so it cannot be merged."))
    if ticket.merged.exists():
        raise NotNow(_("Another ticket was merged into this one. Undo that first."))


@transaction.atomic
def unmerge(number, *, actor, at):
    """Undo a merge: restore the ticket with its clocks, and notify its partner and the parties that had agreed. Raise NotNow."""
    first = TicketLink.objects.visible_to(actor).filter(ticket=number, kind=TicketLink.Kind.MERGED).first()
    if first is None:
        raise NotNow(_("This ticket has not been merged into another one."))
    ticket, target = lock_both(number, first.other_id, visible=Ticket.objects.visible_to(actor))
    found = TicketLink.objects.filter(pk=first.pk).first()
    if found is None or ticket.merged_into_id != target.pk:
        raise NotNow(_("This ticket has not been merged into another one."))
    if ticket.status == S.CLOSED:
        raise NotNow(_("This ticket has been closed in the meantime. Write a follow-up instead."))
    ticket.merged_into = None
    _restore(ticket, found.data, at)
    if found.data.get("follower"):
        Follower.objects.filter(pk=found.data["follower"]).delete()
    found.delete()
    text = _("This request is separate from #%(number)s again.") % {"number": target.pk}
    event = record(ticket, K.LINKED, actor=actor, at=at, body=text, how="unmerged", other=target.pk)
    record(target, K.LINKED, actor=actor, at=at, how="unmerged_here", other=ticket.pk)
    _touch(target, at)
    owe_email(ticket, "progress", at=at, about=event.pk)
    if not hand_back(Ticket.objects.filter(pk=ticket.pk), at=at):  # it may have been overtaken while it was merged
        notify_resumed(ticket, at=at)
    outbox.notify_after_commit()
    return ticket


def _restore(ticket, kept, at):
    """Restore the status by way of open, as for every reopened ticket; new is not reachable by the table. The clocks kept running."""
    move(ticket, S.OPEN, at=at, waiting_for=kept["waiting_for"])
    if kept["status"] == S.NEW:
        ticket.status = S.NEW
    elif kept["status"] != S.OPEN:
        move(ticket, kept["status"], at=at, waiting_for=kept["waiting_for"])
    clocks.put_back(ticket, kept.get("clocks", {}), at=at)  # merges by earlier releases did not store them
    ticket.save(update_fields=["status", *clocks.COLUMNS])


def _touch(ticket, at):
    ticket.updated_at = at
    ticket.save(update_fields=["updated_at"])
