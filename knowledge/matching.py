"""Match typed text to articles, using PostgreSQL's English lexemes weighted by rarity.

Text in other languages is matched through the telecom terms in words.yaml. If nothing matches well enough, nothing is offered.
"""

import math
import re
import unicodedata
from collections import Counter
from functools import cache, lru_cache
from pathlib import Path

import yaml
from django.db import connection

from knowledge.articles import articles
from policies.rulebook.rule import BRACES
from web.user_input import parse_text

READ = 1000  # number of typed characters that are considered
# On equal terms, a title match wins: somebody who types "porting" is not asking how to cancel a number.
WEIGHTS = 3.1, 3, 2, 1  # title, alternative title, other words, text
# The minimum score: one rare title word, or several that are less rare.
FITS = 5
# The minimum score for things that only have names and a description: one word of a name that some others share.
NAMED = 3
# The minimum share of the best score.
BESIDE = 0.6
# The factor for articles about the request type.
OWN = 1.3
# Words that occur in every question and carry no meaning.
SAYS_NOTHING = (
    "hello hi dear please thank thanks team ask question problem help want need would like know use get go come make see find give take "
    "let happen possible work look way tell write check also still us many much day mail two another customer wildix"
)


def best_matches(text, *, about="", most=3, begun=False):
    """Return the Articles that match a text best, preferring those about a request type; [] if none does. At most one query.

    `begun`: the last word may be incomplete.
    """
    words = _english(parse_text(text, READ))
    if not words:
        return []
    weights, significance = _index()
    typed, scores = _lexemes(words) | (_completions(words, significance) if begun else set()), {}
    for article in articles().values():
        score = sum(weight * significance[word] for word, weight in weights[article.slug].items() if word in typed)
        scores[article] = score * OWN if about in (*article.types, *article.before) else score
    return _best(scores, FITS, most)


def matching_names(text, entries, most=4):
    """Return the keys of {key: (title, other names, description)} that match a text best; its last word may be incomplete.

    At most one query.
    """
    words = _english(parse_text(text, READ))
    if not words:
        return []
    weights, significance = _indexed(tuple((key, str(title), "", *map(str, parts)) for key, (title, *parts) in entries.items()))
    typed = _lexemes(words) | _completions(words, significance)
    scores = {key: sum(weight * significance[word] for word, weight in own.items() if word in typed) for key, own in weights.items()}
    return _best(scores, NAMED, most)


def _best(scores, least, most):
    enough = max(least, BESIDE * max(scores.values()))
    return sorted((one for one, score in scores.items() if score >= enough), key=lambda one: -scores[one])[:most]


def _significance(weights):
    """Return {word: significance}: the rarer the word, the higher."""
    counts = Counter(word for own in weights.values() for word in own)
    return {word: math.log(len(weights) / count) for word, count in counts.items()}


@lru_cache(maxsize=500)
def _lexemes(words):
    """Return the lexemes of one text; cached because one page matches the same text against articles and other things."""
    return frozenset(_stems([words])[0])


def _completions(words, significance):
    """Return the known words that complete the last word of a text, unless that is itself known: "canc" stands for "cancel"."""
    last = re.search(r"[^\W\d_]{3,}$", words)
    if not last or any(word[:3] == last[0][:3] for word in _lexemes(words) & significance.keys()):
        return set()
    return {word for word in significance if word.startswith(last[0])}


def _stems(texts):
    """Return the set of full-text search lexemes of each text."""
    each = "SELECT tsvector_to_array(to_tsvector('english', text)) FROM unnest(%s::text[]) WITH ORDINALITY AS each(text, n) ORDER BY n"
    with connection.cursor() as cursor:
        cursor.execute(each, [texts])
        return [set(words) for (words,) in cursor.fetchall()]


@cache
def _index():
    """Return _indexed for the articles by slug; they do not change while a process runs."""
    each = (
        (a.slug, a.title, a.search_terms, f"{a.question} {a.slug.replace('-', ' ')}", BRACES.sub(" ", a.text)) for a in articles().values()
    )
    return _indexed(tuple(each))


@lru_cache(maxsize=20)  # the same few sets of things, once per language
def _indexed(entries):
    """Return ({key: {word: weight}}, {word: significance}) for entries of (key, title, alternative title, other words, text)."""
    nothing, *stems = _stems([SAYS_NOTHING, *(_spelt(part) for _key, *parts in entries for part in parts)])
    weights = {}
    for place, (key, *_parts) in enumerate(entries):
        own = weights[key] = {}
        for words, weight in zip(stems[4 * place : 4 * place + 4], WEIGHTS, strict=True):
            own |= {word: max(weight, own.get(word, 0)) for word in words - nothing}
    return weights, _significance(weights)


def _spelt(text):
    """Return the text with its spelling unified: licence as license, bill as invoice, Teams distinct from team, slashes as spaces.

    "DID" becomes "number", because PostgreSQL discards it as the verb "did".
    """
    text = re.sub(r"\bdids?\b", "number", re.sub(r"\bbills?\b", "invoice", text.lower()))
    return re.sub(r"\bteams(4\w+)?", "msteams", text.replace("licenc", "licens").replace("/", " "))


def _english(text):
    """Return the text with English equivalents appended for known words of other languages."""
    beginnings, known = _dictionary()
    return " ".join((_spelt(text), *(known[found] for found in dict.fromkeys(beginnings.findall(_plain(text)))))).strip()


@cache
def _dictionary():
    """Return (pattern that finds known word stems in plain text, {stem: English words})."""
    entries = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8"))
    known = {beginning: english for english, others in entries.items() for beginning in others.split()}
    return re.compile(rf"\b(?:{'|'.join(sorted(known, key=len, reverse=True))})"), known


def _plain(text):
    """Return the text in lower case without accents."""
    apart = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "đ": "d"})
