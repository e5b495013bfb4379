"""The forms of snoozing, macros, canned answers and automations: rows of what is to be done, and of what has to hold."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.models import Automation, CannedAnswer, Macro
from desk.services import acting, canned, triggers
from desk.services.vocabulary import TEXT, VOCABULARY
from tickets import snoozing
from tickets.fields.rows import RowsField
from tickets.filters import TOPIC_CHOICES, TYPE_CHOICES
from web.number_fields import WholeNumberField

MOST = 10


def action_choices(user):
    """All that can be chosen in one list, in groups: "assign:me" needs nothing more, "tag" wants a text."""
    grouped = []
    for code, action in VOCABULARY.items():
        if action.choices:
            options = [(f"{code}:{value}", f"{action.label} {label}") for value, label in action.choices(user)]
            grouped += [(str(action.label), options)] if options else []
        elif user or not action.needs_actor(""):
            grouped.append((code if action.clean else f"{code}:", action.label))
    return grouped


def condition_choices():
    """The same for conditions."""
    for code, condition in triggers.CONDITIONS.items():
        if condition.choices:
            yield str(condition.label), [(f"{code}:{value}", f"{condition.label} {label}") for value, label in condition.choices()]
        else:
            yield code, condition.label


def split(what, text):
    """(code, value) of what was chosen in such a list, with the text beside it."""
    code, colon, value = what.partition(":")
    return code, value if colon else text


class Row(forms.Form):
    """One row: what is chosen, and a text where that wants one. `options` and `read(code, value)` come with the kind of row.

    Where no row is needed, none says that it is.
    """

    options, read, is_needed = (), None, True
    what = forms.ChoiceField(label=gettext_lazy("What"), widget=forms.Select(attrs={"data-act": ""}))
    text = forms.CharField(
        label=gettext_lazy("Text, tag, day or amount"),
        required=False,
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 1, "data-act-text": ""}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [("", _("Choose …")), *self.options]
        self.fields["what"].required = self.is_needed

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("what") and "what" not in self.errors:  # a row without anything does not count
            self.add_error("what", self.fields["what"].error_messages["required"])
        elif cleaned.get("what") and "text" in cleaned:
            code, value = split(cleaned["what"], cleaned["text"])
            try:
                cleaned["made"] = type(self).read(code, value)
            except ValidationError as error:
                self.add_error("text", error)
        return cleaned


def rows_field(options, read, **kwargs):
    """A field of such rows; cleans to what they say, as it is stored."""
    kind = {"options": list(options), "read": staticmethod(read), "is_needed": kwargs.get("required", True)}
    row = type("Row", (Row,), kind)
    field = RowsField(row, most=MOST, **kwargs)
    field.widget.template_name = "desk/_rows.html"
    return field


def as_rows(stored, known, key):
    """Stored actions or conditions as the rows that say the same."""
    for asked in stored:
        about = known[asked[key]]
        has_text = about.clean and not about.choices
        yield {"what": asked[key] if has_text else f"{asked[key]}:{asked['value']}", "text": asked["value"] if has_text else ""}


class _Rows(forms.ModelForm):
    """A form whose rows can be added to without JavaScript: the same form again with one row more, nothing judged."""

    rows_of: tuple = ()

    def made(self, name):
        return [row["made"] for row in self.cleaned_data[name]]

    def as_typed(self):
        """What has been typed, as the initial values of a fresh form; every rows field with an empty row more."""
        typed = {
            name: field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name)) for name, field in self.fields.items()
        }
        return typed | {name: [*typed[name], {}] for name in self.rows_of if self.data.get("more") == name}


class Owned(_Rows):
    """A macro or canned answer: one's own, or everybody's, which team leads make."""

    for_all = forms.BooleanField(label=gettext_lazy("For everybody"), required=False)

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
            self.add_error("title", _("There is one with this title already."))
        self.instance.owner = owner
        return cleaned


class MacroForm(Owned):
    """A macro."""

    rows_of = ("actions",)

    class Meta:
        model = Macro
        fields = ("title",)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.fields["actions"] = rows_field(
            action_choices(user), lambda code, value: acting.chosen(code, value, user=user), label=_("What it does, in this order")
        )
        self.initial.setdefault("actions", list(as_rows(self.instance.actions, VOCABULARY, "do")))
        self.order_fields(("title", "actions", "for_all"))

    def clean_actions(self):
        self.instance.actions = self.made("actions")
        return self.cleaned_data["actions"]


class CannedForm(Owned):
    """A canned answer."""

    topic = forms.ChoiceField(label=gettext_lazy("Offered first for the topic"), required=False, choices=[("", "–"), *TOPIC_CHOICES])
    type_code = forms.ChoiceField(label=gettext_lazy("Offered first for the type"), required=False, choices=[("", "–"), *TYPE_CHOICES])

    class Meta:
        model = CannedAnswer
        fields = ("title", "body", "topic", "type_code")
        widgets = {"body": forms.Textarea(attrs={"rows": 8})}

    def clean_body(self):
        return canned.checked(self.cleaned_data["body"])


class AutomationForm(_Rows):
    """An automation: when, and, then."""

    rows_of = ("conditions", "actions")
    when = forms.ChoiceField(label=gettext_lazy("When"))
    hours = WholeNumberField(
        label=gettext_lazy("Hours"), required=False, min_value=0, max_value=24 * 365, help_text=gettext_lazy("Only for a time.")
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
        self.fields["when"].choices = [(_("Something happens"), events), (_("Time passes"), times)]
        self.fields["conditions"] = rows_field(
            condition_choices(),
            triggers.condition,
            label=_("And the ticket is like this"),
            help_text=_("Of one kind any is enough, of different kinds all have to hold. None: every ticket."),
            required=False,
        )
        self.fields["actions"] = rows_field(
            action_choices(None), lambda code, value: acting.chosen(code, value, user=None), label=_("Then do this, in this order")
        )
        it = self.instance
        self.initial = {
            "when": f"time:{it.since}" if it.when == triggers.TIME else it.when,
            "hours": it.hours,
            "conditions": list(as_rows(it.conditions, triggers.CONDITIONS, "if")),
            "actions": list(as_rows(it.actions, VOCABULARY, "do")),
        } | self.initial

    def clean(self):
        cleaned = super().clean()
        when, _colon, since = cleaned.get("when", "").partition(":")
        if since and cleaned.get("hours") is None and "hours" not in self.errors:
            self.add_error("hours", _("Say after how many hours."))
        self.instance.when, self.instance.since, self.instance.hours = when, since, cleaned.get("hours") if since else None
        for name in self.rows_of:
            if name in cleaned:
                setattr(self.instance, name, self.made(name))
        return cleaned


class SnoozeForm(forms.Form):
    """Until when a ticket is put off: a moment that was offered, or a day that somebody writes. Cleans to `moment`."""

    until = forms.DateTimeField(required=False, error_messages={"invalid": gettext_lazy("Choose a moment that is offered.")})
    day = forms.DateField(label=gettext_lazy("A day"), required=False)

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
            self.add_error("day", _("Write until which day."))
        return cleaned | {"moment": cleaned.get("day") or cleaned.get("until")}
