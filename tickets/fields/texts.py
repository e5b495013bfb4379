"""Texts over several lines."""

from django import forms


class ProseField(forms.CharField):
    """Sentences, in so many `rows` of the page. GEN-1 judges in which language they are."""

    has_language = True

    def __init__(self, *, rows=3, **kwargs):
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def widget_attrs(self, widget):
        """No maxlength: with it the browser cuts off what is pasted and says nothing; the form says that it is too long."""
        return {}


class NamesField(ProseField):
    """Names and nothing else, like an address: they have no language."""

    has_language = False
