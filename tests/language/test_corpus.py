"""GEN-1 measured: how many texts of a corpus written for it are accepted and refused, by language."""

import datetime
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest

from policies.book import PolicyBook
from tests.yaml_files import read
from tickets.language import language_findings

BOOK = PolicyBook(datetime.date(2026, 11, 18))
HERE = Path(__file__).parent


def corpus(name):
    return read(HERE / f"{name}.yaml")


def refused(texts):
    return [text for text in texts if language_findings({"message": str(text)}, BOOK)]


def test_refusal_names_the_accepted_languages_of_the_day():
    added = [SimpleNamespace(code="language.accepted", valid_from=BOOK.on, value=["en", "it"], basis="")]
    text = "Bitte schicken Sie uns möglichst bald eine Antwort, weil unser Kunde schon lange wartet."
    for book, languages, said in (
        (BOOK, "English", "in English."),
        (PolicyBook(BOOK.on, added), "English, Italian", "in: English, Italian."),
    ):
        (finding,) = language_findings({"message": text}, book)
        assert said in finding.message
        assert dict(finding.policy) == {"language.accepted": languages, "language.min_confidence": "70 %"}


def test_staff_set_how_certain_a_refusal_is():
    certain = [SimpleNamespace(code="language.min_confidence", valid_from=BOOK.on, value="80", basis="")]
    text = "Vi behöver ytterligare tre licenser till det nya kontoret i Malmö."  # other languages add up to 77 %
    assert language_findings({"message": text}, BOOK)
    assert not language_findings({"message": text}, PolicyBook(BOOK.on, certain))


def test_english_is_accepted():
    texts = corpus("english")
    wrong = refused(texts)
    assert len(texts) >= 100
    assert len(wrong) <= 0.01 * len(texts), wrong


def test_other_languages_are_refused():
    others = corpus("others")
    assert len(others) >= 8
    missed = {language: [text for text in texts if text not in refused(texts)] for language, texts in others.items()}
    count = sum(map(len, others.values()))
    table = Counter({language: len(texts) for language, texts in missed.items()})
    assert sum(table.values()) <= 0.05 * count, (table, missed)


@pytest.mark.parametrize("text", corpus("undecidable"), ids=str)
def test_undecidable_text_is_accepted(text):
    assert refused([text]) == []


@pytest.mark.parametrize("language", corpus("others"))
def test_corpus_texts_are_long_enough_to_decide(language):
    assert all(len(text.split()) >= 8 for text in corpus("others")[language])
