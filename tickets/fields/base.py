"""Form fields that refer to objects of the partner's estate. A field is bound to the requesting partner, so anything that
belongs to another partner is not found: the same answer as for something that does not exist."""

from functools import reduce
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engine.prepared_queries import Parameter, PreparedQuery, prefetch
from web.user_input import name_matches, parse_text, starts_with

LIMIT = 200


class Candidate(NamedTuple):
    """One row of an asset picker: the value to submit and the texts shown."""

    value: str
    title: str
    detail: str
    answer: object


class AssetPicker(forms.Widget):
    """A searchable list of the partner's own assets; plain radio buttons or checkboxes, so it works without JavaScript."""

    template_name = "tickets/fields/asset_picker.html"
    use_fieldset = True
    many = False
    listed, url, nothing, query, exception = None, "", "", "", ""

    def get_context(self, name, value, attrs):
        """Add the picker's values: tickets.eligibility fills in `listed`; `url` searches for more; `nothing` is the empty-state text."""
        context = super().get_context(name, value, attrs)
        filled_in = ("listed", "many", "url", "nothing", "query", "exception")
        context["widget"] |= {name: getattr(self, name) for name in filled_in}
        return context

    def value_from_datadict(self, data, files, name):
        values = data.getlist(name) if hasattr(data, "getlist") else data.get(name)
        if self.many:
            return values if isinstance(values, list) else [values] if values else []
        return values[0] if isinstance(values, list) and values else values or None

    def format_value(self, value):
        return value if isinstance(value, list) else [value] if value else []


class AssetsPicker(AssetPicker):
    """A picker for several assets: checkboxes."""

    many = True


class PartnerField(forms.Field):
    """A field whose answers belong to the requesting partner."""

    partner = None
    lock = False

    def bind(self, partner, *, lock):
        """Restrict lookups to this partner's rows; with `lock`, rows are locked before they are read."""
        self.partner, self.lock = partner, lock


class AssetField(PartnerField):
    """A field whose answers are rows of one table, identified by their unique `key`."""

    key = "code"
    facts = ()  # the related rows that rules read
    listed = 60  # how many rows the picker lists at once; the rest are found by searching
    leading = None  # a condition: matching rows come first in the picker, as the others would be denied anyway

    @classmethod
    def queryset(cls):
        """Return all rows that can be chosen, regardless of their partner."""
        raise NotImplementedError

    def rows(self, queryset, limit=None):
        """Return the partner's rows of a queryset, at most `limit`, with their facts.

        Leading rows are fetched in a separate query: a single query would sort tens of thousands of rows to show a few.
        """
        found = queryset.of_partner(self.partner)
        first = list(found.filter(self.leading)[:limit]) if self.leading and limit else []
        others = found.exclude(self.leading)[: limit - len(first)] if first else found[:limit]
        return self.with_facts([*first, *others])

    def named(self, keys):
        """Return the partner's rows with these keys, with their facts, oldest first, locked if the field locks."""
        self.lock_rows(Q(**{f"{self.key}__in": keys}))
        return self.with_facts(_named(type(self), partner=self.partner.pk, keys=keys))

    def lock_rows(self, which):
        """If the field locks, lock the rows of its table that meet the condition, before they are read. Return their keys.

        In one statement, those joined to them (whose they are) would be read as they were before the wait (docs/decisions/0409).
        """
        return lock_in_turn(self.queryset().model.objects.filter(which)) if self.lock else []

    def with_facts(self, rows):
        """Prefetch the related rows that rules read, and return the rows."""
        prefetch(rows, *self.facts)
        return rows

    def offered(self, queryset, limit):
        """Return the partner's rows of a queryset, at most `limit`, as picker candidates."""
        return [self.candidate(row) for row in self.rows(queryset, limit)]


def lock_in_turn(rows):
    """Lock the rows of a queryset without joins, in the same order as everybody does. Return their keys."""
    return list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


_named = PreparedQuery(
    lambda kind: kind.queryset().of_partner(Parameter("partner")).filter(**{f"{kind.key}__among": Parameter("keys")}).order_by("pk"),
    by_key=True,
)


