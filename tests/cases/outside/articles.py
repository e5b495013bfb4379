"""Things that do not exist: rules about which a question gets an answer. Where there could be a way around them, it is tried."""

from django.apps import apps

from knowledge.articles import articles, articles_of_type, search
from policies.catalog import POLICIES
from tickets.types import TYPES


def found_by_words(facts):
    """Return the articles about the rules of the case that a search for these `words` finds."""
    return _cited(search(facts["words"]), facts)


def offered_before_request(facts):
    """Return the articles about the rules of the case that are offered before a `request` of this type."""
    return _cited(articles_of_type(facts["request"]), facts)


def links_to_request(facts):
    """Return whether the `article` links to a `request` of this type."""
    article = articles()[facts["article"]]
    return _cited([article], facts) if facts["request"] in article.types else []


def _cited(found, facts):
    return [f"{rule} {article.slug}" for article in found for rule in article.rules if rule in facts["about"]]


def fields_and_columns(facts):
    """Return everything in the forms of all requests, in the tables and among the policy values that has this `name` in its own."""
    fields = [f"{kind.code}: {name}" for kind in TYPES.values() for name in kind.form.base_fields]
    columns = [f"{model._meta.label}: {column.name}" for model in apps.get_models() for column in model._meta.concrete_fields]
    return sorted(what for what in {*fields, *columns, *POLICIES} if facts["name"] in what.lower())
