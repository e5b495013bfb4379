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
    """Cleaned answers ({name: value}) of form fields ({name: field}) as plain JSON, in the shape that binds the form again."""
    return {name: _plain(fields[name], value) for name, value in answers.items() if value not in (None, "", [])}


def _plain(field, value):
    if hasattr(field, "as_json"):
        return field.as_json(value)
    return str(value) if isinstance(value, Decimal) else value


class RowsWidget(forms.Widget):
    """Rows of inputs named FIELD-0-name, FIELD-1-name …; rows are added and taken away in the page, and empty ones do not count."""

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
        """Whether a row of inputs says anything."""
        return any(str(value).strip() for value in row.values())

    def format_value(self, value):
        return value if isinstance(value, list) else []

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"] |= self.listed(name, value)
        return context

    def listed(self, name, value):
        """What the page shows of the rows: as they were sent, or as they are given."""
        shown = [self.sent_again(row, f"{name}-{index}") for index, row in enumerate(self.bound_rows)] or [
            self.row_form(initial=row, prefix=f"{name}-{index}", use_required_attribute=False)
            for index, row in enumerate(self.format_value(value) or [{}])
            if isinstance(row, dict)
        ]
        blank = self.row_form(prefix=f"{name}-__row__", use_required_attribute=False)
        return {"rows": shown, "blank": blank, "most": self.most}

    def sent_again(self, row, prefix):
        """The row as it was sent, with its errors, under the names of its inputs."""
        data = {f"{prefix}-{name}": value for name, value in row.data.items()}
        shown = self.row_form(data, prefix=prefix, use_required_attribute=False)
        shown._errors, shown.cleaned_data = row.errors, row.cleaned_data
        for name in shown.fields.keys() & row.errors.keys():
            shown._errors[name].field_id = shown[name].auto_id  # the id that its input names; without it the same in every row
        return shown


class RowsField(PartnerField):
    """One or more rows of `row_form`; cleans to a list of the rows' cleaned data. Errors name their row and field."""

    many = True
    in_order = True  # the page numbers the rows as they were sent
    none = gettext_lazy("Fill in at least one row.")  # the error where there is none

    def __init__(self, row_form, *, most=MOST, **kwargs):
        super().__init__(widget=RowsWidget(row_form, most=most), **kwargs)
        self.row_form, self.most = row_form, most

    @property
    def json_schema(self):
        return {"type": "array", "items": schema_of(self.row_form), "minItems": int(self.required), "maxItems": self.most}

    def clean(self, value):
        rows = value or []
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ValidationError(_("This is not a value we can read."), code="invalid")
        if self.required and not rows:
            raise ValidationError(self.none, code="required")
        if len(rows) > self.most:
            raise ValidationError(_("Name at most %(limit)s in one request.") % {"limit": self.most}, code="too_many")
        gathered = self._gathered(rows)
        self.widget.bound_rows = forms_of_rows = [self._bound(row, gathered) for row in rows]
        self.valid_rows = [form.cleaned_data for form in forms_of_rows if form.is_valid()]
        places = [self.place(form, number, len(rows)) for number, form in enumerate(forms_of_rows, 1)]
        errors = [error for at, form in enumerate(forms_of_rows) for error in _errors(form, places[at], f"-{at}-" if self.in_order else "")]
        if errors:
            raise ValidationError(errors)
        return [form.cleaned_data for form in forms_of_rows]

    def place(self, form, number, count):
        """What an error of a row calls it: its number where there are several."""
        return _("Row %(number)s") % {"number": number} if count > 1 else ""

    def _gathered(self, rows):
        """What the rows' fields name, found with as many queries for a hundred rows as for one: {field name: what was found}."""
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
    """One sentence for each error of a row, with what the row is called.

    `at`: how the id of its input goes on after the field's, which begins with `inputs`, what that is called, and the bare message.
    """
    for name, errors in form.errors.as_data().items():
        label = form.fields[name].label if name in form.fields else ""
        place = " · ".join(filter(None, (row, str(label or ""))))
        for error in errors:
            code = "required" if error.code == "required" else "row"
            for message in error.messages:
                told = ValidationError(f"{place}: {message}" if place else message, code=code)
                told.at = (inputs and f"{inputs}{name}", place, message) if label else None
                yield told
