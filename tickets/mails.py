"""The wording of e-mails. An e-mail is worded when it is sent, so that its link can be created then and is stored nowhere."""

import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.amounts import format_amount
from engine.prepared_queries import Parameter, PreparedQuery
from partners.email_parts import build_email
from partners.users import has_ended
from policies.days import moment_after
from policies.models import PolicyValue
from tickets import general_mails
from tickets.consents import deadline_of, names_of, titled
from tickets.email_ids import conversation_id, message_id, reply_address
from tickets.models import Attachment, Confirmation, Event, Ticket, TicketCharge, TicketLink
from tickets.types import kind_of

FOR_PARTIES = ("confirmation", "agreed_again", "agreed_done", "agreed_over", "agreed_back")


def compose(mail, *, at):
    """Return the EmailMultiAlternatives for an owed Mail, or None if it is obsolete. The first line of the template is the subject."""
    if mail.ticket and mail.kind not in FOR_PARTIES and has_ended(mail.to):
        return None  # who has left is sent nothing any more
    context = _CONTEXTS.get(mail.kind, _about_a_ticket)(mail, at)
    if context is None:
        return None
    reader = mail.data.get("reader") or (mail.ticket and mail.ticket.requester)
    reply_to = _reply_to(mail)
    context |= {"ticket": mail.ticket, "site": settings.SITE_URL, "reader": reader, "by_mail": bool(reply_to)}
    context["mails_url"] = settings.SITE_URL + reverse("portal:mails")
    subject, _newline, body = render_to_string(f"tickets/mail/{mail.kind}.txt", context).lstrip().partition("\n")
    said = context["event"].body if context.get("event") else ""
    leads = {"link": context.get("link", ""), "button": _BUTTONS.get(mail.kind, _OPEN)}
    return build_email(subject.strip(), body.lstrip("\n"), mail.to, said=said, **leads, reply_to=reply_to, headers=_headers(mail, context))


_OPEN = gettext_lazy("Open the request")
_BUTTONS = {"confirmation": gettext_lazy("Review and decide")} | general_mails.BUTTONS


def _reply_to(mail):
    """Return the reply addresses for an e-mail: none if nobody would read a reply. A party can only use its link."""
    if mail.ticket is None or mail.kind in FOR_PARTIES or mail.ticket.status == Ticket.Status.CLOSED:
        return []
    return [address] if (address := reply_address(mail.ticket_id, mail.to)) else []


def _headers(mail, context):
    """Return headers for mail clients: a stable Message-ID, one conversation per ticket, and where to unsubscribe, if possible."""
    headers = {"Message-ID": message_id(mail.pk)}
    if mail.ticket_id:
        headers |= dict.fromkeys(("In-Reply-To", "References"), conversation_id(mail.ticket_id))
    unsubscribe_url = context["mails_url"] if context.get("colleague") else context.get("account")
    return headers | ({"List-Unsubscribe": f"<{unsubscribe_url}>"} if unsubscribe_url else {})


def _about_a_ticket(mail, at):
    """Return the context of an e-mail about a ticket, with the event named by the last part of the key, unless it is internal."""
    about = mail.key.rpartition(":")[2]
    event = _event.first(pk=int(about)) if about.isdigit() else None
    link = settings.SITE_URL + reverse("portal:request", args=[mail.ticket_id])
    came_from = _came_from(mail.ticket) | {"filed_by": _filed_by(mail.ticket)} if mail.kind == "submitted" else {}
    came_from |= {"colleague": "reader" in mail.data, "care": _("The care team")}
    costs = _costs(mail, event)
    details = {"costs": [_cost(cost, mail.ticket) for cost in costs], "is_credit": all(cost.is_credit for cost in costs)}
    if event and mail.kind == "message":
        details["files"] = [file.name for file in _files(event=event.pk)]
    return {"link": link, "event": event, "kind": kind_of(mail.ticket), **details, **came_from}


def _came_from(ticket):
    """Return which ticket this one was split from or follows up, if the care team created it and the partner submitted nothing."""
    link = _link.first(ticket=ticket.pk)
    return {_MADE[link.kind]: link.other_id} if link else {}


def _filed_by(ticket):
    """Return the member of the care team who submitted it on behalf of a partner, or None."""
    event = _filed.first(ticket=ticket.pk)
    return event and event.actor


_MADE = {TicketLink.Kind.SPLIT: "part_of", TicketLink.Kind.FOLLOW_UP: "goes_on"}
_event = PreparedQuery(lambda: Event.objects.filter(pk=Parameter("pk"), is_internal=False), by_key=True)
_BY_CARE = Event.objects.filter(kind=Event.Kind.SUBMITTED, actor__partner=None).select_related("actor")
_files = PreparedQuery(lambda: Attachment.objects.filter(event=Parameter("event"), is_internal=False).order_by("pk"), by_key=True)
_link = PreparedQuery(lambda: TicketLink.objects.filter(ticket=Parameter("ticket"), kind__in=_MADE, by__partner=None).order_by("pk")[:1])
_filed = PreparedQuery(lambda: _BY_CARE.filter(ticket=Parameter("ticket")).order_by("pk")[:1])
_charges = PreparedQuery(
    lambda: TicketCharge.objects.filter(ticket=Parameter("ticket")).select_related("payer").order_by("pk"), by_key=True
)


