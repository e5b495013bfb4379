"""The articles of the knowledge base, one for each question of the FAQ, read from the files beside this one.

A figure that a policy value governs is never written in an article: it is named by its code in braces and filled in from the
policy book when somebody reads it, with what is announced for later. So an article cannot contradict the rules.
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
    """One article: the FAQ's `question` it answers, its own `title` and `text`, the rules and types of request it is about.

    `before` are types before which it is offered though it sends nobody there, `first_of` the topics of a general question that
    begin with it.
    `called` are other words in which partners ask it.
    `page` is the name of the portal's page on which partners find the answer themselves, `self_service` says what is there.
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
    called: str = ""

    @property
    def policies(self):
        """The codes of the policy values that the article names."""
        return tuple(dict.fromkeys(BRACES.findall(self.text)))

    @property
    def words(self):
        """Everything a search looks at, in small letters."""
        return " ".join((self.title, self.called, self.question, BRACES.sub("", self.text), self.self_service, *self.rules)).lower()


class Announced(NamedTuple):
    """Another value of a policy, from a day on that is still to come; `basis` "origin": for what begins from then on."""

    code: str
    valid_from: object
    value: str
    basis: str = "request"


class Part(NamedTuple):
    """A piece of a text: plain words, or a value in force with what is announced for it."""

    text: str
    code: str = ""
    announced: tuple = ()


@cache
def articles():
    """{slug: Article}, in the order of the FAQ's topics."""
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
                entry.get("called", ""),
            )
    return found


@cache
def article_of_rule(code):
    """The Article behind a rule: the one of its FAQ question; None for a rule that is not there."""
    rule = RULES.get(code)
    return next((article for article in articles().values() if rule and article.question == rule.article), None)


def articles_of_type(code, most=2):
    """The Articles to offer before a request of this type: those of few types first, and of these the ones with most rules."""
    about = [article for article in articles().values() if code in (*article.types, *article.before)]
    return sorted(about, key=lambda article: (code in article.before, len(article.types), -len(article.rules)))[:most]


def articles_of_topic(topic):
    """The Articles to offer before a general question of a topic, as long as nothing is typed."""
    return [article for article in articles().values() if topic in article.first_of]


def search(query):
    """The Articles that have every word of the query (or a rule by its code), those with it in the title first."""
    found = having(articles().values(), query, words=lambda article: article.words)
    return sorted(found, key=lambda article: -sum(word in article.title.lower() for word in query.lower().split()))


def having(things, query, *, words):
    """Those of the things whose `words`, in small letters, have every word of the query.

    Words begin so: an RMA is not looked for in Germany. Where none does, a part within a word will do.
    """
    wanted = query.lower().split()
    begun = [re.compile(rf"(?<!\w){re.escape(word)}") for word in wanted]
    found = [thing for thing in things if all(word.search(words(thing)) for word in begun)]
    return found or [thing for thing in things if all(word in words(thing) for word in wanted)]


def announced(codes, book):
    """What is announced for policy values after the day of the book."""
    return tuple(
        Announced(code, later.valid_from, POLICIES[code].unit.show(later.value), later.basis)
        for code in codes
        for later in book.timeline(code)
        if later.valid_from > book.on
    )


def filled(text, book):
    """A sentence as Parts, with the values in force on the day of the book."""
    parts, place = [], 0
    for match in BRACES.finditer(text):
        parts.append(Part(text[place : match.start()]))
        parts.append(Part(book.cite(match[1])[match[1]], match[1], announced([match[1]], book)))
        place = match.end()
    return [part for part in (*parts, Part(text[place:])) if part.text]


def blocks(article, book):
    """The article's paragraphs and lists to show: [{"parts"} or {"points": [parts]}]."""
    shown = []
    for block in article.text.split("\n\n"):
        lines = block.splitlines()
        if all(line.startswith("- ") for line in lines):
            shown.append({"points": [filled(line[2:], book) for line in lines]})
        else:
            shown.append({"parts": filled(" ".join(lines), book)})
    return shown
