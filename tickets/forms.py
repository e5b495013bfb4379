"""The small forms of portal and desk; the request forms are defined with their types."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from partners.models import User
from policies.models import PolicyValue
from tickets.areas import AREAS
from tickets.language import language_findings
from tickets.models import Ticket
from web.name_fields import SignatureField
from web.user_input import parse_number

SHOWN = 200  # most people listed for selection
LEAST_REASON = 5  # minimum characters of the reason for an override


class AuthoredTextForm(forms.Form):
    """A text by `author` on the day `today`; partners have to write in English (GEN-1)."""

    def __init__(self, *args, author, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.author, self.today = author, today

    def understood(self, name):
        """Return the text of a field. Raise ValidationError if a partner's contact wrote it in a language that is not accepted."""
        text = self.cleaned_data[name]
        if not self.author.is_care:
            for finding in language_findings({"text": text}, PolicyValue.objects.book(on=self.today)):
                raise ValidationError(finding.message, code="language")
        return text


class MessageForm(AuthoredTextForm):
    """A message, note or question."""

    text = forms.CharField(label=_("Message"), max_length=10_000, widget=forms.Textarea)

    def clean_text(self):
        return self.understood("text")

    def lost(self, files):
        """Add an error that the files of a returned form have to be chosen again."""
        if files:
            self.add_error("text", _("Please choose your files again: the browser does not keep them."))


class RequesterForm(forms.Form):
    """The contact on whose behalf the care team files a request: this person gets its e-mails. None if there is no such contact.

    A team lead also gives the reason here if it overrides a rule.
    """

    NOBODY = "nobody"
    requester = forms.ChoiceField(label=_("Requester"), help_text=_("Receives the answer and all questions by e-mail."))
    override_reason = forms.CharField(
        label=_("Reason for the override"),
        required=False,
        min_length=LEAST_REASON,
        max_length=500,
        help_text=_("Overrides what the rules deny. The finding, this reason and your name stay on the ticket."),
    )

    def __init__(self, *args, partner, **kwargs):
        super().__init__(*args, **kwargs)
        self.team = {str(person.pk): person for person in partner.contacts.filter(is_active=True).order_by("full_name")[:SHOWN]}
        people = [(pk, f"{person} · {person.email}") for pk, person in self.team.items()]
        field = self.fields["requester"]
        field.choices = [("", _("Choose")), *people, (self.NOBODY, _("Nobody on its team: the partner gets no e-mails"))]
        field.initial = next(iter(self.team)) if len(self.team) == 1 else ""

    def clean_requester(self):
        return self.team.get(self.cleaned_data["requester"])


