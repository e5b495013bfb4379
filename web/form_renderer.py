"""How {{ form }} is drawn, wherever nothing stands between its fields."""

from django.forms import BoundField, CheckboxInput
from django.forms.renderers import TemplatesSetting


class Field(BoundField):
    """A field as it is drawn."""

    def build_widget_attrs(self, attrs, widget=None):
        """A box that has to be ticked is not called wrong before anything was sent, as browsers do by themselves."""
        attrs = super().build_widget_attrs(attrs, widget)
        if attrs.get("required") and isinstance(widget or self.field.widget, CheckboxInput):
            attrs.setdefault("aria-invalid", "false")
        return attrs


class FormRenderer(TemplatesSetting):
    """Widgets of our own are templates like all others, and so is a whole form."""

    form_template_name = "components/form.html"
    bound_field_class = Field
