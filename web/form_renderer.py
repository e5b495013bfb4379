"""The form renderer: how {{ form }} is drawn where the fields need no other markup between them."""

from django.forms import BoundField, CheckboxInput
from django.forms.renderers import TemplatesSetting


class Field(BoundField):
    """A form field as drawn."""

    def build_widget_attrs(self, attrs, widget=None):
        """Do not mark an unsent required checkbox as invalid, as browsers do by default."""
        attrs = super().build_widget_attrs(attrs, widget)
        if attrs.get("required") and isinstance(widget or self.field.widget, CheckboxInput):
            attrs.setdefault("aria-invalid", "false")
        return attrs


class FormRenderer(TemplatesSetting):
    """Finds widget and form templates among our own templates."""

    form_template_name = "components/form.html"
    bound_field_class = Field
