"""The interface of a ticket type: its form, how it is judged (decide) and executed (apply), and its steps."""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from typing import NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.rules import can_be_billed
from partners.models import Partner
from policies.verdict import DENY, Verdict, last_named_day
from tickets.answers import Answers
from tickets.dates import takes_effect_now
from tickets.fields import PartnerField, ProseField, plain
from tickets.language import language_findings
from tickets.models import Quote, Ticket, TicketCharge
from web.number_fields import most_of

MOST = most_of(TicketCharge._meta.get_field("amount"))


@dataclass(frozen=True)
class Next:
    """What follows a step: the status, whom the ticket waits for, the note to the partner, and which charges become due.

    `charges` are new ones (Charge) that arise in this step, such as a delivery cost quoted by the care team.
    """

    status: str
    waiting_for: str = ""
    note: str = ""
    moments: tuple = ()
    outcome: str = ""
    charges: tuple = ()


def done(note, *moments, declined=False):
    """Return that the request is executed; charges of the moment `executed` (and of those given) become due.

    `declined`: everything was done, but somebody else (the carrier) did not grant the request.
    """
    outcome = Ticket.Outcome.DECLINED if declined else Ticket.Outcome.EXECUTED
    return Next(Ticket.Status.SOLVED, note=note, moments=("executed", *moments), outcome=outcome)


def answered(note):
    """Return the answer to a question: nothing is executed and nothing becomes due."""
    return Next(Ticket.Status.SOLVED, note=note, outcome=Ticket.Outcome.ANSWERED)


def abandoned(note):
    """Return that the request is given up after it was started: nothing more is executed and nothing becomes due."""
    return Next(Ticket.Status.SOLVED, note=note, outcome=Ticket.Outcome.WITHDRAWN)


def waits(waiting_for, note, *moments, charges=()):
    """Return that the request waits for a Ticket.WaitingFor: pending for the partner, open for the care team, on hold for others."""
    status = {"partner": Ticket.Status.PENDING, "": Ticket.Status.OPEN}.get(waiting_for, Ticket.Status.ON_HOLD)
    return Next(status, waiting_for=Ticket.WaitingFor(waiting_for).value, note=note, moments=moments, charges=charges)


class Milestone(NamedTuple):
    """One milestone of the tracker: done once the ticket has an event of this kind (and step code).

    `at_last`: for a step that is taken once per item, the milestone is done only when no item is left.
    """

    title: str
    kind: str
    step: str = ""
    at_last: bool = False


@dataclass(frozen=True)
class ItemState:
    """The state of one item of a request, in words, with a tone (ok, warn, bad, info) and a note.

    `code` is the machine-readable state; `detail` describes the item as it is now, such as its corrected address.
    """

    name: str
    code: str
    state: str
    tone: str = "info"
    note: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Step:
    """One step after execution: who takes it (agent or partner), its form, and its effect.

    `run(ticket, cleaned, *, today)` changes the estate and returns Next, inside the caller's transaction.
    """

    code: str
    title: str
    actor: str
    run: Callable
    form: type[forms.Form] = forms.Form
    button: str = ""
    sheet: bool = False  # whether a parcel is sent, with a sheet to enclose (see ReturnSheet)
    aside: bool = False  # an exceptional step, such as giving up or correcting a quote: shown collapsed


class GiveUpForm(forms.Form):
    """The reason for giving up an expected step, shown to the partner."""

    why = forms.CharField(label=_("Reason, shown to the partner"), max_length=500)


@dataclass(frozen=True)
class ReturnSheet:
    """The sheet enclosed in a parcel of devices that a partner returns: `devices` are pairs of serial number and item.

    They are sent with the e-mailed `label`, picked up at the partner's address (`pickup`), or posted to ours (`post`).
    """

    devices: tuple
    way: str
    address: str = ""


class TicketForm(forms.Form):
    """The form of a type. Fields are bound to the requesting partner, so assets of other partners cannot be chosen.

    `lock=True` reads the assets with row locks: at execution, nothing may change them between judging and applying.
    """

    message = ProseField(
        label=_("Message"), required=False, max_length=4000, rows=4, help_text=_("Anything else the care team should know, in English.")
    )

    def __init__(self, data=None, *, partner, lock=False, **kwargs):
        super().__init__(data, **kwargs)
        self.partner = partner
        for form_field in self.fields.values():
            if isinstance(form_field, PartnerField):
                form_field.bind(partner, lock=lock)
        self.order_fields([name for name in self.fields if name != "message"] + ["message"])

    def answers(self, **known):
        """Return the valid answers so far; fields and rows with errors are left out, so that an incomplete form can be judged."""
        valid = {name: field.valid_rows for name, field in self.fields.items() if getattr(field, "valid_rows", None)}
        return Answers(valid | getattr(self, "cleaned_data", {}), partner=self.partner, **known)

    def as_json(self):
        """Return the answers as plain JSON, in a shape that binds this form again."""
        return plain(self.fields, self.cleaned_data)


