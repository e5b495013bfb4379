"""The parties' decisions: by a single-use link, or by a signed letter that an agent attaches (ORG-1)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from partners.users import digest_of
from tickets.consents import address_of, ask, has_left, is_owed, why_not_at
from tickets.models import Confirmation, Event, Ticket
from tickets.services import delivery
from tickets.services.attaching import attach_all
from tickets.services.lifecycle import NotNow, lock, move, record

Decision = Confirmation.Decision


def by_token(token):
    """The undecided confirmation that this link is about, expired or not, or None: unknown, used and pointless links look alike.

    So does that of a contact whose access has ended since it was mailed.
    """
    confirmation = (
        Confirmation.objects.select_related("ticket__partner", "ticket__requester", "partner").filter(digest=digest_of(token)).first()
    )
    if confirmation is None or confirmation.decision or confirmation.ticket.is_over or has_left(confirmation):
        return None
    return confirmation


def asked_of(user):
    """What the company of a contact is asked to agree to and has not answered, the next to expire first: its links went by mail."""
    waits = {"ticket__status": Ticket.Status.ON_HOLD, "ticket__waiting_for": Ticket.WaitingFor.PARTIES}
    undecided = Confirmation.objects.filter(partner=user.partner_id, decision="", **waits).exclude(email="")
    return undecided.select_related("ticket__partner").order_by("expires_at", "pk")


def is_decided(token, decision, *, name):
    """Whether by this link just this has been decided by somebody of this name: its form is sent once more, for the answer was lost."""
    return Confirmation.objects.filter(digest=digest_of(token), decision=decision, decided_by=name).exists()


@transaction.atomic
def renew(confirmation, *, at):
    """A party has its link, which has expired, mailed anew, to where the first one went. Asked twice, it is one mail. Raises NotNow."""
    ticket, fresh = _undecided(confirmation.ticket_id, confirmation.party, read=confirmation)
    if is_owed(fresh):
        return
    ask(fresh, at=at)
    record(ticket, Event.Kind.CONFIRMATION, at=at, internal=True, party=fresh.party, decision="", name=fresh.name, by_party=True)
    delivery.nudge()


@transaction.atomic
def decide(confirmation, decision, *, name, reason="", at, letter=None, recorded_by=None):
    """Keep a party's decision, once and for all; the last agreement puts the ticket back to the care team.

    Raises NotNow when there is a decision already, the link was sent again meanwhile, or the ticket is over.
    """
    ticket, fresh = _undecided(confirmation.ticket_id, confirmation.party, read=confirmation)
    fresh.decision, fresh.decided_at, fresh.decided_by, fresh.reason = decision, at, name, reason
    fresh.letter, fresh.recorded_by = letter, recorded_by
    if letter:
        fresh.digest = None  # by the link nothing was decided
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
    delivery.nudge()
    return fresh


@transaction.atomic
def by_letter(number, party, letter, *, name, actor, at):
    """An agent attaches the signed letter of a party as its agreement. Raises NotNow, ValidationError, DoesNotExist."""
    ticket = lock(number)
    confirmation = ticket.confirmations.get(party=party)
    [kept] = attach_all(ticket, [letter], by=actor, at=at, internal=True)
    return decide(confirmation, Decision.AGREED, name=name, at=at, letter=kept, recorded_by=actor)


@transaction.atomic
def send_again(number, party, *, actor, at):
    """Mail the party a fresh link, its company if who was asked has left; the earlier one stops working. Raises NotNow."""
    ticket, confirmation = _undecided(number, party)
    if has_left(confirmation):
        confirmation.email = address_of(confirmation.partner)
        confirmation.save(update_fields=["email"])
    if not confirmation.email:
        raise NotNow(_("We know no e-mail address of this party: attach its signed letter instead."))
    ask(confirmation, at=at)
    record(ticket, Event.Kind.CONFIRMATION, actor=actor, at=at, internal=True, party=party, decision="", name=confirmation.name)
    delivery.nudge()


@transaction.atomic
def stop(number, party, *, email="", actor, at):
    """A party's link opens nothing from now on; one is mailed to another address, if that is given. Raises NotNow, ValidationError.

    A mail that is still owed to where it was asked before is not sent (see mails). Decision 0302.
    """
    ticket, confirmation = _undecided(number, party)
    former = confirmation.email
    why = why_not_at(confirmation, email) if former or email else _("This party has no link: name an address, or attach its signed letter.")
    if why:
        raise ValidationError({"email": why})
    confirmation.email, confirmation.digest, confirmation.expires_at, confirmation.sent_at = email, None, None, None
    confirmation.save(update_fields=["email", "digest", "expires_at", "sent_at"])
    if email:
        ask(confirmation, at=at)
    told = {"party": party, "decision": "", "name": confirmation.name, "stopped": former, "asked_at": email}
    record(ticket, Event.Kind.CONFIRMATION, actor=actor, at=at, internal=True, **told)
    delivery.nudge()


def _undecided(number, party, *, read=None):
    """The ticket and the party's Confirmation, both locked, if its link is still the one that was `read`. Raises NotNow, DoesNotExist."""
    ticket = lock(number)
    confirmation = ticket.confirmations.select_for_update(no_key=True).get(party=party)
    if confirmation.decision or ticket.is_over or (read and read.digest != confirmation.digest):
        raise NotNow(_("This has been decided already."))
    return ticket, confirmation
