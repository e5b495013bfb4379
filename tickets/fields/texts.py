"""Multi-line text fields."""

from django import forms


class ProseField(forms.CharField):
    """Free text in an input of `rows` lines. GEN-1 checks its language."""

    has_language = True

    def __init__(self, *, rows=3, **kwargs):
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def widget_attrs(self, widget):
        """Return no maxlength: browsers silently truncate pasted text to it; the form reports text that is too long."""
        return {}


class NamesField(ProseField):
    """Names only, such as an address: GEN-1 does not check their language."""

    has_language = False
