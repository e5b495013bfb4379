"""The parties' decisions: by single-use link, or by a signed letter that an agent attaches (ORG-1)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from partners.users import digest_of
from tickets.consents import address_of, address_problem, has_left, is_link_pending, send_link
from tickets.models import Confirmation, Event, Ticket
from tickets.services import outbox
from tickets.services.attaching import attach_all
from tickets.services.lifecycle import NotNow, lock, move, record

Decision = Confirmation.Decision


def by_token(token):
    """Return the undecided confirmation of this link, expired or not, or None: unknown, used and obsolete links look alike.

    So does the link of a contact whose access has ended since it was e-mailed.
    """
    confirmation = (
        Confirmation.objects.select_related("ticket__partner", "ticket__requester", "partner").filter(digest=digest_of(token)).first()
    )
    if confirmation is None or confirmation.decision or confirmation.ticket.is_over or has_left(confirmation):
        return None
    return confirmation


def asked_of(user):
    """Return the undecided confirmations asked of a contact's company by e-mailed link, the next to expire first."""
    asked = awaited().filter(partner=user.partner_id).exclude(email="")
    return asked.select_related("ticket__partner").order_by("expires_at", "pk")


def awaited():
    """Return the undecided confirmations that tickets wait for."""
    waits = {"ticket__status": Ticket.Status.ON_HOLD, "ticket__waiting_for": Ticket.WaitingFor.PARTIES}
    return Confirmation.objects.filter(decision="", **waits)


def is_decided(token, decision, *, name):
    """Return whether exactly this decision was made by this link and name, as when the form is resubmitted after a lost response."""
    return Confirmation.objects.filter(digest=digest_of(token), decision=decision, decided_by=name).exists()


@transaction.atomic
def renew(confirmation, *, at):
    """E-mail a party whose link has expired a new one, to the same address. Repeated calls send one e-mail. Raise NotNow."""
    ticket, fresh = _undecided(confirmation.ticket_id, confirmation.party, read=confirmation)
    if is_link_pending(fresh):
        return
    send_link(fresh, at=at)
    record(ticket, Event.Kind.CONFIRMATION, at=at, internal=True, party=fresh.party, decision="", name=fresh.name, by_party=True)
    outbox.notify_after_commit()


@transaction.atomic
def decide(confirmation, decision, *, name, reason="", at, letter=None, recorded_by=None):
    """Record a party's final decision; the last agreement, or a party declining, returns the ticket to the care team.

    Raise NotNow if there is already a decision, a newer link was sent (which concerns no letter), or the ticket is over.
    """
    ticket, fresh = _undecided(confirmation.ticket_id, confirmation.party, read=None if letter else confirmation)
    fresh.decision, fresh.decided_at, fresh.decided_by, fresh.reason = decision, at, name, reason
    fresh.letter, fresh.recorded_by = letter, recorded_by
    if letter:
        fresh.digest = None  # the decision was not made by the link
    fresh.save()
    record(
        ticket,
        Event.Kind.CONFIRMATION,
        actor=recorded_by,
        at=at,
        body=reason,
        party=fresh.party,
        decision=decision,
        name=name,
        letter=bool(letter),
    )
    decisions = set(ticket.confirmations.values_list("decision", flat=True))
    if decisions == {Decision.AGREED}:
        move(ticket, Ticket.Status.OPEN, at=at)
        record(ticket, Event.Kind.STEP, at=at, step="consents")
    elif decision == Decision.DECLINED:
        move(ticket, Ticket.Status.OPEN, at=at)
    outbox.notify_after_commit()
    return fresh


@transaction.atomic
def by_letter(number, party, letter, *, name, actor, at):
    """Record a party's agreement by the signed letter an agent attaches. Raise NotNow, ValidationError, DoesNotExist."""
    ticket = lock(number)
    confirmation = ticket.confirmations.get(party=party)
    [kept] = attach_all(ticket, [letter], by=actor, at=at, internal=True)
    return decide(confirmation, Decision.AGREED, name=name, at=at, letter=kept, recorded_by=actor)


@transaction.atomic
def send_again(number, party, *, actor, at):
    """E-mail the party a new link, to its company if the contact has left; the previous link stops working. Raise NotNow."""
    ticket, confirmation = _undecided(number, party)
    if has_left(confirmation):
        confirmation.email = address_of(confirmation.partner)
        confirmation.save(update_fields=["email"])
    if not confirmation.email:
        raise NotNow(_("We have no e-mail address for this party. Attach its signed letter instead."))
    send_link(confirmation, at=at)
    record(ticket, Event.Kind.CONFIRMATION, actor=actor, at=at, internal=True, party=party, decision="", name=confirmation.name)
    outbox.notify_after_commit()


@transaction.atomic
def stop(number, party, *, email="", actor, at):
    """Invalidate a party's link; if another address is given, e-mail a new link there. Raise NotNow, ValidationError.

    E-mails still owed to the previous address are not sent (see mails). Decision 0302.
    """
    ticket, confirmation = _undecided(number, party)
    previous = confirmation.email
    no_link = _("This party has no link. Enter an address, or attach its signed letter.")
    why = address_problem(confirmation, email) if previous or email else no_link
    if why:
        raise ValidationError({"email": why})
    confirmation.email, confirmation.digest, confirmation.expires_at, confirmation.sent_at = email, None, None, None
    confirmation.save(update_fields=["email", "digest", "expires_at", "sent_at"])
    if email:
        send_link(confirmation, at=at)
    data = {"party": party, "decision": "", "name": confirmation.name, "stopped": previous, "asked_at": email}
    record(ticket, Event.Kind.CONFIRMATION, actor=actor, at=at, internal=True, **data)
    outbox.notify_after_commit()


def _undecided(number, party, *, read=None):
    """Return the ticket and the party's Confirmation, both locked, if the link is still the one `read`. Raise NotNow, DoesNotExist."""
    ticket = lock(number)
    confirmation = ticket.confirmations.select_for_update(no_key=True).get(party=party)
    if confirmation.decision or ticket.is_over or (read and read.digest != confirmation.digest):
        raise NotNow(_("This has already been decided."))
    return ticket, confirmation
