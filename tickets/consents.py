"""ORG-1: a reseller or end user moves only when it, its partner and the new partner have all agreed."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from classound.models import Did
from hwaas.models import Device
from partners.models import EndUser
from pbx.models import Pbx
from policies.verdict import DENY, REQUIRE, WARN, Finding
from tickets.models import Confirmation, Mail

Party, Decision = Confirmation.Party, Confirmation.Decision


def to_another_partner(current, new):
    """The new partner is another one."""
    if current == new:
        return [
            Finding("ORG-1", DENY, _("This is the present partner. Name the partner that takes over."), "new_partner", new.code, final=True)
        ]
    return []


def reachable(name, email):
    """Whether the one that is moved can be mailed a link; if not, its signed letter will do."""
    if email:
        return []
    message = _("We know no e-mail address of %(name)s: its signed letter has to be sent to us instead.")
    return [Finding("ORG-1", WARN, message % {"name": name}, subject=name)]


def agreed_by_all(consents):
    """One finding for what is missing: before submission that all will be asked, then each party by its decision.

    The new partner pays (GEN-3), so nobody agrees in its place: a team lead may go without the others' agreement, not without its own.
    """
    if consents is None:
        return [
            Finding("ORG-1", REQUIRE, _("All three parties have to agree. Each gets a link by e-mail after you submit."), needs="consent")
        ]
    findings = []
    for party in Party:
        decision, about = consents.get(party, ""), {"subject": party.value, "final": party == Party.NEW_PARTNER}
        if decision == Decision.DECLINED:
            findings.append(Finding("ORG-1", DENY, str(_HAS_DECLINED[party]), **about))
        elif decision != Decision.AGREED:
            findings.append(Finding("ORG-1", REQUIRE, str(_HAS_NOT_AGREED[party]), needs="consent", **about))
    return findings


_HAS_DECLINED = {
    Party.SUBJECT: gettext_lazy("The reseller or end user has declined."),
    Party.CURRENT_PARTNER: gettext_lazy("The current partner has declined."),
    Party.NEW_PARTNER: gettext_lazy("The new partner has declined."),
}
_HAS_NOT_AGREED = {
    Party.SUBJECT: gettext_lazy("The reseller or end user has not agreed yet."),
    Party.CURRENT_PARTNER: gettext_lazy("The current partner has not agreed yet."),
    Party.NEW_PARTNER: gettext_lazy("The new partner has not agreed yet."),
}


def invite(ticket, *, subject, new_partner, at):
    """Write down the three confirmations and the mails that ask for them. `subject` is (name, e-mail) of what moves."""
    name, email = subject
    current = ticket.partner
    parties = (
        (Party.SUBJECT, name, email, None),
        (
            Party.CURRENT_PARTNER,
            current.name,
            ticket.requester.email if ticket.requester.partner_id == current.pk else address_of(current),
            current,
        ),
        (Party.NEW_PARTNER, new_partner.name, address_of(new_partner), new_partner),
    )
    for party, company, address, partner in parties:
        confirmation = Confirmation.objects.create(ticket=ticket, party=party, name=company, email=address, partner=partner)
        if address:
            ask(confirmation, at=at)


def names_of(ticket):
    """{code: name} of the partners that are asked about the ticket: who reads it reads these (docs/decisions/0374), and they it."""
    return {one.partner.code: one.name for one in ticket.confirmations.all() if one.partner_id and one.name}


def titled(ticket, new_partner):
    """What is asked, with the name of the new partner: requests of former days are called by its code alone."""
    return ticket.subject if not new_partner or new_partner in ticket.subject else f"{ticket.subject} ({new_partner})"


def ask(confirmation, *, at):
    """Owe the party a mail with a fresh link."""
    times = Mail.objects.filter(ticket=confirmation.ticket, kind="confirmation", data__confirmation=confirmation.pk).count()
    _owe("confirmation", confirmation, f":{times + 1}", at=at)


def is_owed(confirmation):
    """Whether a mail with a fresh link is on its way to the party."""
    return Mail.objects.filter(ticket=confirmation.ticket, kind="confirmation", data__confirmation=confirmation.pk, sent_at=None).exists()


def tell_that_it_is_over(ticket, event, *, at):
    """Owe a mail to the parties that had agreed and do not read the request: by this event nothing moves on their agreement (ORG-1).

    Who was told so before, and not since that it goes on, knows.
    """
    know = [mail.data["confirmation"] for mail in _told_that_it_is_over(ticket)]
    for confirmation in _not_reading(ticket).filter(decision=Decision.AGREED).exclude(pk__in=know):
        _owe("agreed_over", confirmation, f":{event.pk}", at=at)


def tell_that_it_goes_on(ticket, *, at):
    """A request that was over goes on: who had agreed, and was told that it is over, is owed a mail that the agreement holds again.

    What tells of the end and is not sent yet never will be; what is being sent right now counts as told: no page waits for the mail
    server. Who was still to be asked when it ended is asked now. Where the new partner has declined nothing can be moved any more, though
    there is something to say about it: nobody is told or asked.
    """
    parties = {one.pk: one for one in ticket.confirmations.all()}
    refused = any(one.party == Party.NEW_PARTNER and one.decision == Decision.DECLINED for one in parties.values())
    if not parties or refused:
        return
    told = _told_that_it_is_over(ticket)
    told.filter(pk__in=[mail.pk for mail in told.filter(sent_at=None).select_for_update(skip_locked=True)]).delete()
    for mail in told.all():
        _owe("agreed_again", parties[mail.data["confirmation"]], f":{mail.pk}", at=at, over=mail.pk)
    for one in parties.values():
        if one.email and not one.decision and one.digest is None and not is_owed(one):
            ask(one, at=at)


def _told_that_it_is_over(ticket):
    """The mails that told parties that it is over, and were not followed by one that it goes on."""
    answered = Mail.objects.filter(ticket=ticket, kind="agreed_again").values_list("data__over", flat=True)
    return Mail.objects.filter(ticket=ticket, kind="agreed_over").exclude(pk__in=list(answered))


def tell_that_it_was_done(ticket, *, at):
    """Owe a mail to the parties that do not read the request: what they were asked about is done, and what it costs them (ORG-1)."""
    for confirmation in _not_reading(ticket):
        _owe("agreed_done", confirmation, at=at, on=at.date().isoformat())


def tell_that_it_is_given_back(ticket, charge, event, *, at):
    """Owe a mail to the party that pays this charge and does not read the request: by this event it is given back (GEN-3)."""
    for confirmation in _not_reading(ticket).filter(partner=charge.payer_id):
        _owe("agreed_back", confirmation, f":{event.pk}", at=at, fee=charge.fee)


def _not_reading(ticket):
    return ticket.confirmations.exclude(email__in=["", ticket.requester.email])


def _owe(kind, confirmation, which="", *, at, **data):
    """A mail to a party; one of each kind, or of `which` there are several."""
    Mail.objects.create(
        key=f"{kind}:{confirmation.pk}{which}",
        kind=kind,
        to=confirmation.email,
        ticket_id=confirmation.ticket_id,
        data={"confirmation": confirmation.pk, **data},
        created_at=at,
    )


def tell_former_address(former, *, whose, by, about, at):
    """Owe a mail to who had an address until it was changed: what went there goes elsewhere now (ORG-4). `about` names the change."""
    data = {"whose": whose, "by": by, "on": at.date().isoformat()}
    Mail.objects.create(key=f"address_changed:{about}", kind="address_changed", to=former, data=data, created_at=at)


def address_of(partner):
    """Where a partner is asked: its billing address unless its holder has left, else its first contact's; "" when there is none."""
    contact = partner.contacts.filter(is_active=True).order_by("pk").first()
    billing = "" if _left(partner, partner.billing_email) else partner.billing_email
    return billing or (contact.email if contact else "")


