"""E-mails in two equivalent parts (multipart/alternative, RFC 2046): plain text and the same text as HTML (docs/decisions/0309)."""

import re
import unicodedata
from email.utils import make_msgid, parseaddr
from itertools import groupby

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import get_language

AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}  # RFC 3834: no out-of-office replies
# A code on a line of its own: BCDF-GHJK, or digits.
CODE = re.compile(r"^[ \t]*([A-Z]{3,5}-[A-Z]{3,5}|\d{6,8})[ \t]*\r?$", re.MULTILINE)


def build_email(subject, text, to, *, link="", button="", said="", headers=None, **more):
    """Return an e-mail with the given wording as EmailMultiAlternatives.

    text: the complete wording. The line equal to `link` becomes a button labelled `button`, and a passage written by a person, `said`,
    is set apart from ours. headers: added to those that mark the e-mail as automatic; more: arguments of EmailMessage.
    """
    named = {"Message-ID": make_msgid(domain=mail_host())} if "Message-ID" not in (headers or {}) else {}
    mail = EmailMultiAlternatives(subject, text, to=[to], headers=AUTOMATIC | named | (headers or {}), **more)
    shown = {"subject": subject, "blocks": _blocks(text, link, said), "link": link, "button": button}
    shown["language"] = get_language() or settings.LANGUAGE_CODE
    mail.attach_alternative(render_to_string("letter.html", shown), "text/html")
    return mail


def account_email(kind, to, context, *, button):
    """Return the e-mail about an account that templates/account/email words, with a button for the context's "link"."""
    subject, text = (render_to_string(f"account/email/{kind}_{part}.txt", context).strip() for part in ("subject", "message"))
    return build_email(subject, text, to, link=context["link"], button=button)


def mail_host():
    """Return the host of the sender address, used in Message-IDs instead of the name of the machine that happens to send."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]


def bidi_isolated(name):
    """Return a name isolated, if it is written right to left, so that digits after it are not reordered (UAX 9)."""
    return f"\u2068{name}\u2069" if any(unicodedata.bidirectional(char) in ("R", "AL") for char in name) else name


def _blocks(text, link, said):
    """Return the paragraphs as lists of (kind, lines)."""
    before, words, after = text.partition(f"\n\n{said.strip()}\n") if said.strip() else (text, "", "")
    blocks = _paragraphs(before, link)
    if words:
        blocks.append([("said", words.strip().split("\n"))])
    return blocks + _paragraphs(after, link)


def _paragraphs(text, link):
    paragraphs = ([line.rstrip() for line in part.strip("\n").split("\n")] for part in re.split(r"\n[ \t]*\n", text) if part.strip())
    return [[(kind, list(lines)) for kind, lines in groupby(lines, lambda line: _kind(line, link))] for lines in paragraphs]


def _kind(line, link):
    if line.strip() == link != "":
        return "button"
    if f"{line}/".startswith(f"{settings.SITE_URL}/") and " " not in line:
        return "address"
    if CODE.match(line):
        return "code"
    if line == "--":  # where a signature begins
        return "rule"
    return "point" if line.startswith("- ") else "fact" if line.startswith("  ") else "text"
