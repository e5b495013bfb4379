"""API: the queries of lists, and those lists that are short and always complete."""

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response


class WholeList(serializers.Serializer):
    """The answer of a list that is short and always complete: there is no further page."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


def complete(request, results):
    """The answer of a list of which there is one page only, and nothing to narrow it by. Raises ValidationError (400)."""
    refuse_strange(request, ())
    return Response({"next": None, "previous": None, "results": results})


def refuse_strange(request, known, several=()):
    """Raises ValidationError (400) for each name of the query that is not `known`: left out, it would show too much.

    So does one that is there twice, unless it takes `several` values: all but the last would be left out.
    """
    message = _("There is no such filter. Available filters: %(names)s.") % {"names": ", ".join(sorted(known))}
    message = message if known else _("There is no such filter: this list is always complete, on one page.")
    if strange := request.query_params.keys() - set(known):
        raise ValidationError({name[:60]: [message] for name in sorted(strange)[:20]})
    if twice := [name for name in request.query_params if name not in several and len(request.query_params.getlist(name)) > 1]:
        raise ValidationError({name: [_("Specify this only once: it takes one value.")] for name in sorted(twice)})
