"""What somebody wrote in an answer, by what mail programs make of it: answers.yaml."""

from pathlib import Path

import pytest

from inbound.own_words import own_words, text_of_html
from tests.sheets import read

ANSWERS = read(Path(__file__).with_name("answers.yaml"))


@pytest.mark.parametrize("answer", ANSWERS, ids=[answer["from"] for answer in ANSWERS])
def test_own_words(answer):
    text = answer["mail"] if "mail" in answer else text_of_html(answer["html"])
    words = own_words(text, greeting="Hello Nora Nord,", ours=("careline", "care@careline.example", "care+"))
    assert words == answer["words"].strip()
