"""A page's markup, independent of the line breaks of its template."""

import re


def flat(page):
    """Return the markup of a response, or a text of it, without whitespace around tags and with single spaces in texts."""
    text = page if isinstance(page, str) else page.content.decode()
    return re.sub(r" ?([<>]) ?", r"\1", " ".join(text.split()))
