"""How {{ form }} is drawn, wherever nothing stands between its fields."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Widgets of our own are templates like all others, and so is a whole form."""

    form_template_name = "components/form.html"
