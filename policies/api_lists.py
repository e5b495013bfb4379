"""API: checks of list queries, and lists that are short and always complete."""

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response


class CompleteList(serializers.Serializer):
    """The response of a short list that is always complete: it has only one page."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


def whole_list_response(request, results):
    """Return the response of a list with one page and no filters. Raises ValidationError (400)."""
    reject_unknown_parameters(request, ())
    return Response({"next": None, "previous": None, "results": results})


def reject_unknown_parameters(request, known, several=()):
    """Raise ValidationError (400) for each query parameter that is not `known`: ignoring it would show too much.

    The same goes for a repeated parameter, unless it takes `several` values: all but the last would be ignored.
    """
    message = _("There is no such filter. Available filters: %(names)s.") % {"names": ", ".join(sorted(known))}
    message = message if known else _("There is no such filter: this list is always complete, on one page.")
    if strange := request.query_params.keys() - set(known):
        raise ValidationError({name[:60]: [message] for name in sorted(strange)[:20]})
    if twice := [name for name in request.query_params if name not in several and len(request.query_params.getlist(name)) > 1]:
        raise ValidationError({name: [_("Specify this only once: it takes one value.")] for name in sorted(twice)})