class TicketType:
    """A kind of request. Subclasses set the class attributes and write decide and apply; see docs/adding_a_ticket_type.md."""

    code = ""
    title = ""
    topic = ""
    icon = "note"
    description = ""
    # Other words partners use for it, in plain English: the search finds it by these as by its title.
    search_terms = ""
    expected = ""
    # What to expect if a type that answers automatically does not know the answer.
    expected_by_hand = ""
    rules: tuple = ()
    fees: tuple = ()
    form: type[TicketForm] = TicketForm
    milestones: tuple = (Milestone(_("Submitted"), "submitted"), Milestone(_("Done"), "applied"))
    action = "Execute"
    # Timeline titles of completed steps that are not milestones: {code: title}.
    step_titles: Mapping = {}
    # Whether there is something to execute; see QuestionType.
    executes = True
    # Fields that commit the partner to something, such as a term of years: the care team cannot correct them.
    binding: tuple = ()
    # The field with the reseller or end user that moves to another partner once the parties have agreed.
    moved = ""
    # Whether the type is always denied, with an explanation of what is possible instead.
    always_denied = False
    # The charges beyond the fees of the price list, in words: "The full hardware price of each device". %(price)s in it is the
    # sum of the fees.
    price_note = ""
    # Whether a partner other than the requesting one pays the fees, in its own currency.
    paid_by_another = False

    def judge(self, answers, *, book, today) -> Verdict:
        """Return the type's own verdict plus the general rules (GEN-1, GEN-3). Used live, at submission and at execution."""
        verdict = self.decide(answers, book=book, today=today)
        general = (*language_findings(self.free_texts(answers), book), *can_be_billed(verdict, most=MOST))
        verdict = replace(verdict, findings=(*general, *verdict.findings), policy_date=book.on)
        denials = [finding for finding in verdict.findings if finding.effect == DENY]
        return replace(verdict, possible_from=self.possible_from(denials, answers, book=book, today=today))

    def possible_from(self, denials, answers, *, book, today, field=None):
        """Return the day on which the whole request, or everything in `field`, becomes possible; None if unknown.

        `denials` are today's findings. The day on which the last of them ends is judged as well: by then, an announced term or a
        Commitment about to begin may block something else.
        """
        day, then = last_named_day(denials), copy(answers)
        then.at = None  # no time of day is known for that day
        while day:
            found = self.decide(then, book=book.at(day) if book.on == today else book, today=day).findings
            left = [finding for finding in found if finding.effect == DENY and field in (None, finding.field)]
            if not left:
                return day
            later = last_named_day(left)
            day = later if later and later > day else None
        return None

    def free_texts(self, answers):
        """Return the free texts of the request: {field: text}."""
        prose = [name for name, field in self.form.base_fields.items() if getattr(field, "has_language", False)]
        return {name: answers[name] for name in prose if answers.get(name)}

    def booked_ahead(self, answers, *, book):
        """Return findings for cancellation texts that name a later day (GEN-2), for types that end a service immediately."""
        return takes_effect_now(self.free_texts(answers), book=book, month_first=answers.partner.region == Partner.Region.US)

    def decide(self, answers, *, book, today) -> Verdict:
        """Judge the answers so far. Pure; uses the dated values of `book` (book.on is the day of the request) on day `today`."""
        raise NotImplementedError

    def irrelevant_fields(self, answers, *, book) -> set:
        """Return the names of optional fields that are irrelevant to the answers so far: the page hides them."""
        return set()

    def notes(self, book) -> list:
        """Return information to show before the form, with the values of the book's day: [{"rule", "text"}]."""
        return []

    @property
    def waits(self):
        """Return the expected time for a request handled by people, without the automatic answer of types that have one."""
        return self.expected_by_hand or self.expected

    def current_values(self, ticket) -> dict:
        """Return the current values that the answers would replace: {field: value}, for types that change a record."""
        return {}

    def topic_of(self, answers) -> str:
        """Return the topic of a ticket with these answers: the type's own, unless the partner can choose it."""
        return self.topic

    def subject(self, answers) -> str:
        """Return one line that identifies the request in lists."""
        return self.title

    def after_submission(self, ticket, answers, *, at) -> Next | None:
        """Return what follows submission, in its transaction; None leaves the ticket with the care team.

        A type that answers automatically returns `answered(text)` here if it knows the answer.
        """

    def apply(self, ticket, answers, *, book, today) -> Next:
        """Carry out the request, inside the transaction of its execution. Assets are locked and the request has just been judged again.

        `book` holds the values of the request's day.
        """
        raise NotImplementedError

    def agreed(self, ticket) -> Quote | None:
        """Return the price that an agent calculated and the partner accepted, for types with quoted prices."""
        return None

    def preparations(self, ticket) -> list[Step]:
        """Return the steps that are open before execution and that it waits for, such as quoting a price."""
        return []

    def steps(self, ticket) -> list[Step]:
        """Return the steps that are open after execution, for agent and partner alike.

        They depend on the ticket's rows in the estate (`ticket.source`), never on its status: for a ticket that is over, they are the
        steps left undone.
        """
        return []

    def item_states(self, ticket) -> list[ItemState]:
        """Return the state of each item of the request, for types that decide items individually."""
        return []

    def return_sheet(self, ticket, *, book) -> ReturnSheet | None:
        """Return the sheet for the parcel while devices are to be sent or are on their way."""
        return None

    def track(self, ticket) -> tuple:
        """Return the milestones of this ticket, in order."""
        return self.milestones


class QuestionType(TicketType):
    """A type that only needs an answer, with nothing to execute: agents answer it, or it answers automatically (`opened`)."""

    milestones = (Milestone(_("Submitted"), "submitted"), Milestone(_("Answered"), "answered"))
    action = _("Answer")
    executes = False
