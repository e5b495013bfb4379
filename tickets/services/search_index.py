"""The search columns of a ticket, which grow with every text and file name added to it.

`search` is for partners and staff; internal notes and their files go to `search_internal`, which only the desk queries.
"""

import re
from functools import reduce
from operator import or_

from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db.models import Func, Value

from classound.models import Did
from hwaas.models import Device
from pbx.models import Pbx
from tickets.models import Ticket

LONGEST = 20_000  # characters of one text
# Distinct words per ticket: every change of a ticket writes all of them to the index again.
MOST = 4000
_APART = re.compile(r"[\W_]")


def first_words(subject, words):
    """Return the search vector of a new ticket: its subject first, then its answers; both are expressions (Value, Given)."""
    return SearchVector(subject, weight="A", config="english") + SearchVector(words, weight="B", config="english")


def names_in(answers):
    """Return the names of the PBXs that the answers are about and of their end users, each once: people look for a customer's requests."""
    assets = (thing for thing in answers.things() if isinstance(thing, Did | Device | Pbx))
    pbxs = (asset if isinstance(asset, Pbx) else asset.pbx for asset in assets)
    return dict.fromkeys(name for pbx in pbxs for name in (pbx.name, pbx.end_user.name))


def add(ticket, *texts, internal=False, **also):
    """Add texts to the ticket's search column, unless it is full; `also` ({column: value}) is written in the same UPDATE."""
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


def prepend(ticket, subject, words):
    """Prepend new first words (see `first_words`) to the ticket's search column, even if it is full; its previous words stay."""
    words = first_words(Value(subject), Value(words))
    both = Func(words, template="%(expressions)s || coalesce(search, '')", output_field=SearchVectorField())
    Ticket.objects.filter(pk=ticket.pk).update(search=both)


def phrase_query(names):
    """Return a query for any of these names (at least one), each matched as a phrase."""
    return reduce(or_, (SearchQuery(name, config="english", search_type="phrase") for name in names))


def name_in_words(name):
    """Return the name of a file, followed by its parts as separate words."""
    return f"{name} {_APART.sub(' ', name)}"
