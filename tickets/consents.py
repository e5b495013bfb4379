"""The consents to a transfer: a reseller or end user moves only when it, its partner and the new partner have agreed (ORG-1)."""

from zoneinfo import ZoneInfo

from django.utils.formats import date_format
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
    """Deny a transfer to the current partner (ORG-1)."""
    if current == new:
        message = _("This is the current partner. Enter the code of the partner that takes over.")
        return [Finding("ORG-1", DENY, message, "new_partner", new.code, final=True)]
    return []


def reachable(name, email):
    """Warn if the company to be moved has no e-mail address for a link; a signed letter can replace it."""
    if email:
        return []
    message = _("We have no e-mail address for %(name)s, so we need a signed letter from it instead.")
    return [Finding("ORG-1", WARN, message % {"name": name}, subject=name)]


def agreed_by_all(consents):
    """Return findings about missing consents: before submission, that all parties will be asked; then one per party by its decision.

    The new partner pays (GEN-3), so nobody can agree in its place: a team lead may override missing consents of the others only.
    """
    if consents is None:
        return [
            Finding("ORG-1", REQUIRE, _("All three parties must agree. We e-mail each of them a link after you submit."), needs="consent")
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
    """Create the three confirmations and the e-mails asking for them. `subject` is (name, e-mail) of the company that moves."""
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
            send_link(confirmation, at=at)


def names_of(ticket):
    """Return {code: name} of the partners asked about the ticket; everyone who can read it sees their names (docs/decisions/0374)."""
    return {one.partner.code: one.name for one in ticket.confirmations.all() if one.partner_id and one.name}


def titled(ticket, new_partner):
    """Return the ticket's subject with the name of the new partner: older requests have only its code."""
    return ticket.subject if not new_partner or new_partner in ticket.subject else f"{ticket.subject} ({new_partner})"


def send_link(confirmation, *, at):
    """Owe the party an e-mail with a new link."""
    times = Mail.objects.filter(ticket=confirmation.ticket, kind="confirmation", data__confirmation=confirmation.pk).count()
    _owe("confirmation", confirmation, f":{times + 1}", at=at)


def send_reminder(confirmation, *, at):
    """Owe the party an e-mail that its link, valid until then, is still unanswered; once for each such moment."""
    until = confirmation.expires_at.isoformat()
    Mail.objects.bulk_create([_mail("confirmation", confirmation, f":until:{until}", at=at, until=until)], ignore_conflicts=True)


def deadline_of(confirmation):
    """Return by when the party has to answer, in its partner's time zone: "14 December 2026, 15:18 CET"."""
    partner = confirmation.partner or confirmation.ticket.partner
    local = confirmation.expires_at.astimezone(ZoneInfo(partner.timezone))
    zone = f"{local:%Z}"
    return f"{date_format(local, 'j F Y, H:i')} {zone if zone.isalpha() else 'UTC' + zone}"


def is_link_pending(confirmation):
    """Return whether an e-mail with a new link is on its way to the party."""
    waiting = Mail.objects.filter(ticket=confirmation.ticket, kind="confirmation", data__confirmation=confirmation.pk, sent_at=None)
    return waiting.exclude(data__has_key="until").exists()  # a reminder is not sent any more once the link has expired


def notify_ended(ticket, event, *, at):
    """Owe an e-mail to parties that agreed but cannot read the request: after this event, their agreement has no effect (ORG-1).

    Parties already notified, and not since notified that it continues, are skipped.
    """
    know = [mail.data["confirmation"] for mail in _notices_of_the_end(ticket)]
    for confirmation in _not_reading(ticket).filter(decision=Decision.AGREED).exclude(pk__in=know):
        _owe("agreed_over", confirmation, f":{event.pk}", at=at)


def notify_resumed(ticket, *, at):
    """Owe an e-mail to parties that agreed and were notified of the end: the request continues and their agreement is valid again.

    Unsent e-mails about the end are deleted; those being sent right now count as sent, so no page waits for the mail server. Parties
    that were still to be asked when it ended are asked now. If the new partner has declined, nothing can be moved any more, so nobody
    is notified or asked.
    """
    parties = {one.pk: one for one in ticket.confirmations.all()}
    refused = any(one.party == Party.NEW_PARTNER and one.decision == Decision.DECLINED for one in parties.values())
    if not parties or refused:
        return
    notices = _notices_of_the_end(ticket)
    notices.filter(pk__in=[mail.pk for mail in notices.filter(sent_at=None).select_for_update(skip_locked=True)]).delete()
    for mail in notices.all():
        _owe("agreed_again", parties[mail.data["confirmation"]], f":{mail.pk}", at=at, over=mail.pk)
    for one in parties.values():
        if one.email and not one.decision and one.digest is None and not is_link_pending(one):
            send_link(one, at=at)


def _notices_of_the_end(ticket):
    """Return the e-mails that notified parties of the end and were not followed by one that it continues."""
    answered = Mail.objects.filter(ticket=ticket, kind="agreed_again").values_list("data__over", flat=True)
    return Mail.objects.filter(ticket=ticket, kind="agreed_over").exclude(pk__in=list(answered))


def notify_done(ticket, *, at):
    """Owe an e-mail to parties that cannot read the request: the transfer is done, and what it costs them (ORG-1)."""
    for confirmation in _not_reading(ticket):
        _owe("agreed_done", confirmation, at=at, on=at.date().isoformat())


def notify_refunded(ticket, charge, event, *, at):
    """Owe an e-mail to the party that paid this charge but cannot read the request: the event reverses the charge (GEN-3)."""
    for confirmation in _not_reading(ticket).filter(partner=charge.payer_id):
        _owe("agreed_back", confirmation, f":{event.pk}", at=at, fee=charge.fee)


def _not_reading(ticket):
    return ticket.confirmations.exclude(email__in=["", ticket.requester.email])


def _owe(kind, confirmation, which="", *, at, **data):
    """Create an e-mail to a party: one per kind, or one per `which`."""
    _mail(kind, confirmation, which, at=at, **data).save(force_insert=True)


def _mail(kind, confirmation, which, *, at, **data):
    """Return the unsaved e-mail to a party; to its company if the contact asked has left since."""
    return Mail(
        key=f"{kind}:{confirmation.pk}{which}",
        kind=kind,
        to=(has_left(confirmation) and address_of(confirmation.partner)) or confirmation.email,
        ticket_id=confirmation.ticket_id,
        data={"confirmation": confirmation.pk, **data},
        created_at=at,
    )


def notify_previous_address(former, *, whose, by, about, at):
    """Owe an e-mail to an address that was replaced: it will no longer receive e-mails (ORG-4). `about` identifies the change."""
    data = {"whose": whose, "by": by, "on": at.date().isoformat()}
    Mail.objects.create(key=f"address_changed:{about}", kind="address_changed", to=former, data=data, created_at=at)


def address_of(partner):
    """Return where a partner is asked: its billing e-mail unless its holder has left, else its first contact's; "" if none."""
    contact = partner.first_contact()
    billing = "" if _left(partner, partner.billing_email) else partner.billing_email
    return billing or (contact.email if contact else "")


def has_left(confirmation):
    """Return whether the person asked on behalf of a partner no longer has access: people who have left cannot agree for it."""
    return bool(confirmation.partner) and _left(confirmation.partner, confirmation.email)


def address_problem(confirmation, address):
    """Return why a party cannot be asked at this address (it is another party's, or its holder has left), or ""."""
    if confirmation.partner and _left(confirmation.partner, address):
        return _("The holder of this address no longer has access for %(company)s.") % {"company": confirmation.name}
    for other in confirmation.ticket.confirmations.exclude(pk=confirmation.pk).select_related("partner"):
        theirs = [other.email, other.partner.billing_email] if other.partner else [other.email]
        signs_in = other.partner and other.partner.contacts.filter(email__iexact=address).exists()
        if address and (signs_in or address.lower() in map(str.lower, theirs)):
            return _("This address belongs to %(company)s, which would then answer for another party (ORG-4).") % {"company": other.name}
    return ""


def _left(partner, address):
    return bool(address) and partner.contacts.filter(email__iexact=address, is_active=False).exists()


def holdings(end_users):
    """Return what the end users (a queryset) own, for the parties to read: [(noun, count)]."""
    pbxs = Pbx.objects.filter(end_user__in=end_users)
    return [
        (_("end users"), EndUser.objects.filter(pk__in=end_users).count()),
        (_("PBXs"), pbxs.count()),
        (_("numbers and ranges"), Did.objects.filter(pbx__in=pbxs).exclude(status=Did.Status.CANCELLED).count()),
        (_("devices"), Device.objects.filter(pbx__in=pbxs, state=Device.State.IN_USE).count()),
    ]
