"""Forms of rows that others may change while the page is open."""

import hashlib
import json
from contextlib import contextmanager

from django import forms
from django.contrib.admin.utils import display_for_field
from django.db import transaction
from django.utils.translation import gettext as _


class HiddenMoment(forms.HiddenInput):
    """The day and time of day of a SplitDateTimeField in one hidden input: Django would show what was typed as what was seen."""

    def format_value(self, value):
        parts = value if isinstance(value, list) else forms.SplitDateTimeWidget().decompress(value)
        return " ".join(str(part) for part in parts if part)

    def value_from_datadict(self, data, files, name):
        text = super().value_from_datadict(data, files, name)
        return text and text.split(" ")


class SeenForm(forms.ModelForm):
    """A form that carries the values its page showed. Fields left untouched keep what others have set since; one that was changed by both
    is an error, and saved if sent again (as on tickets, docs/decisions/0127)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.SplitDateTimeField):
                field.hidden_widget = HiddenMoment
            field.show_hidden_initial = bool(self.instance.pk) and (not self.is_bound or self._seen(name) is not None)

    def _seen(self, name):
        return self.fields[name].hidden_widget().value_from_datadict(self.data, self.files, self.add_initial_prefix(name))

    def clean(self):
        given = super().clean()
        shown = [name for name, field in self.fields.items() if field.show_hidden_initial and name in self.initial]
        for name in shown:
            field = self.fields[name]
            theirs = self.get_initial_for_field(field, name)
            if not field.has_changed(theirs, self._seen(name)):
                continue
            if name not in self.changed_data:
                given[name] = getattr(self.instance, name)
            elif name in given and field.has_changed(theirs, self[name].data):
                self._tell(name, theirs)
        return given

    def _tell(self, name, theirs):
        """Add the error to the field; the page then shows it with the present value as seen."""
        self.data = self.data.copy()
        field = self.fields[name]
        self.data[self.add_initial_prefix(name)] = field.hidden_widget().format_value(field.prepare_value(theirs))
        shown = display_for_field(getattr(self.instance, name), self.instance._meta.get_field(name), "") or _("none")
        text = _("Somebody else has changed this to “%(theirs)s” in the meantime. Check it and save again.")
        self.add_error(name, text % {"theirs": shown})


class SeenWholeForm(forms.ModelForm):
    """A form that carries a digest of the row its page showed, for values that are no single fields. If somebody else has saved the row
    since, this is an error, and saved if sent again. Subclasses name the attributes of the row that they change in `saves`."""

    saves: tuple = ()
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        values = json.dumps([getattr(self.instance, name) for name in self.saves])
        self.present = hashlib.sha256(values.encode()).hexdigest() if self.instance.pk else ""
        self.initial.setdefault("seen", self.present)

    def clean(self):
        given = super().clean()
        if given.get("seen") and given["seen"] != self.present:
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = self.present
            text = _(
                "Somebody else has changed this in the meantime. Open it in another tab to compare; if you save again, yours replaces it."
            )
            self.add_error(None, text)
        return given


@contextmanager
def held(request, row):
    """Lock the row while a form is processed, and read it anew: what somebody else saves at the same moment is seen."""
    if request.method != "POST" or row.pk is None:
        yield
        return
    with transaction.atomic():
        row.refresh_from_db(from_queryset=type(row).objects.select_for_update(no_key=True))
        yield
