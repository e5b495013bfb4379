"""What belongs together in a text stays on one line."""

import pytest
from django.template.defaultfilters import urlize

from web.templatetags.careline import breakable, unbroken


def held(text):
    """Return a text with [ ] around what does not wrap."""
    return unbroken(text).replace('<span class="unbroken">', "[").replace("</span>", "]")


@pytest.mark.parametrize(
    "text",
    [
        "It costs [5,693.50 EUR], then [−60 EUR].",
        "Possible from [1 March 2027]. At [09:00 UTC], until Thu [3 Dec], 09:00.",
        "Bäckerei Ohlsen: [12 Basic], [5 × Business]",
        "Cancel [+49 30 5550011X]",
        "Credit for [INV-DEMO1-016] ([SO-DEMO1-006])",
        "Request #10026 No calls; SN9973000 Desk phone; and no more than 6 months",
    ],
)
def test_amounts_days_numbers_and_quantities_do_not_wrap(text):
    assert held(text.replace("[", "").replace("]", "")) == text


def test_nothing_inside_a_url_or_a_character_reference_is_changed():
    link = urlize("See https://care.example/INV-DEMO1-016")
    assert unbroken(link) == link
    assert unbroken("Kai's <b>") == "Kai&#x27;s &lt;b&gt;" and unbroken("' A") == "&#x27; A"


def test_very_long_words_may_wrap_and_others_stay_as_they_are():
    word = "Rindfleischetikettierung"  # 24 characters
    assert breakable(f"{word} 5 × Business") == unbroken(f"{word} 5 × Business")
    assert breakable(f"A & {word}s") == "A &amp; Rindfleische<wbr>tikettierung<wbr>s"
