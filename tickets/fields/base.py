"""Form fields that name things of the partner's estate. A field is bound to the partner that asks, so that whatever belongs
to somebody else is simply not found: the same answer as for what does not exist."""

from functools import reduce
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from engine.prepared import Given, Prepared, read_ahead
from web.typed import begins_with, called, text_of

LIMIT = 200


class Candidate(NamedTuple):
    """One row of an asset picker: the value to send, and what people see."""

    value: str
    title: str
    detail: str
    answer: object


class AssetPicker(forms.Widget):
    """A searchable list of the partner's own things; plain radio buttons or checkboxes, so it works without JavaScript."""

    template_name = "tickets/fields/asset_picker.html"
    use_fieldset = True
    many = False
    listed, url, nothing, query, exception = None, "", "", "", ""

    def get_context(self, name, value, attrs):
        """What is `listed` is filled in by tickets.eligibility; when there are more, `url` finds them. `nothing`: there is none."""
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
    """A picker for several things: checkboxes."""

    many = True


class PartnerField(forms.Field):
    """A field whose answers belong to the partner that asks."""

    partner = None
    lock = False

    def bind(self, partner, *, lock):
        """Look only among this partner's things from now on; with `lock`, lock the rows that are read."""
        self.partner, self.lock = partner, lock


class AssetField(PartnerField):
    """A field whose answers are rows of one table, named by their unique `key`."""

    key = "code"
    facts = ()  # the related rows that rules look at
    listed = 60  # how many the picker lists at once; who has more searches
    leading = None  # a condition: such rows lead the picker, for others are refused anyway

    @classmethod
    def queryset(cls):
        """The rows that can be named at all, whosever they are."""
        raise NotImplementedError

    def rows(self, queryset, limit=None):
        """The partner's rows of a queryset, at most `limit`, with their facts, locked when asked for.

        Those that lead are asked for alone: one question for all would put tens of thousands in order to show a few.
        """
        found = of_partner(queryset, self.partner, lock=self.lock)
        led = list(found.filter(self.leading)[:limit]) if self.leading and limit else []
        others = found.exclude(self.leading)[: limit - len(led)] if led else found[:limit]
        return self.with_facts([*led, *others])

    def named(self, keys):
        """The partner's rows with these keys, with their facts, by age."""
        return self.with_facts(_named(type(self), self.lock, partner=self.partner.pk, keys=keys))

    def with_facts(self, rows):
        """The rows, and with them the related ones that rules look at."""
        read_ahead(rows, *self.facts)
        return rows

    def offered(self, queryset, limit):
        """The partner's rows of a queryset, at most `limit`, as the picker shows them."""
        return [self.candidate(row) for row in self.rows(queryset, limit)]


def of_partner(queryset, partner, *, lock):
    """The partner's rows of a queryset, with `lock` locked as they are read."""
    rows = queryset.of_partner(partner)
    return rows.select_for_update(no_key=True, of=("self",)) if lock else rows


_named = Prepared(
    lambda kind, lock: (
        of_partner(kind.queryset(), Given("partner"), lock=lock).filter(**{f"{kind.key}__among": Given("keys")}).order_by("pk")
    ),
    by_key=True,
)


def written(value):
    """The text a person or program wrote, or a ValidationError: no other JSON, no NUL, not endless."""
    if not isinstance(value, str) or "\x00" in value or len(value) > 100:
        raise ValidationError(_("This is not a value we can read."), code="invalid")
    return value.strip()


def readable(values):
    """Those of the values that could be somebody's choice: what a form sends back need not be what it showed."""
    return [value for value in values if "\x00" not in value and len(value) <= 100][:LIMIT]


def searched(query):
    """What somebody types into a picker, as the database can look for it."""
    return text_of(query, 100)


class OneOf(AssetField):
    """One row of the partner by its unique code; the base of the fields below."""

    widget = AssetPicker
    many = False
    json_schema = {"type": "string", "maxLength": 100}
    also = "name"
    shows = ""  # where a row has the name that people know it by, beside its key
    first = ()  # the orders in which the picker lists rows, before that of the key
    unknown = ""
    nothing = ""  # what the picker says where there is none

    def present(self):
        """The rows worth offering in the picker."""
        return self.queryset()

    def clean(self, value):
        if not value:
            if self.required:
                raise ValidationError(_("Choose one."), code="required")
            return None
        key = written(value)
        for row in self.named([key]):
            return row
        raise ValidationError(self.unknown % {"value": key}, code="unknown")

    def candidates(self, query, limit):
        """Rows to choose from, at most `limit`: by the beginning of their code, or by the words of the field `also`."""
        rows = self.present()
        if text := searched(query):
            rows = rows.filter(begins_with(text, self.key) | called(text, self.also))
        return self.offered(rows.order_by(*self.first, self.key), limit)

    @classmethod
    def everything(cls):
        """The rows that there are or were, with what is shown of them."""
        return cls.queryset()

    def anywhere(self, codes):
        """The rows of these codes whosever they are, for the care team."""
        return list(self.everything().filter(**{f"{self.key}__in": codes}))

    def titles(self, codes, partner):
        """What people call the rows of these codes: {code: name}, as far as they are the partner's; without the facts of rules."""
        rows = self.everything().of_partner(partner).filter(**{f"{self.key}__in": codes}) if self.shows else None
        return dict(rows.values_list(self.key, self.shows)) if self.shows else {}

    def title(self, row):
        """What people call this row, without asking the database."""
        return reduce(getattr, self.shows.split("__"), row) if self.shows else ""

    def called(self, code, title):
        """A row as answers show it."""
        return f"{title} ({code})"

    def ticked(self, values):
        """Those of the values that can be chosen, as candidates; in as many queries however many there are."""
        return self.offered(self.present().filter(**{f"{self.key}__in": readable(values)}).order_by(self.key), LIMIT)

    def as_json(self, row):
        return getattr(row, self.key)


class SeveralOf(OneOf):
    """Several rows of the partner by their unique codes; cleans to a list of rows in the order they were written."""

    widget = AssetsPicker
    many = True
    json_schema = {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 100}, "minItems": 1, "maxItems": LIMIT}

    def clean(self, value):
        asked = list(dict.fromkeys(written(v) for v in value or [] if v != ""))
        if self.required and not asked:
            raise ValidationError(_("Choose at least one."), code="required")
        if len(asked) > LIMIT:
            raise ValidationError(_("Name at most %(limit)s in one request.") % {"limit": LIMIT}, code="too_many")
        found = {getattr(row, self.key): row for row in self.named(asked)}
        if errors := [ValidationError(self.unknown % {"value": code}, code="unknown") for code in asked if code not in found]:
            raise ValidationError(errors)
        return [found[code] for code in asked]

    def as_json(self, rows):
        return [getattr(row, self.key) for row in rows]
