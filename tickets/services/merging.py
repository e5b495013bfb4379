"""Two tickets about one thing become one: the merged one rests, its conversation is read in the other; and it can be undone."""

from django.db import transaction
from django.utils.translation import gettext as _

from tickets.consents import tell_that_it_goes_on, tell_that_it_is_over
from tickets.models import Event, Follower, Ticket, TicketLink
from tickets.services import clocks, delivery
from tickets.services.execution import hand_back
from tickets.services.lifecycle import NotNow, move, record, tell
from tickets.services.links import lock_both

S, Outcome, E, K = Ticket.Status, Ticket.Outcome, Ticket.Execution, Event.Kind


@transaction.atomic
def merge(number, other, *, actor, at):
    """Merge a running ticket into another one, which is open and of the same partner; its requester follows that one. Raises NotNow.

    What costs something, or is being carried out, stays a ticket of its own.
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
    text = _("This request goes on in #%(number)s, which is about the same.") % {"number": target.pk}
    event = record(ticket, K.LINKED, actor=actor, at=at, body=text, how="merged", other=target.pk)
    record(target, K.LINKED, actor=actor, at=at, how="merged_here", other=ticket.pk)
    _touch(target, at)
    tell(ticket, "progress", at=at, about=event.pk)
    tell_that_it_is_over(ticket, event, at=at)
    delivery.nudge()
    return target


def _may_merge(ticket, target):
    if ticket.is_over or ticket.merged_into_id:
        raise NotNow(_("Only a running ticket can be merged."))
    if target.is_over or target.merged_into_id:
        raise NotNow(_("#%(number)s is not open: choose a ticket that is.") % {"number": target.pk})
    if ticket.execution in (E.REQUESTED, E.DONE):
        raise NotNow(_("This request is carried out, or about to be: it stays a ticket of its own."))
    if ticket.charges.filter(due_at__isnull=False).exists():
        raise NotNow(_("Something is due on this ticket: it stays one of its own."))
    if ticket.merged.exists():
        raise NotNow(_("Another ticket was merged into this one. Undo that first."))


@transaction.atomic
def unmerge(number, *, actor, at):
    """Undo a merge: the ticket is what it was, its clocks included; its partner and who had agreed are told. Raises NotNow."""
    first = TicketLink.objects.visible_to(actor).filter(ticket=number, kind=TicketLink.Kind.MERGED).first()
    if first is None:
        raise NotNow(_("This ticket is merged into no other."))
    ticket, target = lock_both(number, first.other_id, visible=Ticket.objects.visible_to(actor))
    found = TicketLink.objects.filter(pk=first.pk).first()
    if found is None or ticket.merged_into_id != target.pk:
        raise NotNow(_("This ticket is merged into no other."))
    if ticket.status == S.CLOSED:
        raise NotNow(_("This ticket has been closed since. Write a follow-up instead."))
    ticket.merged_into = None
    _restore(ticket, found.data, at)
    if found.data.get("follower"):
        Follower.objects.filter(pk=found.data["follower"]).delete()
    found.delete()
    text = _("This request goes on by itself again, apart from #%(number)s.") % {"number": target.pk}
    event = record(ticket, K.LINKED, actor=actor, at=at, body=text, how="unmerged", other=target.pk)
    record(target, K.LINKED, actor=actor, at=at, how="unmerged_here", other=ticket.pk)
    _touch(target, at)
    tell(ticket, "progress", at=at, about=event.pk)
    if not hand_back(Ticket.objects.filter(pk=ticket.pk), at=at):  # it may have been overtaken while it rested
        tell_that_it_goes_on(ticket, at=at)
    delivery.nudge()
    return ticket


def _restore(ticket, kept, at):
    """By way of open, as every ticket that goes on; only to new there is no way in the table. A merge was no answer: the clocks go on."""
    move(ticket, S.OPEN, at=at, waiting_for=kept["waiting_for"] if kept["status"] in (S.OPEN, S.NEW) else "")
    if kept["status"] == S.NEW:
        ticket.status = S.NEW
    elif kept["status"] != S.OPEN:
        move(ticket, kept["status"], at=at, waiting_for=kept["waiting_for"])
    clocks.put_back(ticket, kept.get("clocks", {}), at=at)  # not kept by merges of former releases
    ticket.save(update_fields=["status", *clocks.COLUMNS])


def _touch(ticket, at):
    ticket.updated_at = at
    ticket.save(update_fields=["updated_at"])
