"""Drafts of replies and notes: saved while they are typed; replies are sent exactly once, after a pause in which they can be undone."""

from datetime import timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from desk.models import Agent, Draft, DraftFile, Notice
from desk.models.agents import UNDO, UNDO_SECONDS
from desk.services import canned, mentions
from desk.services.notices import notify
from tickets.models import Event, Ticket
from tickets.services import conversation, outbox, status
from tickets.services.attaching import check_all
from tickets.services.lifecycle import NotNow, ensure_not_merged, lock, open_if_new

S, K = Ticket.Status, Event.Kind
PAUSE = timedelta(seconds=UNDO)  # before a sent reply goes out, for agents who have not chosen another one
AT_MOST = timedelta(seconds=max(dict(UNDO_SECONDS)), minutes=1)  # a later send_at was set before a clock was put back
LONGEST = 10_000
AFTERWARDS = (S.OPEN, S.PENDING, S.SOLVED)  # the statuses that a reply can set


def on_ticket(number, author):
    """Return (the draft or None, [replies about to go out]) of this person on a ticket; their files are in `names`."""
    names = DraftFile.objects.filter(draft=OuterRef("pk")).order_by("pk").values(it=JSONObject(pk="pk", name="name", size="size"))
    drafts = list(Draft.objects.filter(ticket=number, author=author).annotate(names=ArraySubquery(names)).order_by("pk"))
    return next((d for d in drafts if d.send_at is None), None), [d for d in drafts if d.send_at]


@transaction.atomic
def keep(number, author, *, kind, text, set_status="", at):
    """Save what is being typed; without text there is no draft, unless it has files. Return the Draft or None."""
    text = text[:LONGEST]
    if not text.strip():
        empty = _typed(number, author)
        if empty is None:
            return None
        if not empty.files.exists():
            empty.delete()
            return None
    values = {"kind": kind, "text": text, "set_status": set_status if set_status in AFTERWARDS else "", "saved_at": at}
    draft, _is_new = Draft.objects.update_or_create(ticket_id=number, author=author, send_at=None, defaults=values)
    return draft


@transaction.atomic
def send(number, author, *, text, set_status="", files=(), at):
    """Send a reply, which goes out after the pause unless undone. Return the Draft. Raise NotNow, ValidationError.

    A form submitted twice is one reply: if the same text with the same files (or with none, since browsers do not keep them) is about to
    go out, its Draft is returned; if it has just gone out, None is.
    """
    canned.check_finished(text)
    ticket = lock(number)
    may_write(ticket, set_status)
    sent = {(file.name[-120:], file.size) for file in files}
    for draft in Draft.objects.filter(ticket=ticket, author=author, send_at__gt=at, text=text[:LONGEST]):
        if set(draft.files.values_list("name", "size")) >= sent:
            return draft
    typed = _typed(number, author)
    kinds = (K.QUESTION,) if set_status == S.PENDING else (K.MESSAGE, K.ANSWERED)
    if conversation.said_just_now(ticket, text[:LONGEST], author=author, at=at, kinds=kinds, files=files):
        forget(number, author)
        return None
    check_all(files, ticket=ticket, before=typed.files.all() if typed else ())
    draft = keep(number, author, kind=Draft.Kind.REPLY, text=text, set_status=set_status, at=at)
    for file in files:
        DraftFile.objects.create(draft=draft, name=file.name[-120:], size=file.size, file=file)
    later = _pause(author)
    draft.send_at = at + later
    draft.save(update_fields=["send_at"])
    transaction.on_commit(lambda: outbox.send_task("desk.tasks.send_draft", draft.pk, countdown=later.total_seconds()))
    return draft


def _pause(author):
    chosen = Agent.objects.filter(user=author).values_list("undo_seconds", flat=True).first()
    return timedelta(seconds=chosen) if chosen else PAUSE


def may_write(ticket, set_status):
    """Raise NotNow if the ticket does not permit a reply, or the status to be set with it."""
    if ticket.status == S.CLOSED:
        raise NotNow(_("This ticket is closed. Create a follow-up instead. Your text is kept as a draft."))
    ensure_not_merged(ticket)
    if set_status and set_status != ticket.status and set_status not in status.choices(ticket):
        raise NotNow(_("The ticket cannot be set to that status now. Choose another one. Your text is kept as a draft."))


