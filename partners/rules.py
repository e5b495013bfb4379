"""Rules about a partner's people, resellers and end users (ORG-2, ORG-3, ORG-4). Pure: facts in, findings out."""

from django.utils.translation import gettext as _

from policies.days import after
from policies.verdict import DENY, REQUIRE, Finding
from policies.wording import day_in_full

SETTLED = "confirmation.settled_period"


class NotPossible(Exception):
    """What was asked for is refused; `findings` say why, and so does its text."""

    def __init__(self, findings):
        super().__init__(" ".join(finding.message for finding in findings))
        self.findings = findings


def require(findings):
    """Raise NotPossible when there is anything against it."""
    if findings:
        raise NotPossible(findings)


def actor_has_access(actor):
    """ORG-2: who has lost the access a moment ago changes nothing any more. `actor` as the database has it now."""
    return [] if actor.is_active else [Finding("ORG-2", DENY, _("Your own access has ended."))]


def somebody_keeps_access(person, *, actor, others):
    """ORG-2: nobody ends their own access while no colleague can sign in.

    `others` is how many other contacts may sign in and have done so before: who never did may not have the mail.
    The care team can end any access, for instance when a mailbox was taken over.
    """
    if person.pk != actor.pk or others:
        return []
    message = _("You are the only one who can sign in for your company. Invite a colleague first, and wait until they have signed in.")
    return [Finding("ORG-2", DENY, message, subject=person.email)]


def access_has_not_ended(person):
    """ORG-2: a link to sign in goes to those who may."""
    return [] if person.is_active else [Finding("ORG-2", DENY, _("%(name)s has no access.") % {"name": person}, subject=person.email)]


def is_contact_of(person, partner):
    """ORG-2: a partner gives, changes and ends the access of its own people only."""
    return [] if person.partner_id == partner.pk else [Finding("ORG-2", DENY, _("%(name)s is not one of your people.") % {"name": person})]


def name_was_typed(reseller, typed):
    """ORG-3: deleting is confirmed by typing the reseller's name; case and spaces between words are forgiven."""
    if " ".join(typed.split()).casefold() == " ".join(reseller.name.split()).casefold():
        return []
    message = _("Type the name as it is written above: %(name)s") % {"name": reseller.name}
    return [Finding("ORG-3", DENY, message, "typed", reseller.code)]


def no_transfer_runs(reseller, numbers):
    """ORG-1, ORG-3: while a request to move it to another partner runs, a reseller and its end users stay as the parties saw them.

    `numbers` are those of the running requests that name it.
    """
    if not reseller or not numbers:
        return []
    message = _("%(name)s is to move to another partner, see %(requests)s. Withdraw the request or wait until it is over.")
    requests = ", ".join(_("request #%(number)s") % {"number": number} for number in numbers)
    return [Finding("ORG-3", DENY, message % {"name": reseller.name, "requests": requests}, subject=reseller.code)]


def stays_with_partner(end_user, reseller):
    """ORG-1: without a request an end user moves between resellers of one partner only (or to none)."""
    if reseller is None or reseller.partner_id == end_user.partner_id:
        return []
    message = _("%(name)s is not one of your resellers. Moving to another partner is a request.")
    return [Finding("ORG-1", DENY, message % {"name": reseller.name}, "reseller", end_user.code)]


def goes_elsewhere(end_user, reseller):
    """A move that moves nothing is a slip."""
    if end_user.reseller_id != (reseller.pk if reseller else None):
        return []
    return [Finding("ORG-3", DENY, _("It is there already. Choose another reseller."), "reseller", end_user.code)]


def address_has_stood(party, *, book, field):
    """ORG-4: the one that is moved answers at an address that stood there before anybody thought of moving it.

    A change after the request counts, too. On the day on which the period has passed all is well again.
    """
    if party.email:
        message = _("The e-mail address of %(name)s was given on %(day)s only. The care team asks %(name)s before it moves.")
    else:
        message = _("The e-mail address of %(name)s was taken away on %(day)s. The care team asks %(name)s before it moves.")
    return _settled(party, party.email_since, message, book, field)


def nobody_joined(reseller, *, book, field):
    """ORG-4: who agrees for its end users has had them for a while; else any end user moved without being asked itself."""
    message = _("%(name)s was last given an end user on %(day)s. The care team asks the end users that came before they move along.")
    return _settled(reseller, reseller.joined_at, message, book, field)


def _settled(party, since, message, book, field):
    free = after(since.date(), book.value(SETTLED)) if since else book.on
    if free <= book.on:
        return []
    said = message % {"name": party.name, "day": day_in_full(since.date())}
    return [Finding("ORG-4", REQUIRE, said, field, party.code, free, book.cite(SETTLED))]


def answers_for_itself(party, partner, *, field):
    """ORG-4: the one that is moved has an address of its own, not one of the partner that wants to move it."""
    if not party.email or not (party.signs_in_for == partner.pk or party.email.lower() == partner.billing_email.lower()):
        return []
    message = _("The e-mail address of %(name)s is one of %(partner)s’s own. The care team asks %(name)s before it moves.")
    return [Finding("ORG-4", REQUIRE, message % {"name": party.name, "partner": partner.name}, field, party.code)]
