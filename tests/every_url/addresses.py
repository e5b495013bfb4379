"""Every URL of the project, with arguments that name Nord's things."""

import itertools
import re
from typing import NamedTuple

from django.apps import apps
from django.urls import URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")


class Address(NamedTuple):
    """A URL: its path, the pattern behind it, the name of its view and the arguments it was filled with."""

    path: str
    pattern: str
    name: str
    arguments: dict
    view: object

    @property
    def is_api(self):
        return self.path.startswith("/api/")


def patterns(resolver=None, before="", namespace=""):
    """Yield (pattern, name, view) of every view of the project, in the order in which Django matches them."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = before + (str(entry.pattern) if isinstance(entry.pattern, RoutePattern) else str(entry.pattern).strip("^$"))
        if isinstance(entry, URLResolver):
            yield from patterns(entry, path, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        else:
            yield path, f"{namespace}{entry.name or ''}", entry.callback


def addresses(values):
    """Return every Address, where `values` are {(beginning of the pattern, argument): [value]}; the longest beginning wins.

    Raises LookupError for an argument without a value, so that no view stays untested.
    """
    return [address for pattern, name, view in patterns() for address in filled(pattern, name, view, values)]


def filled(pattern, name, view, values):
    arguments = [route or regex for route, regex in ARGUMENT.findall(pattern)]
    choices = [_values(pattern, argument, values) for argument in arguments]
    for chosen in itertools.product(*choices):
        path = ARGUMENT.sub("{}", pattern).format(*chosen)
        yield Address("/" + path, pattern, name, dict(zip(arguments, chosen, strict=True)), view)


def _values(pattern, argument, values):
    fitting = [key for key in values if key[1] == argument and pattern.startswith(key[0])]
    model = re.match(r"admin/(\w+)/(\w+)/<path:object_id>", pattern)
    if argument == "object_id" and model:
        row = apps.get_model(*model.groups())._default_manager.order_by("pk").first()
        if row is None:
            raise LookupError(f"tests/every_url/scene.py makes no {model[2]}, so nobody looks whether its admin pages are walled.")
        return [row.pk]
    if not fitting:
        raise LookupError(
            f"The address {pattern} has an argument <{argument}> without a value. Add one to `values` in tests/every_url/scene.py that "
            "names a thing of Nord's, so that the tests see whether others are kept out."
        )
    return values[max(fitting, key=lambda key: len(key[0]))]