def _costs(mail, event):
    """Return the charges and credits to list: those quoted for a new request, later those that fell due with the event."""
    charges = _charges(ticket=mail.ticket_id)
    if mail.kind == "submitted":
        return charges
    return [charge for charge in charges if event and charge.due_at == event.at]


_CREDITED = {
    True: gettext_lazy("%(title)s: %(amount)s in your favour"),
    False: gettext_lazy("%(title)s: %(amount)s in favour of %(payer)s"),
}


def _cost(charge, ticket):
    """Return one charge or credit in words, with the payer if that is not the partner."""
    values = _priced(charge) | {"payer": _payer(charge, ticket)}
    if charge.is_credit:
        return _CREDITED[charge.payer_id == ticket.partner_id] % values
    if charge.contingent and charge.due_at is None:
        return _("%(title)s: %(amount)s, only if the request is rejected for this reason") % values
    if charge.payer_id != ticket.partner_id:
        return _("%(title)s: %(amount)s, paid by %(payer)s") % values
    return _("%(title)s: %(amount)s") % values


def _payer(charge, ticket):
    """Return the payer's name if it is the partner itself or a party the partner asked; otherwise the partner knows only its code."""
    return charge.payer.name if charge.payer_id == ticket.partner_id else names_of(ticket).get(charge.payer.code, charge.payer.code)


def _priced(charge):
    return {"title": charge.title, "amount": format_amount(charge.amount, charge.currency)}


def _confirmation(mail, at):
    """Return a fresh link, its digest stored in the transaction that marks the e-mail as sent; None if it is no longer needed there."""
    rows = Confirmation.objects.select_for_update(no_key=True, of=("self",)).select_related("ticket__partner", "partner")
    confirmation = rows.get(pk=mail.data["confirmation"])
    if confirmation.decision or confirmation.ticket.is_over or confirmation.email != mail.to:
        return None
    if is_reminder := "until" in mail.data:
        until = confirmation.expires_at
        if not until or until <= at or until.isoformat() != mail.data["until"]:  # the link has expired or been sent again
            return None
    else:
        until = moment_after(at, PolicyValue.objects.book(on=at.date()).value("confirmation.lifetime"))
    token = confirmation.renew_link(expires_at=until, sent_at=at)
    link = settings.SITE_URL + reverse("confirm", args=[token])
    charges = mail.ticket.charges.filter(payer=confirmation.partner, contingent=False) if confirmation.partner_id else ()
    costs = [format_amount(charge.amount, charge.currency) for charge in charges if charge.amount]
    more = {"link": link, "costs": costs, "until": deadline_of(confirmation), "is_reminder": is_reminder}
    return _to_a_party(confirmation, mail) | more


def _to_a_party(confirmation, mail):
    """Return the context of all e-mails to a party: the request with the new partner's name, and who asks."""
    names = names_of(mail.ticket)
    new_partner = names.get(mail.ticket.answers.get("new_partner"), "")
    return {
        "confirmation": confirmation,
        "what": titled(mail.ticket, new_partner),
        "asker": mail.ticket.partner.name,
        "new_partner": new_partner,
    }


def _agreed_done(mail, at):
    """Return what a party was asked about, and its charges, with credits if they were made before the e-mail is sent."""
    confirmation = Confirmation.objects.select_related("partner").get(pk=mail.data["confirmation"])
    charges = mail.ticket.charges.filter(payer=confirmation.partner, due_at__isnull=False)
    costs = [(_CREDITED[True] if charge.is_credit else _("%(title)s: %(amount)s")) % _priced(charge) for charge in charges.order_by("pk")]
    return _to_a_party(confirmation, mail) | {"on": datetime.date.fromisoformat(mail.data["on"]), "costs": costs}


def _agreed_back(mail, at):
    """Return the charge that is credited to a party, without the reason, which concerns the partner only."""
    confirmation = Confirmation.objects.select_related("partner").get(pk=mail.data["confirmation"])
    charge = mail.ticket.charges.get(payer=confirmation.partner, fee=mail.data["fee"])
    return _to_a_party(confirmation, mail) | _priced(charge)


def _agreed_over(mail, at):
    """Return None if the request has been resumed: the change may still be made."""
    return _to_a_party(Confirmation.objects.get(pk=mail.data["confirmation"]), mail) if mail.ticket.is_over else None


def _agreed_again(mail, at):
    """Return None if the request has since ended."""
    return None if mail.ticket.is_over else _to_a_party(Confirmation.objects.get(pk=mail.data["confirmation"]), mail)


def _not_taken(mail, at):
    """Return what part of a reply by e-mail is not on the ticket, and why."""
    return mail.data | {"link": settings.SITE_URL + reverse("portal:request", args=[mail.ticket_id])}


_CONTEXTS = {
    **general_mails.CONTEXTS,
    "agreed_again": _agreed_again,
    "agreed_back": _agreed_back,
    "agreed_done": _agreed_done,
    "agreed_over": _agreed_over,
    "confirmation": _confirmation,
    "not_taken": _not_taken,
}
