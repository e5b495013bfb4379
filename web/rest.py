"""Base classes for the lists and details of the API: rows only through visible_to, named filters and orders."""

from functools import cache

from django.core.exceptions import ValidationError
from django.forms import ChoiceField, ModelChoiceField, MultipleChoiceField
from django.http import Http404
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend, MultipleChoiceFilter
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.serializers import SerializerMethodField
from rest_framework.viewsets import ReadOnlyModelViewSet

from policies.api_lists import reject_unknown_parameters
from web.json_forms import NO_CHOICE
from web.paging import keyset
from web.problems import Invalid
from web.user_input import parse_number

DEFAULT_ROWS, MOST_ROWS = 50, 200
_PAGING = {"after", "before", "page_size", "ordering"}


class KeysetPagination(BasePagination):
    """Cursor pagination (`after`, `before`) with `page_size` rows, in one of the view's `orders`; the first one is the default.

    Responses are {"next": address or null, "previous": address or null, "results": [...]}.
    """

    def paginate_queryset(self, queryset, request, view=None):
        ordering = request.query_params.get("ordering") or next(iter(view.orders))
        if ordering not in view.orders:
            raise Invalid({"ordering": [_("Order by one of %(names)s.") % {"names": ", ".join(view.orders)}]})
        try:
            self.page = keyset(queryset, view.orders[ordering], request, size=self._size(request))
        except (Http404, ValueError, TypeError, ValidationError):  # manipulated, or from another list or order
            name = "before" if "before" in request.query_params else "after"
            raise Invalid({name: [_("This cursor does not belong to this list and order.")]}) from None
        self.request = request
        return self.page.rows

    @staticmethod
    def _size(request):
        size = parse_number(request.query_params.get("page_size", str(DEFAULT_ROWS)))
        if not size or size > MOST_ROWS:
            raise Invalid({"page_size": [_("Enter a number from 1 to %(most)s.") % {"most": MOST_ROWS}]})
        return size

    def get_paginated_response(self, data):
        return Response({"next": self._address(self.page.older_url), "previous": self._address(self.page.newer_url), "results": data})

    def _address(self, query):
        return self.request.build_absolute_uri(query) if query else None

    def get_paginated_response_schema(self, schema):
        link = {"type": ["string", "null"], "format": "uri"}
        properties = {"next": link, "previous": link, "results": schema}
        return {"type": "object", "required": list(properties), "properties": properties}

    def get_schema_operation_parameters(self, view):
        orders = list(getattr(view, "orders", ()))
        sizes = {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": DEFAULT_ROWS}
        return [
            _parameter("after", "A cursor, as in `next`.", {"type": "string"}),
            _parameter("before", "A cursor, as in `previous`; empty for the last page.", {"type": "string"}),
            _parameter("page_size", "Rows per page.", sizes),
            _parameter("ordering", "The order of the rows.", {"type": "string", "enum": orders, "default": next(iter(orders), None)}),
        ]


def _parameter(name, description, schema):
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


class StrictFilterBackend(DjangoFilterBackend):
    """Filters by the view's FilterSet. An unknown name, or one without a value, is refused: ignoring it would return too much."""

    def filter_queryset(self, request, queryset, view):
        filterset = self.get_filterset_class(view, queryset)
        filters = filterset.base_filters if filterset else {}
        known = _PAGING | set(filters)
        reject_unknown_parameters(request, known, several=[name for name in filters if isinstance(filters[name], MultipleChoiceFilter)])
        if empty := [name for name in sorted(known - {"after", "before"}) if request.query_params.get(name) == ""]:
            raise Invalid({name: [_("Specify a value, or omit the parameter.")] for name in empty})
        return super().filter_queryset(request, queryset, view)

    def get_filterset(self, request, queryset, view):
        """Return the view's filters; on an invalid choice they list the valid ones."""
        filterset = super().get_filterset(request, queryset, view)
        fields = filterset.form.fields if filterset else {}
        for field in (fields[name] for name in request.query_params if name in fields):
            if isinstance(field, ChoiceField | MultipleChoiceField) and not isinstance(field, ModelChoiceField):
                names = ", ".join(str(value) for value, _label in field.choices if value)
                field.error_messages["invalid_choice"] = NO_CHOICE % {"names": names}
        return filterset


class ReadOnly:
    """Mixin for read-only serializers: fields are set up once, not for every response. None of them may be a serializer."""

    def to_representation(self, row):
        return {name: tell(self, row) for name, tell in self.tellers()}

    @classmethod
    @cache
    def tellers(cls):
        """Return [(name, function of serializer and row)]."""
        return [(name, _reader(field)) for name, field in cls().fields.items()]


def _reader(field):
    if isinstance(field, SerializerMethodField):
        return lambda serializer, row: getattr(serializer, field.method_name)(row)
    return lambda _serializer, row: None if (value := field.get_attribute(row)) is None else field.to_representation(value)


class OwnedRows(ReadOnlyModelViewSet):
    """A list and its details. `queryset` is limited to rows visible to the caller; anything else is 404.

    `orders` maps the values of `ordering` to two columns, the second of which is unique; the first order is the default.
    """

    pagination_class = KeysetPagination
    filter_backends = [StrictFilterBackend]
    filterset_class = None
    # Keys are texts of the operator and may contain a slash or a question mark.
    lookup_value_regex = ".+"
    orders: dict = {}

    def get_queryset(self):
        return super().get_queryset().visible_to(self.request.user)

    def get_object(self):
        key = self.kwargs[self.lookup_field]
        if "\x00" in key or not key.isprintable():
            raise Http404
        # Filters are for lists; a detail is found by its key alone.
        row = self.get_queryset().filter(**{self.lookup_field: key}).first()
        if row is None:
            raise Http404
        return row