def has_left(confirmation):
    """Whether who was asked on behalf of a partner has no access for it any more: nobody agrees for a company that has let them go."""
    return bool(confirmation.partner) and _left(confirmation.partner, confirmation.email)


def why_not_at(confirmation, address):
    """Why a party is not asked at this address, in words: it is another party's, or somebody's whom its company has let go; else ""."""
    if confirmation.partner and _left(confirmation.partner, address):
        return _("Its holder has no access for %(company)s any more.") % {"company": confirmation.name}
    for other in confirmation.ticket.confirmations.exclude(pk=confirmation.pk).select_related("partner"):
        theirs = [other.email, other.partner.billing_email] if other.partner else [other.email]
        signs_in = other.partner and other.partner.contacts.filter(email__iexact=address).exists()
        if address and (signs_in or address.lower() in map(str.lower, theirs)):
            return _("This is an address of %(company)s, which would answer for another party (ORG-4).") % {"company": other.name}
    return ""


def _left(partner, address):
    return bool(address) and partner.contacts.filter(email__iexact=address, is_active=False).exists()


def holdings(end_users):
    """How many things the end users (a queryset) own: a list of (what, how many), for the parties to read."""
    pbxs = Pbx.objects.filter(end_user__in=end_users)
    return [
        (_("end users"), EndUser.objects.filter(pk__in=end_users).count()),
        (_("PBXs"), pbxs.count()),
        (_("numbers and ranges"), Did.objects.filter(pbx__in=pbxs).exclude(status=Did.Status.CANCELLED).count()),
        (_("devices"), Device.objects.filter(pbx__in=pbxs, state=Device.State.IN_USE).count()),
    ]
