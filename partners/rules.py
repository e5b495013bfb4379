"""Rules about a partner's people, resellers and end users (ORG-2, ORG-3, ORG-4). Pure: facts in, findings out."""

from django.utils.translation import gettext as _

from policies.days import after
from policies.verdict import DENY, REQUIRE, Finding
from policies.wording import day_in_full

SETTLED = "confirmation.settled_period"


class NotPossible(Exception):
    """Raised when an action is refused. `findings` and the message give the reasons."""

    def __init__(self, findings):
        super().__init__(" ".join(finding.message for finding in findings))
        self.findings = findings


def require(findings):
    """Raise NotPossible if there are any findings."""
    if findings:
        raise NotPossible(findings)


def actor_has_access(actor):
    """ORG-2: a person whose access has just ended cannot make changes. `actor` is as currently stored in the database."""
    return [] if actor.is_active else [Finding("ORG-2", DENY, _("Your own access has ended."))]


def somebody_keeps_access(person, *, actor, others):
    """ORG-2: people cannot end their own access while no colleague can sign in.

    `others` is the number of other contacts who may sign in and have done so before; those who never did may not have the e-mail.
    The care team can end any access, for instance when a mailbox has been taken over.
    """
    if person.pk != actor.pk or others:
        return []
    message = _("You are the only one who can sign in for your company. Invite a colleague first, and wait until they have signed in.")
    return [Finding("ORG-2", DENY, message, subject=person.email)]


def access_has_not_ended(person):
    """ORG-2: a sign-in link is only sent to people with access."""
    return [] if person.is_active else [Finding("ORG-2", DENY, _("%(name)s has no access.") % {"name": person}, subject=person.email)]


def invitation_is_open(invitation, *, is_open):
    """ORG-2: an invitation that was accepted or withdrawn is neither sent again nor withdrawn."""
    text = _("The invitation of %(name)s has just been accepted or withdrawn.")
    return [] if is_open else [Finding("ORG-2", DENY, text % {"name": invitation.full_name}, subject=invitation.email)]


def is_contact_of(person, partner):
    """ORG-2: a partner grants, changes and ends the access of its own people only."""
    return [] if person.partner_id == partner.pk else [Finding("ORG-2", DENY, _("%(name)s is not in your team.") % {"name": person})]


def name_was_typed(reseller, typed):
    """ORG-3: deletion is confirmed by typing the reseller's name; case and repeated spaces are ignored."""
    if " ".join(typed.split()).casefold() == " ".join(reseller.name.split()).casefold():
        return []
    message = _("Type the name exactly as shown: %(name)s") % {"name": reseller.name}
    return [Finding("ORG-3", DENY, message, "typed", reseller.code)]


def no_transfer_runs(reseller, numbers):
    """ORG-1, ORG-3: while a request to move a reseller to another partner is open, it and its end users cannot change.

    The parties agree to what they saw. `numbers` are those of the open requests that name the reseller.
    """
    if not reseller or not numbers:
        return []
    message = _("%(name)s is due to move to another partner: see %(requests)s. Withdraw the request or wait until it is closed.")
    requests = ", ".join(_("request #%(number)s") % {"number": number} for number in numbers)
    return [Finding("ORG-3", DENY, message % {"name": reseller.name, "requests": requests}, subject=reseller.code)]


def stays_with_partner(end_user, reseller):
    """ORG-1: without a request, an end user can only move between resellers of the same partner (or to none)."""
    if reseller is None or reseller.partner_id == end_user.partner_id:
        return []
    message = _("%(name)s is not one of your resellers. To move to another partner, submit a request.")
    return [Finding("ORG-1", DENY, message % {"name": reseller.name}, "reseller", end_user.code)]


def reseller_changes(end_user, reseller):
    """A move to the current reseller is refused as a mistake."""
    if end_user.reseller_id != (reseller.pk if reseller else None):
        return []
    return [Finding("ORG-3", DENY, _("The end user already belongs there. Choose another reseller."), "reseller", end_user.code)]


def address_is_settled(party, *, book, field):
    """ORG-4: the party that moves is asked at an address that was already on file before the move was planned.

    A change after the request counts too. The finding ends on the day the period has passed.
    """
    if party.email:
        message = _("The e-mail address of %(name)s was only set on %(day)s. The care team checks with %(name)s before the move.")
    else:
        message = _("The e-mail address of %(name)s was removed on %(day)s. The care team checks with %(name)s before the move.")
    return _settled(party, party.email_since, message, book, field)


def no_recent_end_users(reseller, *, book, field):
    """ORG-4: a reseller agrees for end users it has had for a while; otherwise any end user could be moved without being asked."""
    message = _("%(name)s was last assigned an end user on %(day)s. The care team checks with new end users before they move with it.")
    return _settled(reseller, reseller.joined_at, message, book, field)


def _settled(party, since, message, book, field):
    free = after(since.date(), book.value(SETTLED)) if since else book.on
    if free <= book.on:
        return []
    message = message % {"name": party.name, "day": day_in_full(since.date())}
    return [Finding("ORG-4", REQUIRE, message, field, party.code, free, book.cite(SETTLED))]


def answers_for_itself(party, partner, *, field):
    """ORG-4: the party that moves has its own address, not one of the partner that wants to move it."""
    if not party.email or not (party.signs_in_for == partner.pk or party.email.lower() == partner.billing_email.lower()):
        return []
    message = _("The e-mail address of %(name)s belongs to %(partner)s. The care team checks with %(name)s before the move.")
    return [Finding("ORG-4", REQUIRE, message % {"name": party.name, "partner": partner.name}, field, party.code)]
