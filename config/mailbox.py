"""The demo's mailbox: outgoing e-mails become files, lines on the terminal, and a page. Never active in a real installation."""

import itertools
import os
import re
from datetime import UTC
from email import message_from_bytes, policy
from pathlib import Path
from typing import NamedTuple

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.mail.backends.console import EmailBackend
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from inbound.demo import answer, put
from partners.email_parts import CODE

KEEP = 200
TIDY_EACH = 20  # e-mails: listing the folder for each took a quarter of the sending time
MOST_BYTES = 256 * 1024
# Its links open in new pages.
SHUT_AWAY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
NAME = re.compile(r"\d{19}-[0-9a-f]{8}")
LINK = re.compile(r"https?://[^\s<>\"']+")


class Mail(NamedTuple):
    """An e-mail in the mailbox as text.

    `page` is its HTML; `link` and `code` are the first ones in the body. Any of them may be empty, as in replies.
    """

    name: str
    to: str
    sender: str
    reply_to: str
    subject: str
    sent_at: object
    body: str
    page: str
    link: str
    code: str
    attachments: list


class MailboxBackend(EmailBackend):
    """Writes each e-mail to MAILBOX_DIR, which keeps the newest KEEP, and a line about it to the terminal."""

    def write_message(self, message):
        _drop(message.message().as_bytes())
        # A single line: a first start sends half a dozen, right below the logins that people want to read.
        told = _first(CODE, message.body) or _first(LINK, message.body)
        line = " | ".join(filter(None, (f"e-mail to {', '.join(message.to)}", str(message.subject), told)))
        # Replace what the terminal could interpret as a control sequence, or cannot display.
        line = "".join(char if char.isprintable() else " " for char in line)
        encoding = getattr(self.stream, "encoding", None) or "utf-8"
        self.stream.write(f"{line}\n".encode(encoding, "replace").decode(encoding))


@require_safe
@never_cache
def index(request):
    """List the e-mails, the newest first."""
    _demo_only()
    return render(request, "mailbox.html", {"mails": [mail for name in _names()[:KEEP] if (mail := read(name))]})


class AnswerForm(forms.Form):
    """A reply to an e-mail, as in any e-mail client: text, files or both."""

    text = forms.CharField(required=False, max_length=20_000)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show(request, name):
    """Show an e-mail as text, with a form to reply. An unknown name, or a file that is not one of our e-mails, is 404."""
    _demo_only()
    mail = read(name)
    if mail is None:
        raise Http404
    if request.method == "POST":
        return _answer(request, mail)
    return render(request, "mailbox_message.html", {"mail": mail})


@require_safe
@never_cache
@xframe_options_sameorigin
def page(request, name):
    """Show an e-mail as an e-mail client would: in a sandboxed frame that runs and loads nothing."""
    _demo_only()
    mail = read(name)
    if mail is None or not mail.page:
        raise Http404
    return HttpResponse(mail.page, headers={"Content-Security-Policy": SHUT_AWAY})


def _answer(request, mail):
    if not mail.reply_to:
        raise Http404
    form, files = AnswerForm(request.POST), request.FILES.getlist("attachments")
    if not form.is_valid() or not (form.cleaned_data["text"] or files):
        errors = form.errors.get("text") or [_("Write a reply or attach a file.")]
        return render(request, "mailbox_message.html", {"mail": mail, "errors": errors, "text": request.POST.get("text", "")}, status=400)
    about = {"sender": mail.to, "to": mail.reply_to, "subject": mail.subject, "answered": (mail.sender, mail.body)}
    answer(form.cleaned_data["text"], files=files, **about)
    messages.success(request, _("Reply sent. It will appear on the request in a few seconds."))
    return redirect(request.path)


def read(name):
    """Return the Mail with this name, or None."""
    path = Path(settings.MAILBOX_DIR) / f"{name}.eml"
    if not NAME.fullmatch(name) or path.is_symlink() or not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            message = message_from_bytes(file.read(MOST_BYTES), policy=policy.default)
        text, page = _part(message, "plain", "html"), _part(message, "html")
        files = [part.get_filename() or part.get_content_type() for part in message.iter_attachments()]
        head = {key: str(message.get(key, "")) for key in ("to", "from", "reply-to", "subject")}
        date = message["date"]
    except (OSError, ValueError, LookupError, AttributeError, TypeError):
        return None
    return Mail(
        name=name,
        to=head["to"],
        sender=head["from"],
        reply_to=head["reply-to"],
        subject=head["subject"],
        sent_at=_in_utc(date.datetime) if date else None,
        body=text,
        page=page,
        link=_first(LINK, text),
        code=_first(CODE, text),
        attachments=files,
    )


def _first(pattern, text):
    return (pattern.findall(text) or [""])[0]


def _in_utc(moment):
    """Django dates e-mails with -0000: UTC without a named time zone."""
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)


def _part(message, *kinds):
    part = message.get_body(kinds)
    return part.get_content() if part else ""


def _drop(content):
    folder = Path(settings.MAILBOX_DIR)
    put(folder, content)
    if next(_dropped) % TIDY_EACH == 0:
        for old in _names()[KEEP:]:
            (folder / f"{old}.eml").unlink(missing_ok=True)


_dropped = itertools.count()


def _names():
    folder = Path(settings.MAILBOX_DIR)
    files = os.listdir(folder) if folder.is_dir() else []
    return sorted((file.removesuffix(".eml") for file in files if NAME.fullmatch(file.removesuffix(".eml"))), reverse=True)


def _demo_only():
    if not settings.DEMO:
        raise Http404
