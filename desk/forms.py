"""Forms for snoozing, macros, canned answers and automations, including rows of actions and conditions."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.models import Automation, CannedAnswer, Macro
from desk.services import action_runner, canned, triggers
from desk.services.action_types import ACTION_TYPES, TEXT
from engine.partial_saves import save_except
from tickets import snoozing
from tickets.fields.rows import RowsField
from tickets.filters import TOPIC_CHOICES, TYPE_CHOICES
from web.number_fields import WholeNumberField
from web.seen_form import SeenWholeForm

MOST = 10


def action_choices(user):
    """Return all actions as grouped choices: "assign:me" is complete, "tag" needs a text."""
    grouped = []
    for code, action in ACTION_TYPES.items():
        if action.choices:
            options = [(f"{code}:{value}", f"{action.label} {label}") for value, label in action.choices(user)]
            grouped += [(str(action.label), options)] if options else []
        elif user or not action.needs_actor(""):
            grouped.append((code if action.clean else f"{code}:", action.label))
    return grouped


def condition_choices():
    """Yield all conditions in the same form."""
    for code, condition in triggers.CONDITIONS.items():
        if condition.choices:
            yield str(condition.label), [(f"{code}:{value}", f"{condition.label} {label}") for value, label in condition.choices()]
        else:
            yield code, condition.label


def split(what, text):
    """Return (code, value) for a choice from such a list and the text entered next to it."""
    code, colon, value = what.partition(":")
    return code, value if colon else text


class Row(forms.Form):
    """One row: a choice, and a text if the choice needs one. Subclasses provide `label`, `options` and `read(code, value)`.

    If the field is optional (`is_needed` is False), its rows are not marked as required.
    """

    label, options, read, is_needed = "", (), None, True
    what = forms.ChoiceField(widget=forms.Select(attrs={"data-act": ""}))
    text = forms.CharField(
        label=gettext_lazy("Text, tag, date or amount"),
        required=False,
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 1, "data-act-text": ""}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what"].label = self.label
        self.fields["what"].choices = [("", _("Choose…")), *self.options]
        self.fields["what"].required = self.is_needed

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("what") and "what" not in self.errors:  # an empty row does not count
            self.add_error("what", self.fields["what"].error_messages["required"])
        elif cleaned.get("what") and "text" in cleaned:
            code, value = split(cleaned["what"], cleaned["text"])
            try:
                cleaned["made"] = type(self).read(code, value)
            except ValidationError as error:
                self.add_error("text", error)
        return cleaned


def rows_field(row_label, options, read, **kwargs):
    """Return a field of such rows. It cleans to the actions or conditions as they are stored."""
    kind = {"label": row_label, "options": list(options), "read": staticmethod(read), "is_needed": kwargs.get("required", True)}
    row = type("Row", (Row,), kind)
    field = RowsField(row, most=MOST, **kwargs)
    field.widget.template_name = "desk/_rows.html"
    return field


def as_rows(stored, known, key):
    """Yield stored actions or conditions as row data."""
    for asked in stored:
        about = known[asked[key]]
        has_text = about.clean and not about.choices
        yield {"what": asked[key] if has_text else f"{asked[key]}:{asked['value']}", "text": asked["value"] if has_text else ""}


class _Rows(SeenWholeForm):
    """A form that can add rows without JavaScript, by rendering itself again with one more row and no validation."""

    rows_of: tuple = ()

    def made(self, name):
        return [row["made"] for row in self.cleaned_data[name]]

    def as_typed(self):
        """Return the submitted data as initial values for a new form, with an empty row added to the field named by `more`."""
        typed = {
            name: field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name)) for name, field in self.fields.items()
        }
        return typed | {name: [*typed[name], {}] for name in self.rows_of if self.data.get("more") == name}


class Owned(_Rows):
    """A macro or canned answer: personal, or shared with the team, which only team leads can do."""

    for_all = forms.BooleanField(label=gettext_lazy("Available to everyone"), required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        if not user.may_override:
            del self.fields["for_all"]
        elif self.instance.pk:
            self.initial.setdefault("for_all", self.instance.owner_id is None)

    def clean(self):
        cleaned = super().clean()
        owner = None if cleaned.get("for_all") else self.user if self.instance.owner_id in (None, self.user.pk) else self.instance.owner
        same = type(self.instance).objects.filter(owner=owner, title=cleaned.get("title", "")).exclude(pk=self.instance.pk)
        if same.exists():
            self.add_error("title", _("This title is already in use."))
        self.instance.owner = owner
        return cleaned

    def save(self):
        """Save everything except whether it is available, which the form does not show: somebody may have just changed that."""
        save_except(self.instance, "is_active")
        return self.instance


class MacroForm(Owned):
    """A macro."""

    rows_of = ("actions",)
    saves = ("title", "actions", "owner_id")

    class Meta:
        model = Macro
        fields = ("title",)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.fields["actions"] = rows_field(
            _("Action"),
            action_choices(user),
            lambda code, value: action_runner.stored_action(code, value, user=user),
            label=_("Actions, in order"),
        )
        self.initial.setdefault("actions", list(as_rows(self.instance.actions, ACTION_TYPES, "do")))
        self.order_fields(("title", "actions", "for_all"))

    def clean_actions(self):
        self.instance.actions = self.made("actions")
        return self.cleaned_data["actions"]


class CannedForm(Owned):
    """A canned answer."""

    saves = ("title", "body", "topic", "type_code", "owner_id")
    topic = forms.ChoiceField(label=gettext_lazy("Suggest first for topic"), required=False, choices=[("", "–"), *TOPIC_CHOICES])
    type_code = forms.ChoiceField(label=gettext_lazy("Suggest first for type"), required=False, choices=[("", "–"), *TYPE_CHOICES])

    class Meta:
        model = CannedAnswer
        fields = ("title", "body", "topic", "type_code")
        widgets = {"body": forms.Textarea(attrs={"rows": 8})}

    def clean_body(self):
        return canned.checked(self.cleaned_data["body"])


class AutomationForm(_Rows):
    """An automation: trigger, conditions, actions."""

    rows_of = ("conditions", "actions")
    saves = ("title", "when", "since", "hours", "conditions", "actions")
    when = forms.ChoiceField(label=gettext_lazy("When"))
    hours = WholeNumberField(
        label=gettext_lazy("Hours"), required=False, min_value=0, max_value=24 * 365, help_text=gettext_lazy("For time triggers only.")
    )

    class Meta:
        model = Automation
        fields = ("title",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        events = [(code, label) for code, (label, _which) in triggers.EVENTS.items()]
        times = [
            (f"time:{code}", _("hours have passed since %(what)s") % {"what": label}) for code, (label, *_rest) in triggers.TIMES.items()
        ]
        self.fields["when"].choices = [(_("Event"), events), (_("Time"), times)]
        self.fields["conditions"] = rows_field(
            _("Condition"),
            condition_choices(),
            triggers.condition,
            label=_("If the ticket meets these conditions"),
            help_text=_(
                "If several conditions are of the same kind, one of them is enough; conditions of different kinds must all be met. Without "
                "conditions, every ticket matches."
            ),
            required=False,
        )
        self.fields["actions"] = rows_field(
            _("Action"),
            action_choices(None),
            lambda code, value: action_runner.stored_action(code, value, user=None),
            label=_("Then do this, in order"),
        )
        it = self.instance
        self.initial = {
            "when": f"time:{it.since}" if it.when == triggers.TIME else it.when,
            "hours": it.hours,
            "conditions": list(as_rows(it.conditions, triggers.CONDITIONS, "if")),
            "actions": list(as_rows(it.actions, ACTION_TYPES, "do")),
        } | self.initial

    def clean(self):
        cleaned = super().clean()
        when, _colon, since = cleaned.get("when", "").partition(":")
        if since and cleaned.get("hours") is None and "hours" not in self.errors:
            self.add_error("hours", _("Enter the number of hours."))
        self.instance.when, self.instance.since, self.instance.hours = when, since, cleaned.get("hours") if since else None
        for name in self.rows_of:
            if name in cleaned:
                setattr(self.instance, name, self.made(name))
        return cleaned


class SnoozeForm(forms.Form):
    """When a snooze ends: one of the offered times, or a date the agent enters. Cleans to `moment`."""

    until = forms.DateTimeField(required=False, error_messages={"invalid": gettext_lazy("Choose one of the times offered.")})
    day = forms.DateField(label=gettext_lazy("Date"), required=False)

    def __init__(self, *args, promised, region, now, **kwargs):
        super().__init__(*args, **kwargs)
        self.promised, self.region, self.now = promised, region, now

    def clean_until(self):
        until = self.cleaned_data["until"]
        return until and snoozing.checked(until, self.now)

    def clean_day(self):
        day = self.cleaned_data["day"]
        return day and snoozing.on_day(self.promised, self.region, day, self.now)

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not (cleaned["until"] or cleaned["day"]):
            self.add_error("day", _("Enter a date."))
        return cleaned | {"moment": cleaned.get("day") or cleaned.get("until")}
