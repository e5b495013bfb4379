"""What somebody has written in an answer, without what the mail program adds: the mail that is answered, and a signature.

Where it is not plain what is whose, all of it is kept: a line too many is better than one that is lost.
"""

import re
from html import unescape

QUOTED = re.compile(r"^\s*>")
SIGNATURE = "-- "  # RFC 3676, 4.3; without its blank it may be a line that somebody has drawn
INTRODUCES = re.compile(r"^\D*\d.*:\s*$")  # with a date: "Am 27.11.26 um 10:12 schrieb Careline:"
HEAD_OF_MAIL = re.compile(r"^\W*[-_]{5,}|^\W*[\w ]{2,20}:(\W|$)|[<,]$")
BLOCKS = ("p", "div", "li", "tr", "h1", "h2", "h3", "blockquote", "pre")
HIDDEN = ("head", "style", "script", "title")
# Each way takes what it has begun with to its end, or to that of the text: nothing is looked at again and again.
MARKUP = re.compile(
    r"""<!--.*?(?:-->|\Z) | <[!?][^>]*(?:>|\Z)
    | <(?P<ends>/?)(?P<tag>[a-z][^\s/>]*) (?:(?>(?:"[^"]*"|'[^']*'|[^"'>])*)>|[^>]*(?:>|\Z))
    | (?P<text>[^<]+|<)""",
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)


def own_words(text, *, greeting, ours):
    """The words of the answer.

    `greeting` is the line with which the answered mail began; `ours` are the addresses that the line above it names ("… wrote:"), and
    before them the name that some programs put there instead, with the date.
    """
    lines = text.replace("\r\n", "\n").replace("\xa0", " ").split("\n")
    start = next((place for place, line in enumerate(lines) if line.lstrip("> \t").rstrip() == greeting), None)
    if start is None:
        return _ended(lines)
    above, below = lines[:start], lines[start:]
    if not QUOTED.match(below[0]):  # the mail stands below as it was
        return _ended(_without_head(above, ours))
    written = [place for place, line in enumerate(below) if line.strip() and not QUOTED.match(line)]
    above = _without_head(above, ours)
    if not written:
        return _ended(above)
    last_quoted = max(place for place, line in enumerate(below) if QUOTED.match(line))
    if written[0] > last_quoted:  # all of it is below the mail
        return _ended([*above, *below[last_quoted + 1 :]])
    return _ended(lines)  # it stands between the lines of the mail


def _without_head(lines, ours):
    """Without what introduces the answered mail: "On Friday Careline <care@…> wrote:", or a few lines of its head."""
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


def _ended(lines):
    """The lines as text, up to a signature."""
    end = next((place for place, line in enumerate(lines) if line == SIGNATURE), len(lines))
    return "\n".join(line.rstrip() for line in lines[:end]).strip()


def text_of_html(html):
    """The text of a mail that has no plain one: a line for each block.

    It is read in one go and makes no tree, as strangers write it: over tags within one another, or that never end, others take minutes.
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
