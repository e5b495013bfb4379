"""Which articles fit what somebody types: by PostgreSQL's English words, and the rarer a word the more it tells.

What is typed in another language is read by the words of the trade in words.yaml. Where nothing fits, nothing is offered.
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
from web.typed import text_of

READ = 1000  # characters of what is typed
# Of two that fit as well, the one whose title says it comes first: who types "porting" does not ask how a number is cancelled.
WEIGHTS = 3.1, 3, 2, 1  # in its title, in another title of it, in other words, in its text
# So much at least: a rare word of a title, or some that are less rare.
FITS = 5
# For a thing that is only named and described, a word of its names that some others have too.
NAMED = 3
# And so much of what the best one has.
BESIDE = 0.6
# How much more an article counts that is about the type of request.
OWN = 1.3
# Said in every question, and said of nothing.
SAYS_NOTHING = (
    "hello hi dear please thank thanks team ask question problem help want need would like know use get go come make see find give take "
    "let happen possible work look way tell write check also still us many much day mail two another customer wildix"
)


def fitting(text, *, about="", most=3, begun=False):
    """The Articles that fit a text best, those about a type of request sooner; [] where none does. One query at most.

    `begun`: its last word may not be written to its end.
    """
    words = _english(text_of(text, READ))
    if not words:
        return []
    weights, telling = _index()
    said, scores = _said(words) | (_begun(words, telling) if begun else set()), {}
    for article in articles().values():
        score = sum(weight * telling[word] for word, weight in weights[article.slug].items() if word in said)
        scores[article] = score * OWN if about in (*article.types, *article.before) else score
    return _best(scores, FITS, most)


def named(text, entries, most=4):
    """The keys of {key: (title, other names, description)} that fit a text best, by the same words, the last one maybe just begun.

    One query at most.
    """
    words = _english(text_of(text, READ))
    if not words:
        return []
    weights, telling = _indexed(tuple((key, str(title), "", *map(str, parts)) for key, (title, *parts) in entries.items()))
    said = _said(words) | _begun(words, telling)
    scores = {key: sum(weight * telling[word] for word, weight in own.items() if word in said) for key, own in weights.items()}
    return _best(scores, NAMED, most)


def _best(scores, least, most):
    enough = max(least, BESIDE * max(scores.values()))
    return sorted((one for one, score in scores.items() if score >= enough), key=lambda one: -scores[one])[:most]


def _telling(weights):
    """{word: how much it tells}: the rarer the more."""
    held = Counter(word for said in weights.values() for word in said)
    return {word: math.log(len(weights) / count) for word, count in held.items()}


@lru_cache(maxsize=500)
def _said(words):
    """The words of one text; the same page asks for them of articles and of other things."""
    return frozenset(_stems([words])[0])


def _begun(words, telling):
    """What is known of the words that begin like the last one of a text, unless that is known itself: who types "canc" means to cancel."""
    last = re.search(r"[^\W\d_]{3,}$", words)
    if not last or any(word[:3] == last[0][:3] for word in _said(words) & telling.keys()):
        return set()
    return {word for word in telling if word.startswith(last[0])}


def _stems(texts):
    """The words of each text, as full-text search knows them."""
    each = "SELECT tsvector_to_array(to_tsvector('english', text)) FROM unnest(%s::text[]) WITH ORDINALITY AS each(text, n) ORDER BY n"
    with connection.cursor() as cursor:
        cursor.execute(each, [texts])
        return [set(words) for (words,) in cursor.fetchall()]


@cache
def _index():
    """As _indexed, of the articles by their slugs: they stay the same while a process runs."""
    each = ((a.slug, a.title, a.called, f"{a.question} {a.slug.replace('-', ' ')}", BRACES.sub(" ", a.text)) for a in articles().values())
    return _indexed(tuple(each))


@lru_cache(maxsize=20)  # the same few things in each language
def _indexed(entries):
    """({key: {word: its weight}}, {word: how much it tells}) of (key, title, another title, the same in other words, text)."""
    nothing, *stems = _stems([SAYS_NOTHING, *(_spelt(part) for _key, *parts in entries for part in parts)])
    weights = {}
    for place, (key, *_parts) in enumerate(entries):
        said = weights[key] = {}
        for words, weight in zip(stems[4 * place : 4 * place + 4], WEIGHTS, strict=True):
            said |= {word: max(weight, said.get(word, 0)) for word in words - nothing}
    return weights, _telling(weights)


def _spelt(text):
    """The text in one way of spelling: license like licence, a bill an invoice, Teams not like a team, what a slash joins apart.

    A DID is a number: PostgreSQL takes it for the verb, which says nothing.
    """
    text = re.sub(r"\bdids?\b", "number", re.sub(r"\bbills?\b", "invoice", text.lower()))
    return re.sub(r"\bteams(4\w+)?", "msteams", text.replace("licenc", "licens").replace("/", " "))


def _english(text):
    """The text with the English words beside those of other languages that are known."""
    beginnings, known = _dictionary()
    return " ".join((_spelt(text), *(known[found] for found in dict.fromkeys(beginnings.findall(_plain(text)))))).strip()


@cache
def _dictionary():
    """(what finds the known beginnings of words in a plain text, {beginning: English words})."""
    entries = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8"))
    known = {beginning: english for english, others in entries.items() for beginning in others.split()}
    return re.compile(rf"\b(?:{'|'.join(sorted(known, key=len, reverse=True))})"), known


def _plain(text):
    """Small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "đ": "d"})
