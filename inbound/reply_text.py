"""Extract what the author of a reply wrote, without the quoted e-mail and the signature.

If it is unclear where the reply ends, all text is kept: a line too many is better than a lost one.
"""

import re
from html import unescape

QUOTED = re.compile(r"^\s*>")
SIGNATURE = "-- "  # RFC 3676, 4.3; without the trailing space it may be a drawn line
INTRODUCES = re.compile(r"^\D*\d.*:\s*$")  # with a date: "Am 27.11.26 um 10:12 schrieb Careline:"
HEAD_OF_MAIL = re.compile(r"^\W*[-_]{5,}|^\W*[\w ]{2,20}:(\W|$)|[<,]$")
BLOCKS = ("p", "div", "li", "tr", "h1", "h2", "h3", "blockquote", "pre")
HIDDEN = ("head", "style", "script", "title")
# Every alternative runs to the end of its construct or of the text, so that nothing is scanned twice.
MARKUP = re.compile(
    r"""<!--.*?(?:-->|\Z) | <[!?][^>]*(?:>|\Z)
    | <(?P<ends>/?)(?P<tag>[a-z][^\s/>]*) (?:(?>(?:"[^"]*"|'[^']*'|[^"'>])*)>|[^>]*(?:>|\Z))
    | (?P<text>[^<]+|<)""",
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)


def reply_text(text, *, greeting, ours):
    """Return the text of the reply.

    `greeting` is the first line of the answered e-mail. `ours` has the name that may introduce the quote, together with a date, followed
    by the addresses that may be named in that line ("… wrote:").
    """
    lines = text.replace("\r\n", "\n").replace("\xa0", " ").split("\n")
    start = next((place for place, line in enumerate(lines) if line.lstrip("> \t").rstrip() == greeting), None)
    if start is None:
        return _joined(lines)
    above, below = lines[:start], lines[start:]
    if not QUOTED.match(below[0]):  # the e-mail follows unquoted
        return _joined(_without_head(above, ours))
    written = [place for place, line in enumerate(below) if line.strip() and not QUOTED.match(line)]
    above = _without_head(above, ours)
    if not written:
        return _joined(above)
    last_quoted = max(place for place, line in enumerate(below) if QUOTED.match(line))
    if written[0] > last_quoted:  # the reply is below the e-mail
        return _joined([*above, *below[last_quoted + 1 :]])
    return _joined(lines)  # the reply is between the lines of the e-mail


def _without_head(lines, ours):
    """Remove the introduction of the quote: "On Friday Careline <care@…> wrote:", or a few header lines."""
    lines = list(lines)
    while lines and (not lines[-1].strip() or QUOTED.match(lines[-1])):
        lines.pop()
    paragraph = next((place + 1 for place in range(len(lines) - 1, -1, -1) if not lines[place].strip()), 0)
    name, *addresses = ours
    named = next((place for place in range(paragraph, len(lines)) if any(one in lines[place].lower() for one in addresses)), None)
    if named is None:
        return lines[:-1] if lines and INTRODUCES.search(lines[-1]) and name in lines[-1].lower() else lines
    while named > paragraph and HEAD_OF_MAIL.search(lines[named - 1].strip()):
        named -= 1
    return lines[:named]


def _joined(lines):
    """Join the lines to a text, up to a signature."""
    end = next((place for place, line in enumerate(lines) if line == SIGNATURE), len(lines))
    return "\n".join(line.rstrip() for line in lines[:end]).strip()


def text_of_html(html):
    """Return the text of an HTML-only e-mail, one line per block.

    One pass without building a tree: strangers write this HTML, and deeply nested or unclosed tags make other parsers take minutes.
    """
    text, hidden = [], 0
    for found in MARKUP.finditer(html):
        tag = (found["tag"] or "").lower()
        hidden = max(0, hidden + (tag in HIDDEN) * (-1 if found["ends"] else 1))
        if found["text"] and not hidden:
            text.append(re.sub(r"\s+", " ", unescape(found["text"])))
        elif tag == "br" or (tag in BLOCKS and text and not text[-1].endswith("\n")):
            text.append("\n")
    lines = "\n".join(line.strip() for line in "".join(text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines)