@transaction.atomic
def take_back(pk, author, *, at):
    """Undo sending: the reply is a draft again, placed before what has been typed since. Raise NotNow if it has gone out."""
    sent = Draft.objects.select_for_update().filter(pk=pk, author=author, send_at__isnull=False).first()
    if sent is None:
        raise NotNow(_("This reply has already been sent."))
    return _back(sent, at)


def _back(sent, at):
    typed = _typed(sent.ticket_id, sent.author_id)
    if typed:
        sent.text = f"{sent.text}\n\n{typed.text}".strip()[:LONGEST]
        DraftFile.objects.filter(draft=typed).update(draft=sent)
        typed.delete()
    sent.send_at, sent.saved_at = None, at
    sent.save(update_fields=["text", "send_at", "saved_at"])
    return sent


def deliver(pk, *, at):
    """Send a draft whose pause has ended: message, files, status and the removal of the draft are one transaction.

    So it is sent once, by whichever worker comes first. If it can no longer be sent it becomes a draft again and its author is notified.
    Return the Event, or None.
    """
    with transaction.atomic():
        draft = Draft.objects.select_for_update(skip_locked=True, of=("self",)).select_related("author").filter(_due(at), pk=pk).first()
        if draft is None:
            return None
        try:
            with transaction.atomic():
                return _write(draft, at)
        except (NotNow, ValidationError) as refused:
            _unsent(draft, " ".join(getattr(refused, "messages", [str(refused)])), at)
            return None


def _due(at):
    return Q(send_at__lte=at) | Q(send_at__gt=at + AT_MOST)


def _write(draft, at):
    number, author, kept = draft.ticket_id, draft.author, list(draft.files.all())
    files = [_opened(file) for file in kept]
    ticket = lock(number)
    may_write(ticket, draft.set_status)
    if draft.set_status == S.PENDING:
        event = conversation.ask_partner(number, draft.text, author=author, at=at, files=files)
    elif draft.set_status == S.SOLVED and ticket.execution != Ticket.Execution.DONE and not ticket.is_over:
        event = conversation.answer(number, draft.text, author=author, at=at, files=files)
    else:
        event = conversation.reply(number, draft.text, author=author, at=at, files=files)
        _and_status(number, draft.set_status, author, at)
    _gone(draft, kept)
    return event


def _and_status(number, wanted, author, at):
    ticket = lock(number)
    if wanted == S.SOLVED and not ticket.is_over:
        open_if_new(ticket, at=at)
        status.finish(ticket, "", actor=author, at=at)
    elif wanted == S.OPEN and ticket.status != S.OPEN:
        status.change(number, S.OPEN, actor=author, at=at)


def _opened(kept):
    with kept.file.open("rb") as file:
        return ContentFile(file.read(), name=kept.name)


def _unsent(draft, why, at):
    key = f"unsent:{draft.pk}:{draft.send_at.isoformat()}"
    text = _("Your reply to #%(number)s was not sent: %(why)s") % {"number": draft.ticket_id, "why": why}
    notify(draft.author, Notice.Kind.UNSENT, key, ticket=draft.ticket, text=text, at=at)
    _back(draft, at)


def due(*, at, most=200):
    """Return the keys of drafts whose pause has ended, for the sweep: the queue may have lost them."""
    return list(Draft.objects.filter(_due(at)).order_by("send_at").values_list("pk", flat=True)[:most])


@transaction.atomic
def note(number, author, text, *, files=(), at):
    """Add an internal note immediately, notify the people mentioned in it and delete the draft. Return the Event.

    If the same note has just been added, that Event is returned.
    """
    event = conversation.note(number, text, author=author, at=at, files=files, once=True)
    if event.at == at:
        mentions.notify_mentioned(event)
    forget(number, author)
    return event


@transaction.atomic
def detach(number, author, pk):
    """Remove one file from this person's draft; do nothing if it is gone or already being sent."""
    draft = _typed(number, author)
    file = draft and draft.files.filter(pk=pk).first()
    if file:
        _drop(file)
        if not draft.text.strip() and not draft.files.exists():
            draft.delete()


def forget(number, author):
    """Delete the draft with its files."""
    if draft := _typed(number, author):
        _gone(draft, draft.files.all())


def _typed(number, author):
    """Return this person's draft on a ticket, locked, or None."""
    return Draft.objects.select_for_update().filter(ticket=number, author=author, send_at=None).first()


def _gone(draft, files):
    """Delete the draft and its files; the stored files are deleted on commit."""
    for file in files:
        _drop(file)
    draft.delete()


def _drop(file):
    file.delete()
    transaction.on_commit(lambda: file.file.delete(save=False))