class SatisfactionForm(AuthoredTextForm):
    """Did this help?"""

    satisfied = forms.TypedChoiceField(
        label=_("Did this help?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )
    note = forms.CharField(
        label=_("What could have been better?"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_note(self):
        return self.understood("note")


class RejectForm(forms.Form):
    """The rejection of a request: reason code and message."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose")), *Ticket.Reason.choices])
    text = forms.CharField(label=_("Message to the partner"), max_length=10_000, widget=forms.Textarea)


class OverrideForm(forms.Form):
    """The rule to override, and why; the page that shows the form knows which rules can be overridden."""

    rule = forms.CharField(label=_("Rule"), max_length=20, widget=forms.Select)
    reason = forms.CharField(label=_("Reason"), max_length=500, min_length=LEAST_REASON, widget=forms.Textarea)


class TakeBackForm(forms.Form):
    """The charge to reverse, and why; the page that shows the form knows which charges can be reversed."""

    fee = forms.CharField(label=_("Charge"), max_length=80, widget=forms.Select)
    text = forms.CharField(label=_("Message to the partner"), max_length=10_000, widget=forms.Textarea)


def assignable_users():
    """Return the users that tickets can be assigned to."""
    return User.objects.care().order_by("full_name")


class HandlingForm(forms.Form):
    """Owner, priority and status of a ticket: fields not submitted, and an empty status, stay unchanged.

    A status needs its details: the question, whom the ticket waits for and why, or how it was solved.
    """

    assignee = forms.ModelChoiceField(
        label=_("Owner"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody"),
        error_messages={"invalid_choice": _("Tickets can no longer be assigned to this person. Choose somebody else.")},
    )
    priority = forms.TypedChoiceField(label=_("Priority"), choices=Ticket.Priority.choices, coerce=int, required=False)
    status = forms.ChoiceField(label=_("Status"), choices=Ticket.Status.choices, required=False)
    text = forms.CharField(label=_("Text"), max_length=10_000, required=False)
    waiting_for = forms.ChoiceField(label=_("Waiting for"), choices=Ticket.WaitingFor.choices, required=False)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=[("", ""), *Ticket.Outcome.choices], required=False)
    reason = forms.ChoiceField(label=_("Reason"), choices=[("", ""), *Ticket.Reason.choices], required=False)

    def __init__(self, *args, needs_words=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.needs_words = needs_words
        self.fields["assignee"].queryset = assignable_users()

    @property
    def wanted(self):
        """Return the submitted values of {assignee, priority, status}."""
        sent = {name: self.cleaned_data[name] for name in ("assignee", "priority", "status") if name in self.data}
        return {name: value for name, value in sent.items() if name == "assignee" or value}

    @property
    def more(self):
        """Return the details of the status."""
        return {name: self.cleaned_data[name] for name in ("text", "waiting_for", "outcome", "reason")}

    def clean(self):
        given = super().clean()
        status, text = given.get("status"), given.get("text")
        if status == Ticket.Status.ON_HOLD and not given.get("waiting_for"):
            self.add_error("waiting_for", _("Choose whom the ticket is waiting for."))
        if status == Ticket.Status.ON_HOLD and not text:
            self.add_error("text", _("Enter why it is waiting."))
        if status == Ticket.Status.PENDING and not text:
            self.add_error("text", _("Enter your question to the partner."))
        if status == Ticket.Status.SOLVED and self.needs_words and not text:
            self.add_error("text", _("Write a message to the partner: the status alone does not explain anything."))
        if status == Ticket.Status.SOLVED and given.get("outcome") == Ticket.Outcome.REJECTED and not given.get("reason"):
            self.add_error("reason", _("Choose a reason for the rejection."))
        return given


class TagsForm(forms.Form):
    """Tags to add, separated by commas, and one to remove."""

    add = forms.CharField(label=_("Add a tag"), max_length=200, required=False)
    remove = forms.CharField(max_length=40, required=False)


class OtherTicketForm(forms.Form):
    """Another ticket, by its number with or without #."""

    other = forms.CharField(label=_("Number"), max_length=19)

    def clean_other(self):
        number = parse_number(self.cleaned_data["other"].strip().lstrip("#").strip())
        if number is None:
            raise ValidationError(_("Enter a ticket number, for example 10234."))
        return number


class SplitForm(forms.Form):
    """The message to split into a separate ticket, and the subject of that ticket."""

    event = forms.CharField(max_length=18, widget=forms.HiddenInput)
    subject = forms.CharField(label=_("Subject of the new ticket"), max_length=200)

    def clean_event(self):
        return parse_number(self.cleaned_data["event"], digits=18)


class LetterForm(forms.Form):
    """A party's signed letter."""

    letter = forms.FileField(label=_("Signed letter"), allow_empty_file=True)
    name = SignatureField(label=_("Signed by"), max_length=200)


class StopForm(forms.Form):
    """The address to which a party whose link is stopped gets a new one."""

    email = forms.EmailField(
        label=_("E-mail a new link to"), max_length=254, required=False, help_text=_("If empty, the link is stopped and nobody is asked.")
    )


class DecisionForm(forms.Form):
    """A party's decision, on the page of its link."""

    name = SignatureField(label=_("Your full name"), max_length=200, widget=forms.TextInput({"autocomplete": "name"}))
    reason = forms.CharField(label=_("Reason, if you decline"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class SubscriptionsForm(forms.Form):
    """The areas in which a contact follows colleagues' requests."""

    areas = forms.MultipleChoiceField(
        label=_("Also notify me about my colleagues’ requests in"),
        choices=[(code, title) for code, (title, _icon) in AREAS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Applies to new requests: when they are submitted, and every update."),
    )
