"""A field of several rows, each a small form: the addresses of a list of numbers, the lines of an invoice."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.fields.base import PartnerField
from web.json_forms import schema_of

MOST = 100


def plain(fields, answers):
    """Return cleaned answers ({name: value}) of form fields ({name: field}) as plain JSON, in a shape that binds the form again."""
    return {name: _plain(fields[name], value) for name, value in answers.items() if value not in (None, "", [])}


def _plain(field, value):
    if hasattr(field, "as_json"):
        return field.as_json(value)
    return str(value) if isinstance(value, Decimal) else value


class RowsWidget(forms.Widget):
    """Rows of inputs named FIELD-0-name, FIELD-1-name …; the page can add and remove rows, and empty rows are ignored."""

    template_name = "tickets/fields/rows.html"
    use_fieldset = True
    bound_rows = ()

    def __init__(self, row_form, attrs=None, *, most=MOST):
        super().__init__(attrs)
        self.row_form, self.most = row_form, most

    def value_from_datadict(self, data, files, name):
        if not hasattr(data, "getlist"):
            return data.get(name)
        inputs = re.compile(rf"{re.escape(name)}-(\d{{1,4}})-({'|'.join(self.row_form.base_fields)})")
        rows = {}
        for key in data:
            if found := inputs.fullmatch(key):
                rows.setdefault(int(found[1]), {})[found[2]] = data[key]
        return [rows[index] for index in sorted(rows) if self.counts(rows[index])]

    def counts(self, row):
        """Return whether any input of the row is filled in."""
        return any(str(value).strip() for value in row.values())

    def format_value(self, value):
        return value if isinstance(value, list) else []

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"] |= self.listed(name, value)
        return context

    def listed(self, name, value):
        """Return the rows for the page: as submitted, or with their initial values."""
        shown = [self.sent_again(row, f"{name}-{index}") for index, row in enumerate(self.bound_rows)] or [
            self.row_form(initial=row, prefix=f"{name}-{index}", use_required_attribute=False)
            for index, row in enumerate(self.format_value(value) or [{}])
            if isinstance(row, dict)
        ]
        blank = self.row_form(prefix=f"{name}-__row__", use_required_attribute=False)
        return {"rows": shown, "blank": blank, "most": self.most}

    def sent_again(self, row, prefix):
        """Return the row as submitted, with its errors, under its input names."""
        data = {f"{prefix}-{name}": value for name, value in row.data.items()}
        shown = self.row_form(data, prefix=prefix, use_required_attribute=False)
        shown._errors, shown.cleaned_data = row.errors, row.cleaned_data
        for name in shown.fields.keys() & row.errors.keys():
            shown._errors[name].field_id = shown[name].auto_id  # the input's own id; otherwise it would be the same in every row
        return shown


class RowsField(PartnerField):
    """One or more rows of `row_form`; cleans to a list of the rows' cleaned data. Errors name their row and field."""

    many = True
    in_order = True  # the page numbers the rows in the order submitted
    none = gettext_lazy("Fill in at least one row.")  # the error when there are no rows

    def __init__(self, row_form, *, most=MOST, **kwargs):
        super().__init__(widget=RowsWidget(row_form, most=most), **kwargs)
        self.row_form, self.most = row_form, most

    @property
    def json_schema(self):
        return {"type": "array", "items": schema_of(self.row_form), "minItems": int(self.required), "maxItems": self.most}

    def clean(self, value):
        rows = value or []
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ValidationError(_("We cannot read this value."), code="invalid")
        if self.required and not rows:
            raise ValidationError(self.none, code="required")
        if len(rows) > self.most:
            raise ValidationError(_("Enter at most %(limit)s in one request.") % {"limit": self.most}, code="too_many")
        gathered = self._gathered(rows)
        self.widget.bound_rows = forms_of_rows = [self._bound(row, gathered) for row in rows]
        self.valid_rows = [form.cleaned_data for form in forms_of_rows if form.is_valid()]
        places = [self.place(form, number, len(rows)) for number, form in enumerate(forms_of_rows, 1)]
        errors = [error for at, form in enumerate(forms_of_rows) for error in _errors(form, places[at], f"-{at}-" if self.in_order else "")]
        if errors:
            raise ValidationError(errors)
        return [form.cleaned_data for form in forms_of_rows]

    def place(self, form, number, count):
        """Return how errors refer to the row: its number if there are several."""
        return _("Row %(number)s") % {"number": number} if count > 1 else ""

    def _gathered(self, rows):
        """Look up the objects that the rows' fields refer to, with as many queries for 100 rows as for one: {field name: result}."""
        gathered = {}
        for name, field in self.row_form().fields.items():
            if self.partner and hasattr(field, "gather"):
                field.bind(self.partner, lock=self.lock)
                gathered[name] = field.gather([row.get(name) for row in rows])
        return gathered

    def _bound(self, row, gathered):
        form = self.row_form(row)
        for name, field in form.fields.items():
            if isinstance(field, PartnerField) and self.partner:
                field.bind(self.partner, lock=self.lock)
            if name in gathered:
                field.found = gathered[name]
        form.is_valid()
        return form

    def as_json(self, rows):
        return [plain(self.row_form.base_fields, row) for row in rows]


def _errors(form, row, inputs):
    """Yield one ValidationError for each error of a row, prefixed with the name of the row.

    Its `at` is (suffix of the input's id after the field's id, starting with `inputs`; name of the place; bare message).
    """
    for name, errors in form.errors.as_data().items():
        label = form.fields[name].label if name in form.fields else ""
        place = " · ".join(filter(None, (row, str(label or ""))))
        for error in errors:
            code = "required" if error.code == "required" else "row"
            for message in error.messages:
                found = ValidationError(f"{place}: {message}" if place else message, code=code)
                found.at = (inputs and f"{inputs}{name}", place, message) if label else None
                yield found
