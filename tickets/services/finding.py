"""What makes a ticket findable by words and names: its search columns grow with what is written and attached.

`search` is what partners may find too; notes and their files go to `search_internal`, which only the desk asks.
"""

import re
from functools import reduce
from operator import or_

from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db.models import Func, Value

from tickets.models import Ticket

LONGEST = 20_000  # characters of one text
# Different words of one ticket: every change of a ticket writes each of them into the index anew.
MOST = 4000
_APART = re.compile(r"[\W_]")


def first_words(subject, words):
    """The search column of a new ticket: its subject first, then what was asked; both are expressions (Value, Given)."""
    return SearchVector(subject, weight="A", config="english") + SearchVector(words, weight="B", config="english")


def add(ticket, *texts, internal=False, **also):
    """Make the ticket findable by these texts as well; `also` is written in the same UPDATE. Once a ticket is full, it stays as it is."""
    column = "search_internal" if internal else "search"
    grown = Func(
        Value("\n".join(texts)[:LONGEST]),
        template=(
            f"CASE WHEN length(coalesce({column}, '')) < {MOST} "
            f"THEN coalesce({column}, '') || setweight(to_tsvector('english', %(expressions)s), 'C') ELSE {column} END"
        ),
        output_field=SearchVectorField(),
    )
    Ticket.objects.filter(pk=ticket.pk).update(**{column: grown}, **also)


def also(ticket, subject, words):
    """Make the ticket findable by other first words as well (see `first_words`), however full it is; what it was found by stays."""
    words = first_words(Value(subject), Value(words))
    both = Func(words, template="%(expressions)s || coalesce(search, '')", output_field=SearchVectorField())
    Ticket.objects.filter(pk=ticket.pk).update(search=both)


def naming(names):
    """What the search columns are asked for any of these names, each as it is written; at least one."""
    return reduce(or_, (SearchQuery(name, config="english", search_type="phrase") for name in names))


def name_in_words(name):
    """The name of a file as it is, and with its parts as words of their own."""
    return f"{name} {_APART.sub(' ', name)}"
