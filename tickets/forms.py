"""The small forms of portal and desk; the forms of requests live with their types."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from partners.models import User
from policies.models import PolicyValue
from tickets.areas import AREAS
from tickets.language import language_findings
from tickets.models import Ticket
from web.name_fields import SignatureField
from web.typed import number_of

SHOWN = 200  # people to choose from
LEAST_REASON = 5  # characters that say why a rule is set aside


class SaidForm(forms.Form):
    """What somebody says on the day `today`: a partner in English (GEN-1)."""

    def __init__(self, *args, author, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.author, self.today = author, today

    def understood(self, name):
        """What was written there. Raises ValidationError where a partner's contact wrote it in a language that is not accepted."""
        text = self.cleaned_data[name]
        if not self.author.is_care:
            for finding in language_findings({"text": text}, PolicyValue.objects.book(on=self.today)):
                raise ValidationError(finding.message, code="language")
        return text


class MessageForm(SaidForm):
    """A message, note or question."""

    text = forms.CharField(label=_("Message"), max_length=10_000, widget=forms.Textarea)

    def clean_text(self):
        return self.understood("text")

    def lost(self, files):
        """Say that what was chosen with a message that comes back is to be chosen again."""
        if files:
            self.add_error("text", _("Please choose your files again: the browser does not keep them."))


class AskerForm(forms.Form):
    """Who of the partner's team asked for what the care team files: that person gets its mails. None where nobody of the team did.

    A team lead also says here why it is filed against a rule.
    """

    NOBODY = "nobody"
    requester = forms.ChoiceField(label=_("Who asks"), help_text=_("Gets the answer and all questions by mail."))
    override_reason = forms.CharField(
        label=_("Why the rule is set aside"),
        required=False,
        min_length=LEAST_REASON,
        max_length=500,
        help_text=_("What the rules deny is set aside; the finding, this reason and your name stay on the ticket."),
    )

    def __init__(self, *args, partner, **kwargs):
        super().__init__(*args, **kwargs)
        self.team = {str(person.pk): person for person in partner.contacts.filter(is_active=True).order_by("full_name")[:SHOWN]}
        people = [(pk, f"{person} · {person.email}") for pk, person in self.team.items()]
        field = self.fields["requester"]
        field.choices = [("", _("Choose")), *people, (self.NOBODY, _("Nobody of its team: no mail goes to the partner"))]
        field.initial = next(iter(self.team)) if len(self.team) == 1 else ""

    def clean_requester(self):
        return self.team.get(self.cleaned_data["requester"])


class SatisfactionForm(SaidForm):
    """Did this help?"""

    satisfied = forms.TypedChoiceField(
        label=_("Did this help?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose yes or no.")},
    )
    note = forms.CharField(
        label=_("What could have been better?"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_note(self):
        return self.understood("note")


class RejectForm(forms.Form):
    """Why a request is not granted."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose")), *Ticket.Reason.choices])
    text = forms.CharField(label=_("What the partner reads"), max_length=10_000, widget=forms.Textarea)


class OverrideForm(forms.Form):
    """Which rule is set aside, and why; what can be set aside is known to who shows the form."""

    rule = forms.CharField(label=_("Rule"), max_length=20, widget=forms.Select)
    reason = forms.CharField(label=_("Reason"), max_length=500, min_length=LEAST_REASON, widget=forms.Textarea)


class TakeBackForm(forms.Form):
    """Which charge is given back, and why; what can be taken back is known to who shows the form."""

    fee = forms.CharField(label=_("Charge"), max_length=80, widget=forms.Select)
    text = forms.CharField(label=_("What the partner reads"), max_length=10_000, widget=forms.Textarea)


def may_own():
    """Who can be given tickets."""
    return User.objects.care().order_by("full_name")


class HandlingForm(forms.Form):
    """Owner, priority and status of a ticket: what is not sent stays as it is, and so does an empty status.

    A status comes with a question, for whom it waits and why, or how it was solved.
    """

    assignee = forms.ModelChoiceField(
        label=_("Owner"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody"),
        error_messages={"invalid_choice": _("This person cannot be given tickets any more. Choose somebody else.")},
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
        self.fields["assignee"].queryset = may_own()

    @property
    def wanted(self):
        """What is to be: {assignee, priority, status}, as far as it was sent."""
        sent = {name: self.cleaned_data[name] for name in ("assignee", "priority", "status") if name in self.data}
        return {name: value for name, value in sent.items() if name == "assignee" or value}

    @property
    def more(self):
        """What belongs to the status."""
        return {name: self.cleaned_data[name] for name in ("text", "waiting_for", "outcome", "reason")}

    def clean(self):
        given = super().clean()
        status, text = given.get("status"), given.get("text")
        if status == Ticket.Status.ON_HOLD and not given.get("waiting_for"):
            self.add_error("waiting_for", _("Choose for whom the ticket waits."))
        if status == Ticket.Status.ON_HOLD and not text:
            self.add_error("text", _("Write why it waits."))
        if status == Ticket.Status.PENDING and not text:
            self.add_error("text", _("Write what you ask the partner."))
        if status == Ticket.Status.SOLVED and self.needs_words and not text:
            self.add_error("text", _("Write what the partner reads: the status alone tells nothing."))
        if status == Ticket.Status.SOLVED and given.get("outcome") == Ticket.Outcome.REJECTED and not given.get("reason"):
            self.add_error("reason", _("A rejection needs its reason."))
        return given


class TagsForm(forms.Form):
    """Tags to put on, separated by commas, and one to take off."""

    add = forms.CharField(label=_("Add a tag"), max_length=200, required=False)
    remove = forms.CharField(max_length=40, required=False)


class OtherTicketForm(forms.Form):
    """Another ticket, by its number as people write it."""

    other = forms.CharField(label=_("Number"), max_length=19)

    def clean_other(self):
        number = number_of(self.cleaned_data["other"].strip().lstrip("#").strip())
        if number is None:
            raise ValidationError(_("Write the number of a ticket, like 10234."))
        return number


class SplitForm(forms.Form):
    """A message that becomes a ticket of its own, and what that is called."""

    event = forms.CharField(max_length=18, widget=forms.HiddenInput)
    subject = forms.CharField(label=_("Subject of the new ticket"), max_length=200)

    def clean_event(self):
        return number_of(self.cleaned_data["event"], digits=18)


class LetterForm(forms.Form):
    """A party's signed letter."""

    letter = forms.FileField(label=_("Signed letter"), allow_empty_file=True)
    name = SignatureField(label=_("Signed by"), max_length=200)


class StopForm(forms.Form):
    """Where a party whose link is stopped is asked instead."""

    email = forms.EmailField(
        label=_("Mail a new link to"), max_length=254, required=False, help_text=_("Empty: the link is stopped, and nobody is asked.")
    )


class DecisionForm(forms.Form):
    """A party's decision on the page of its link."""

    name = SignatureField(label=_("Your full name"), max_length=200, widget=forms.TextInput({"autocomplete": "name"}))
    reason = forms.CharField(label=_("Reason, if you decline"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class SubscriptionsForm(forms.Form):
    """The areas of which somebody follows what colleagues ask."""

    areas = forms.MultipleChoiceField(
        label=_("Tell me, too, what my colleagues ask about"),
        choices=[(code, title) for code, (title, _icon) in AREAS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For requests from now on: that they were sent, and what happens to them."),
    )
