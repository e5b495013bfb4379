"""Disclosure and erasure of a person's data on request (GDPR, articles 15 and 17; docs/decisions/0340)."""

from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.db import connection, transaction
from django.db.models import F, Func, JSONField, Q
from django.utils.translation import gettext as _

from inbound.models import InboundMail
from partners import sessions
from partners.models import ApiToken, CompanyEvent, Invitation, User
from tickets.models import Attachment, Confirmation, Event, Follower, Mail, Ticket


class CannotErase(Exception):
    """Somebody's data cannot be erased now; the message says why."""


def export(person):
    """Return all personal data of a person as plain values for JSON: {category: list of rows, oldest first}."""
    found = {
        "account": (User.objects.filter(pk=person.pk), ("email", "full_name", "role", "label", "partner__code", "is_active", *_MOMENTS)),
        "api_tokens": (ApiToken.objects.filter(user=person), ("name", "created_at", "expires_at", "revoked_at")),
        "sessions": (person.sessions, ("since", "browser", "seen_at")),
        "authenticators": (Authenticator.objects.filter(user=person), ("type", "created_at", "last_used_at")),
        "invitations": (Invitation.objects.filter(email=person.email), ("email", "full_name", "label", "sent_at", "accepted_at")),
        "done_in_the_company": (CompanyEvent.objects.filter(actor=person), ("at", "kind", "about", "detail")),
        "done_in_the_administration": (LogEntry.objects.filter(user=person), ("action_time", "object_repr", "change_message")),
        "requests": (Ticket.objects.filter(requester=person), ("number", "created_at", "subject", "answers")),
        "written_and_done": (Event.objects.filter(actor=person), ("ticket", "at", "kind", "body")),
        "files": (Attachment.objects.filter(uploaded_by=person), ("ticket", "uploaded_at", "name")),
        "agreements": (Confirmation.objects.filter(email__iexact=person.email), ("ticket", "name", "decided_by", "decision", "decided_at")),
        "mails_to": (Mail.objects.filter(to=person.email), ("ticket", "kind", "created_at", "sent_at")),
        "mails_from": (_mails_from(person), ("ticket", "received_at", "sender", "subject", "outcome")),
    }
    return {what: list(rows.order_by("pk").values(*fields)) for what, (rows, fields) in found.items()}


_MOMENTS = ("date_joined", "last_login")
_WITHOUT_READER = Func(F("data"), template="%(expressions)s - 'reader'", output_field=JSONField())


@transaction.atomic
def erase(person):
    """Erase the name and address of somebody whose access has ended, except in records of decisions. Return the new name. Raise NotYet.

    The rows stay, with a number in place of the name, since tickets, ledger and decisions refer to them.
    """
    _wait_for_mails(person)
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.is_active:
        raise CannotErase("This person can still sign in. End their access first.")
    if Mail.objects.filter(to=person.email, sent_at=None, given_up_at=None).exists():
        raise CannotErase("An e-mail to this address is still to be sent. Try again once it has been sent.")
    if Confirmation.objects.filter(email__iexact=person.email, decision="", digest__isnull=False).exists():
        raise CannotErase("A request is waiting for consent from this address. Stop the link on the ticket page first.")
    name, address = _("Former user %(number)s") % {"number": person.pk}, f"former-{person.pk}@careline.invalid"
    Authenticator.objects.filter(user=person).delete()
    person.api_tokens.all().delete()
    sessions.end(person)
    _mails_from(person).update(sender=address)
    Mail.objects.filter(to=person.email).update(to=address, data=_WITHOUT_READER)
    Invitation.objects.filter(email=person.email, accepted_at=None).delete()
    Invitation.objects.filter(email=person.email).update(email=address, full_name=name)
    LogEntry.objects.filter(content_type__app_label="partners", content_type__model="user", object_id=person.pk).update(object_repr=name)
    User.objects.filter(pk=person.pk).update(email=address, full_name=name, label="")
    return name


def _wait_for_mails(person):
    """Let others commit the e-mails that they are reading or writing: if they began before the access ended, these have the address.

    No row of the person is locked yet, since the others may still need it.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE inbound_inboundmail IN EXCLUSIVE MODE")  # also waits for the locked row of one that is being read
        followed = Follower.objects.filter(user=person).values("ticket")
        tickets = Ticket.objects.filter(Q(requester=person) | Q(pk__in=followed)).order_by("pk").select_for_update(no_key=True)
        list(tickets.values_list("pk", flat=True))  # whoever writes about one of them read the address when locking it
        cursor.execute("LOCK TABLE tickets_mail IN SHARE ROW EXCLUSIVE MODE")  # there are also e-mails without a ticket


def _mails_from(person):
    return InboundMail.objects.filter(user=person) | InboundMail.objects.filter(sender=person.email)