def clean_text(value):
    """Return the submitted text without surrounding spaces. Raise ValidationError for other JSON types, NUL or over-long text."""
    if not isinstance(value, str) or "\x00" in value or len(value) > 100:
        raise ValidationError(_("We cannot read this value."), code="invalid")
    return value.strip()


def plausible_values(values):
    """Return the values that could be a choice: what a form submits is not always what it displayed."""
    return [value for value in values if "\x00" not in value and len(value) <= 100][:LIMIT]


def clean_query(query):
    """Return the text typed into a picker, cleaned for the database search."""
    return parse_text(query, 100)


class OneOf(AssetField):
    """One row of the partner, by its unique code; the base of the fields below."""

    widget = AssetPicker
    many = False
    json_schema = {"type": "string", "maxLength": 100}
    also: tuple[str, ...] = ("name",)  # the lookups of the names whose words find a row, in addition to its key
    shows = ""  # the lookup of the row's display name, in addition to its key
    first = ()  # the picker sorts by these before it sorts by key
    unknown = ""
    nothing = ""  # the picker's text when there are no rows

    def present(self):
        """Return the rows worth offering in the picker."""
        return self.queryset()

    def clean(self, value):
        if not value:
            if self.required:
                raise ValidationError(_("Choose one."), code="required")
            return None
        key = clean_text(value)
        for row in self.named([key]):
            return row
        raise ValidationError(self.unknown % {"value": key}, code="unknown")

    def candidates(self, query, limit):
        """Return candidates matching the query, at most `limit`."""
        rows = self.present().filter(self.matching(clean_query(query)))
        return self.offered(rows.order_by(*self.first, self.key), limit)

    def matching(self, text):
        """Return the condition for rows matching a search text; "" matches all."""
        return starts_with(text, self.key) | name_matches(text, *self.also)

    @classmethod
    def everything(cls):
        """Return all present and past rows, with the related rows needed to display them."""
        return cls.queryset()

    def anywhere(self, codes):
        """Return the rows with these codes regardless of their partner, for the care team."""
        return list(self.everything().filter(**{f"{self.key}__in": codes}))

    def titles(self, codes, partner):
        """Return the display names of the partner's rows with these codes: {code: name}; does not fetch the facts for rules."""
        rows = self.everything().of_partner(partner).filter(**{f"{self.key}__in": codes}) if self.shows else None
        return dict(rows.values_list(self.key, self.shows)) if self.shows else {}

    def title(self, row):
        """Return the row's display name without a query."""
        return reduce(getattr, self.shows.split("__"), row) if self.shows else ""

    def called(self, code, title):
        """Return a row as shown among the answers."""
        return f"{title} ({code})"

    def ticked(self, values):
        """Return the values that can be chosen, as candidates; the number of queries does not depend on how many there are."""
        return self.offered(self.present().filter(**{f"{self.key}__in": plausible_values(values)}).order_by(self.key), LIMIT)

    def as_json(self, row):
        return getattr(row, self.key)


class SeveralOf(OneOf):
    """Several rows of the partner, by their unique codes; cleans to a list of rows in the order entered."""

    widget = AssetsPicker
    many = True
    json_schema = {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 100}, "minItems": 1, "maxItems": LIMIT}

    def clean(self, value):
        asked = list(dict.fromkeys(clean_text(v) for v in value or [] if v != ""))
        if self.required and not asked:
            raise ValidationError(_("Choose at least one."), code="required")
        if len(asked) > LIMIT:
            raise ValidationError(_("Enter at most %(limit)s in one request.") % {"limit": LIMIT}, code="too_many")
        found = {getattr(row, self.key): row for row in self.named(asked)}
        if errors := [ValidationError(self.unknown % {"value": code}, code="unknown") for code in asked if code not in found]:
            raise ValidationError(errors)
        return [found[code] for code in asked]

    def as_json(self, rows):
        return [getattr(row, self.key) for row in rows]
