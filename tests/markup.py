"""A page as its markup says it, however its template is broken into lines."""

import re


def flat(page):
    """The markup of an answer, or a text of it, without whitespace around tags and with single spaces in texts."""
    text = page if isinstance(page, str) else page.content.decode()
    return re.sub(r" ?([<>]) ?", r"\1", " ".join(text.split()))
