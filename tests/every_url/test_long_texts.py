"""No text that anyone can send keeps the processor busy for long: pattern matching takes time linear in its length at most."""

import time

import pytest

from tickets.filters import words
from tickets.language import foreign_language
from web import spreadsheets

LONG = 10_000


def language(text):
    foreign_language(text, accepted=("en",), confidence=0.9)


@pytest.mark.parametrize(
    ("look", "text"),
    [
        (words, "_" * 40 + "!"),  # at the maximum length of the box it would take hours
        (words, "a_" * 20 + "!"),
        (language, "a" * LONG),
        (language, "." * LONG),
        (language, "A-" * (LONG // 2)),
        (language, ", Aa" * (LONG // 4)),
        (spreadsheets.cell, "\n" * LONG + "x"),
        (spreadsheets.cell, ';"' * (LONG // 2)),
        (spreadsheets.cell, " " * LONG),
    ],
)
def test_long_text_is_processed_in_linear_time(look, text):
    look("warm")
    begun = time.process_time()
    look(text)
    assert time.process_time() - begun < 0.5
