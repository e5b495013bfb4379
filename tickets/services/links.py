"""Related tickets: linked, split from one another, or following up on a closed one."""

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engine.prepared_queries import Parameter, PreparedQuery
from partners.access import Reader, visible_rows
from tickets.models import Event, Ticket, TicketLink
from tickets.models.ticket import long_columns
from tickets.services import submission
from tickets.services.attaching import attach
from tickets.services.lifecycle import NotNow, lock, record
from tickets.types import TYPES
from tickets.types.general_question import asked_about

Kind = TicketLink.Kind
K = Event.Kind
SUBJECT, MESSAGE = 200, 4000  # limits of the general question's form


def lock_both(one, other, *, visible):
    """Return two tickets with their rows locked, always the lower number first. Raise NotNow if one is not visible."""
    found = {}
    for number in sorted({one, other}):
        try:
            found[number] = lock(number, visible=visible)
        except Ticket.DoesNotExist:
            raise NotNow(_("There is no ticket #%(number)s.") % {"number": number}) from None
    if one == other:
        raise NotNow(_("Enter a different ticket from this one."))
    if found[one].partner_id != found[other].partner_id:
        raise NotNow(_("#%(number)s belongs to another partner. Only tickets of the same partner can be linked.") % {"number": other})
    return found[one], found[other]


@transaction.atomic
def link(number, other, *, actor, at):
    """Link two tickets of the same partner as related. Raise NotNow."""
    ticket, another = lock_both(number, other, visible=Ticket.objects.visible_to(actor))
    first, second = sorted((ticket, another), key=lambda t: t.pk)
    found, is_new = TicketLink.objects.get_or_create(ticket=first, other=second, kind=Kind.RELATED, defaults={"by": actor, "at": at})
    if is_new:
        record(ticket, K.LINKED, actor=actor, at=at, internal=True, how="related", other=another.pk)
        record(another, K.LINKED, actor=actor, at=at, internal=True, how="related", other=ticket.pk)
    return found


@transaction.atomic
def unlink(number, other, *, actor, at):
    """Remove such a link; nothing changes if there is none."""
    ticket, another = lock_both(number, other, visible=Ticket.objects.visible_to(actor))
    first, second = sorted((ticket, another), key=lambda t: t.pk)
    gone, _rows = TicketLink.objects.filter(ticket=first, other=second, kind=Kind.RELATED).delete()
    if gone:
        record(ticket, K.LINKED, actor=actor, at=at, internal=True, how="unlinked", other=another.pk)


def may_split(number, event):
    """Return the partner's message (an Event) if it can become a separate ticket; the care team's texts cannot. Raise NotNow."""
    theirs = Q(kind=K.SUBMITTED) | Q(kind=K.MESSAGE, actor__partner__isnull=False)
    message = Event.objects.select_related("actor").filter(theirs, pk=event, ticket=number, is_internal=False).exclude(body="").first()
    if message is None:
        raise NotNow(_("Only a message from the partner can become a separate ticket."))
    if TicketLink.objects.filter(other=number, kind=Kind.SPLIT, data__event=message.pk).exists():
        raise NotNow(_("This message is already a separate ticket."))
    return message


@transaction.atomic
def split(number, event, *, subject, actor, at):
    """Split a message into a separate ticket for its author, or else the requester. Return the new Ticket. Raise NotNow."""
    ticket, message = lock(number), may_split(number, event)
    asker = message.actor if message.actor and not message.actor.is_care else ticket.requester
    new = _question(ticket, asker, subject or ticket.subject, message.body, at)
    for attachment in message.attachments.filter(is_internal=False):
        with attachment.file.open("rb") as file:
            attach(new, ContentFile(file.read(), name=attachment.name), by=attachment.uploaded_by, at=at)
    TicketLink.objects.create(ticket=new, other=ticket, kind=Kind.SPLIT, by=actor, at=at, data={"event": message.pk})
    record(ticket, K.LINKED, actor=actor, at=at, how="split", other=new.pk)
    record(new, K.LINKED, actor=actor, at=at, how="split_from", other=ticket.pk)
    return new


@transaction.atomic
def follow_up(number, text, *, actor, at):
    """Continue a closed ticket in a new one, as partner or agent. Return the new Ticket. Raise NotNow while it is not closed.

    A form sent twice creates one ticket: the same text by the same person returns its ticket as long as that one is running.
    """
    ticket = lock(number)
    if ticket.status != Ticket.Status.CLOSED:
        raise NotNow(_("This ticket is not closed. Reply to it instead."))
    links = TicketLink.objects.filter(other=ticket, kind=Kind.FOLLOW_UP, by=actor).select_related("ticket")
    if there := next((link.ticket for link in links if not link.ticket.is_over and link.ticket.answers["message"] == _cut(text)), None):
        return there
    asker = ticket.requester if actor.is_care else actor
    new = _question(ticket, asker, _("Follow-up: %(subject)s") % {"subject": ticket.subject}, text, at)
    TicketLink.objects.create(ticket=new, other=ticket, kind=Kind.FOLLOW_UP, by=actor, at=at)
    record(ticket, K.LINKED, actor=actor, at=at, how="followed_up", other=new.pk)
    record(new, K.LINKED, actor=actor, at=at, how="follow_up", other=ticket.pk)
    return new


def _cut(text):
    return text if len(text) <= MESSAGE else f"{text[: MESSAGE - 1]}…"


def _question(ticket, asker, subject, text, at):
    """Submit a general question for the ticket's partner; texts are truncated to the limits of its form."""
    kind = TYPES["general_question"]
    fields = {
        "topic": asked_about(ticket.topic),
        "subject": subject[:SUBJECT].strip(),
        "message": _cut(text),
    }
    form = kind.form(fields, partner=ticket.partner)
    if not form.is_valid():
        raise NotNow(" ".join(str(error) for errors in form.errors.values() for error in errors))
    try:
        return submission.submit(submission.Request(kind, form, asker), at=at)
    except submission.Denied as denied:
        raise NotNow(" ".join(str(finding.message) for finding in denied.verdict.blocking)) from None


def of(ticket, user):
    """Return the ticket's links visible to the user, from its point of view: [{number, title, status, outcome, how, kind}]."""
    return [
        _shown(row, row.other, str(row.get_kind_display())) if row.ticket_id == ticket.pk else _shown(row, row.ticket, str(_BACK[row.kind]))
        for row in visible_rows(user, _links, ticket=ticket.pk)
    ]


def _of(is_care):
    rows = TicketLink.objects.visible_to(Reader(is_care)).filter(Q(ticket=Parameter("ticket")) | Q(other=Parameter("ticket")))
    return rows.select_related("ticket", "other").defer(*long_columns("ticket__"), *long_columns("other__"))[:100]


_links = PreparedQuery(_of)

_BACK = {
    Kind.RELATED: gettext_lazy("is related to"),
    Kind.MERGED: gettext_lazy("was merged into this"),
    Kind.SPLIT: gettext_lazy("was split from this"),
    Kind.FOLLOW_UP: gettext_lazy("follows up on this"),
}


def _shown(row, other, how):
    return {"number": other.pk, "title": other.subject, "status": other.status, "outcome": other.outcome, "how": how, "kind": row.kind}
