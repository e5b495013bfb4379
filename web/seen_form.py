"""Forms of rows that others may change while the page is open."""

from django import forms
from django.utils.translation import gettext as _


class SeenForm(forms.ModelForm):
    """A form that carries the values its page showed. Fields left untouched keep what others have set since; one that was changed by both
    is an error, and saved if sent again (as on tickets, docs/decisions/0127)."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.show_hidden_initial = bool(self.instance.pk) and (not self.is_bound or self._seen(name) is not None)

    def _seen(self, name):
        return self.data.get(self.add_initial_prefix(name))

    def clean(self):
        given = super().clean()
        shown = [name for name, field in self.fields.items() if field.show_hidden_initial and name in self.initial]
        for name in shown:
            field, theirs = self.fields[name], self.initial[name]
            if not field.has_changed(theirs, self._seen(name)):
                continue
            if name not in self.changed_data:
                given[name] = getattr(self.instance, name)
            elif name in given and field.has_changed(theirs, self.data.get(self.add_prefix(name))):
                self._tell(name, theirs)
        return given

    def _tell(self, name, theirs):
        """Add the error to the field; the page then shows it with the present value as seen."""
        self.data = self.data.copy()
        self.data[self.add_initial_prefix(name)] = str(self.fields[name].prepare_value(theirs))
        text = _("Somebody else has changed this to “%(theirs)s” in the meantime. Check it and save again.")
        self.add_error(name, text % {"theirs": theirs})
