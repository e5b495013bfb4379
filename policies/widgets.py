"""Form widgets for the units of policy values; they work without JavaScript."""

from django import forms
from django.utils.translation import gettext_lazy as _

from policies.codes import KINDS
from policies.days import UNITS, parse_duration
from policies.tables import MOST_ROWS

SPARE_ROWS = 2


class DurationWidget(forms.MultiWidget):
    """A number and its unit."""

    template_name = "policies/widgets/duration.html"

    def __init__(self):
        number = forms.NumberInput(attrs={"min": 0, "step": 1, "aria-label": _("amount"), "class": "policy-short"})
        unit = forms.Select(choices=[(unit, f"{unit}s") for unit in UNITS], attrs={"aria-label": _("unit")})
        super().__init__([number, unit])

    def decompress(self, value):
        if not value:
            return ["", ""]
        duration = parse_duration(value)
        return [duration.amount, duration.unit]


class WindowWidget(forms.MultiWidget):
    """Two times on one day; the end may be 24:00, which the browser's time input does not support."""

    template_name = "policies/widgets/window.html"

    def __init__(self):
        attrs = {"class": "policy-short", "placeholder": "HH:MM", "inputmode": "numeric", "maxlength": 5}
        super().__init__([forms.TextInput(attrs | {"aria-label": _("from")}), forms.TextInput(attrs | {"aria-label": _("to")})])

    def decompress(self, value):
        return value.split("–") if value else ["", ""]


class TableWidget(forms.Widget):
    """Rows of inputs followed by `spare` empty ones; rows left empty are ignored."""

    template_name = "policies/widgets/table.html"
    use_fieldset = True

    def __init__(self, unit):
        super().__init__()
        self.unit = unit
        self.spare = SPARE_ROWS

    def value_from_datadict(self, data, files, name):
        return [row for row in self._rows(data, name) if any(row)]

    def add_spare(self, data, name):
        """Show one more row than the posted page had."""
        rows = self._rows(data, name)
        self.spare = len(rows) - sum(any(row) for row in rows) + 1

    def _rows(self, data, name):
        count = data.get(f"{name}-rows", "")
        count = min(int(count), MOST_ROWS + SPARE_ROWS) if count.isascii() and count.isdecimal() and len(count) < 6 else 0
        return [[data.get(f"{name}-{row}-{column}", "").strip() for column in range(len(self.unit.columns))] for row in range(count)]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        blank = [""] * len(self.unit.columns)
        rows = [*(value or []), *[blank] * self.spare]
        context["widget"]["titles"] = [in_unit(title, unit) for title, unit in self.unit.columns]
        context["widget"]["row_count"] = len(rows)
        context["widget"]["rows"] = [self._cells(name, position, row) for position, row in enumerate(rows)]
        return context

    def _cells(self, name, position, row):
        cells = []
        for column, ((title, unit), cell) in enumerate(zip(self.unit.columns, row, strict=True)):
            widget = widget_for(unit, compact=True)
            shown = unit.show(cell).removesuffix(unit.sign) if unit.name == "percent" and cell and _is_figure(cell) else cell
            label = _("%(title)s, row %(row)s") % {"title": title, "row": position + 1}
            attrs = {"aria-label": label, "id": f"id_{name}-{position}-{column}"}
            cells.append(widget.render(f"{name}-{position}-{column}", shown, attrs))
        return cells


def in_unit(title, unit):
    """Return the title of a field, with the sign that is omitted from its input: "credit (%)"."""
    sign = getattr(unit, "sign", "").strip()
    return f"{title} ({sign})" if sign else title


def _is_figure(cell):
    return cell.replace(".", "", 1).isdecimal()


def widget_for(unit, compact=False):
    """Return the input widget for a unit; `compact` is for a table cell."""
    if unit.name == "table":
        return TableWidget(unit)
    if unit.name == "duration":
        return forms.TextInput(attrs={"placeholder": "6 months"}) if compact else DurationWidget()
    if unit.name == "window":
        return WindowWidget()
    if unit.name == "type" and KINDS:
        return forms.Select(choices=[("", "–"), ("*", unit.show("*")), *((code, f"{title} ({code})") for code, title in KINDS.items())])
    if unit.name == "choice":
        return forms.Select(choices=[("", "–"), *((code, unit.show(code)) for code in unit.of)])
    if unit.name == "list" and unit.of:
        return forms.CheckboxSelectMultiple(choices=[(code, unit.show([code])) for code in unit.of])
    if unit.name == "date":
        return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    if unit.name == "time":
        return forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    if hasattr(unit, "places"):
        step = {"min": unit.least, "max": unit.most, "step": 1 if unit.places == 0 else f"0.{'0' * (unit.places - 1)}1"}
        return forms.NumberInput(attrs=step | {"class": "policy-short"})
    return forms.TextInput(attrs={"maxlength": 500})
