"""The articles of the knowledge base, one for each question of the FAQ, read from the YAML files in this package.

An article never contains a figure governed by a policy value: it names the value by its code in braces, and the figure is filled in
from the policy book when the article is read, with any announced changes. So an article cannot contradict the rules.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from policies.catalog import POLICIES
from policies.rulebook import RULES
from policies.rulebook.rule import BRACES

FILES = ("billing", "classound", "hwaas", "licences", "xbees_orders", "company")
TITLES = {
    "billing": "Billing",
    "classound": "Numbers and calls",
    "hwaas": "Hardware and HWaaS",
    "licences": "PBXs and licences",
    "xbees_orders": "x-bees and orders",
    "company": "Company and general questions",
}


@dataclass(frozen=True)
class Article:
    """One article: the FAQ `question` it answers, its own `title` and `text`, and the rules and request types it is about.

    `before` lists request types whose form offers the article although the article does not link to that form; `first_of` the topics
    of a general question that offer it before anything is typed. `search_terms` holds other words partners use for the question. `page` is
    the URL name of the portal page on which partners find the answer themselves; `self_service` describes that page.
    """

    slug: str
    topic: str
    question: str
    title: str
    text: str
    rules: tuple = ()
    types: tuple = ()
    before: tuple = ()
    first_of: tuple = ()
    page: str = ""
    self_service: str = ""
    search_terms: str = ""

    @property
    def policies(self):
        """Return the codes of the policy values named in the article."""
        return tuple(dict.fromkeys(BRACES.findall(self.text)))

    @property
    def words(self):
        """Return all searchable text, in lower case."""
        return " ".join((self.title, self.search_terms, self.question, BRACES.sub("", self.text), self.self_service, *self.rules)).lower()


class Announced(NamedTuple):
    """A policy value that takes effect on a future day; with `basis` "origin", only for things that begin from that day."""

    code: str
    valid_from: object
    value: str
    basis: str = "request"


class Part(NamedTuple):
    """A piece of a text: plain words, or a value in force with its announced changes."""

    text: str
    code: str = ""
    announced: tuple = ()


@cache
def articles():
    """Return {slug: Article}, in the order of the FAQ topics."""
    folder = Path(__file__).parent / "articles"
    found = {}
    for topic in FILES:
        for entry in yaml.safe_load((folder / f"{topic}.yaml").read_text(encoding="utf-8")):
            found[entry["slug"]] = Article(
                entry["slug"],
                topic,
                entry["question"],
                entry["title"],
                entry["text"].strip(),
                tuple(entry.get("rules", ())),
                tuple(entry.get("types", ())),
                tuple(entry.get("before", ())),
                tuple(entry.get("first_of", ())),
                entry.get("page", ""),
                entry.get("self", ""),
                entry.get("search_terms", ""),
            )
    return found


@cache
def article_of_rule(code):
    """Return the Article that answers the FAQ question of a rule, or None if there is no such rule."""
    rule = RULES.get(code)
    return next((article for article in articles().values() if rule and article.question == rule.article), None)


def articles_of_type(code, most=2):
    """Return the Articles to offer before a request of this type: those about the fewest types first, then those with the most rules."""
    about = [article for article in articles().values() if code in (*article.types, *article.before)]
    return sorted(about, key=lambda article: (code in article.before, len(article.types), -len(article.rules)))[:most]


def articles_of_topic(topic):
    """Return the Articles to offer for a topic of a general question before anything is typed."""
    return [article for article in articles().values() if topic in article.first_of]


def search(query):
    """Return the Articles that contain every word of the query (a rule code counts as a word), title matches first."""
    found = containing_all_words(articles().values(), query, words=lambda article: article.words)
    return sorted(found, key=lambda article: -sum(word in article.title.lower() for word in query.lower().split()))


def containing_all_words(things, query, *, words):
    """Return those of the things whose `words`, in lower case, contain every word of the query.

    Matches must start a word, so that "RMA" does not find "Germany"; if there are none, matches inside words count.
    """
    wanted = query.lower().split()
    starts = [re.compile(rf"(?<!\w){re.escape(word)}") for word in wanted]
    found = [thing for thing in things if all(start.search(words(thing)) for start in starts)]
    return found or [thing for thing in things if all(word in words(thing) for word in wanted)]


def announced(codes, book):
    """Return the announced changes to policy values after the day of the book."""
    return tuple(
        Announced(code, later.valid_from, POLICIES[code].unit.show(later.value), later.basis)
        for code in codes
        for later in book.timeline(code)
        if later.valid_from > book.on
    )


def filled(text, book):
    """Return a sentence as Parts, with the values in force on the day of the book."""
    parts, place = [], 0
    for match in BRACES.finditer(text):
        parts.append(Part(text[place : match.start()]))
        parts.append(Part(book.cite(match[1])[match[1]], match[1], announced([match[1]], book)))
        place = match.end()
    return [part for part in (*parts, Part(text[place:])) if part.text]


def blocks(article, book):
    """Return the article's paragraphs and lists for display: [{"parts": parts} or {"points": [parts]}]."""
    shown = []
    for block in article.text.split("\n\n"):
        lines = block.splitlines()
        if all(line.startswith("- ") for line in lines):
            shown.append({"points": [filled(line[2:], book) for line in lines]})
        else:
            shown.append({"parts": filled(" ".join(lines), book)})
    return shown
