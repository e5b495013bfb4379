"""The contract of a ticket type: asked (form), judged (decide), done (apply), and the steps on the way."""

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
    """What follows a step: the status, whom the ticket waits for, what the partner is told, which charges come due.

    `charges` are new ones (Charge), found only in this step, like a delivery cost that the care team has quoted.
    """

    status: str
    waiting_for: str = ""
    note: str = ""
    moments: tuple = ()
    outcome: str = ""
    charges: tuple = ()


def done(note, *moments, declined=False):
    """The request is carried out; charges of the moment `executed` (and of those named) are due.

    `declined`: all was done for it, and somebody else (the carrier) did not grant what was wished.
    """
    outcome = Ticket.Outcome.DECLINED if declined else Ticket.Outcome.EXECUTED
    return Next(Ticket.Status.SOLVED, note=note, moments=("executed", *moments), outcome=outcome)


def answered(note):
    """The request was a question, and this is its answer: nothing is carried out and nothing is due."""
    return Next(Ticket.Status.SOLVED, note=note, outcome=Ticket.Outcome.ANSWERED)


def came_to_nothing(note):
    """What was begun is given up: nothing is carried out any more, and nothing is due."""
    return Next(Ticket.Status.SOLVED, note=note, outcome=Ticket.Outcome.WITHDRAWN)


def waits(waiting_for, note, *moments, charges=()):
    """The request waits for somebody (a Ticket.WaitingFor): for the partner it is pending, for the care team open, for others on hold."""
    status = {"partner": Ticket.Status.PENDING, "": Ticket.Status.OPEN}.get(waiting_for, Ticket.Status.ON_HOLD)
    return Next(status, waiting_for=Ticket.WaitingFor(waiting_for).value, note=note, moments=moments, charges=charges)


class Milestone(NamedTuple):
    """One station of the step tracker: done when the ticket has an event of this kind (and step code).

    A step that is taken for one thing after the other is done `at_last`, when nothing is left to decide.
    """

    title: str
    kind: str
    step: str = ""
    at_last: bool = False


@dataclass(frozen=True)
class Standing:
    """What has become of one of the things a request names: its state in words, with a tone (ok, warn, bad, info) and a note.

    `code` is the state as programs read it; `detail` says more about the thing as it is now, like a corrected address.
    """

    name: str
    code: str
    state: str
    tone: str = "info"
    note: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Step:
    """One step after execution: who takes it (agent or partner), what is asked, and what it does.

    `run(ticket, cleaned, *, today)` changes the estate and returns Next, inside the caller's transaction.
    """

    code: str
    title: str
    actor: str
    run: Callable
    form: type[forms.Form] = forms.Form
    button: str = ""
    sheet: bool = False  # whether a parcel goes with it, and a sheet to lay into that (see ReturnSheet)
    aside: bool = False  # for when what is waited for does not come, or was told wrong: folded away


class GiveUpForm(forms.Form):
    """Why a step that was waited for does not come, in words that the partner reads."""

    why = forms.CharField(label=_("Why, for the partner to read"), max_length=500)


@dataclass(frozen=True)
class ReturnSheet:
    """What lies in the parcel with devices that a partner sends back: `devices` are pairs of serial number and item.

    They go by the `label` that was mailed, are fetched at the partner's own address (`pickup`), or go to ours (`post`).
    """

    devices: tuple
    way: str
    address: str = ""


class TicketForm(forms.Form):
    """What a type asks. Fields know the partner that asks (`bind`), so nothing of anybody else can be named.

    `lock=True` reads the assets with row locks: at execution nothing may change them between judging and doing.
    """

    message = ProseField(
        label=_("Message"), required=False, max_length=4000, rows=4, help_text=_("Anything the care team should know. In English, please.")
    )

    def __init__(self, data=None, *, partner, lock=False, **kwargs):
        super().__init__(data, **kwargs)
        self.partner = partner
        for form_field in self.fields.values():
            if isinstance(form_field, PartnerField):
                form_field.bind(partner, lock=lock)
        self.order_fields([name for name in self.fields if name != "message"] + ["message"])

    def answers(self, **known):
        """The valid answers so far; fields and rows with errors are left out, so that a half-filled form can be judged."""
        valid = {name: field.valid_rows for name, field in self.fields.items() if getattr(field, "valid_rows", None)}
        return Answers(valid | getattr(self, "cleaned_data", {}), partner=self.partner, **known)

    def as_json(self):
        """The answers as plain JSON, in the shape that binds this form again."""
        return plain(self.fields, self.cleaned_data)


class TicketType:
    """A kind of request. Subclasses set the class attributes and write decide and apply; see docs/adding_a_ticket_type.md."""

    code = ""
    title = ""
    topic = ""
    icon = "note"
    description = ""
    # What else partners call it, in plain English words: they find it by these as by its title.
    called = ""
    expected = ""
    # What to expect where a type that answers itself does not know the answer.
    expected_by_hand = ""
    rules: tuple = ()
    fees: tuple = ()
    form: type[TicketForm] = TicketForm
    milestones: tuple = (Milestone(_("Submitted"), "submitted"), Milestone(_("Done"), "applied"))
    action = "Execute"
    # What the timeline calls a step that has been taken and is no station of the way: {code: title}.
    taken: Mapping = {}
    # Whether there is something to carry out; see QuestionType.
    executes = True
    # Fields by which the partner binds itself, like a term of years: the care team does not correct them for it.
    binding: tuple = ()
    # The field that names what moves to another partner, when its parties have agreed.
    moved = ""
    # A type that is always refused, and says what is possible instead.
    instead = False
    # What is charged beside the fees of the price list, in words: "The price of the licences until the PBX expires". The sum of
    # the fees is %(price)s in it.
    price_note = ""
    # Whether another partner than the one that asks pays the fees, in its own currency.
    paid_by_another = False

    def judge(self, answers, *, book, today) -> Verdict:
        """The type's own verdict with what holds for every request (GEN-1, GEN-3). Live, at submission and at execution."""
        verdict = self.decide(answers, book=book, today=today)
        general = (*language_findings(self.free_texts(answers), book), *can_be_billed(verdict.charges, most=MOST))
        verdict = replace(verdict, findings=(*general, *verdict.findings), policy_date=book.on)
        denials = [finding for finding in verdict.findings if finding.effect == DENY]
        return replace(verdict, possible_from=self.possible_from(denials, answers, book=book, today=today))

    def possible_from(self, denials, answers, *, book, today, field=None):
        """The day on which all of it is possible, or all that is asked in this field; None where nobody knows one.

        `denials` are the findings of today. The day that frees the last thing is judged, too: by then a term that is announced, or a
        Commitment that is to begin, may hold another.
        """
        day, then = last_named_day(denials), copy(answers)
        then.at = None  # of that day no hour is known
        while day:
            found = self.decide(then, book=book.at(day) if book.on == today else book, today=day).findings
            left = [finding for finding in found if finding.effect == DENY and field in (None, finding.field)]
            if not left:
                return day
            later = last_named_day(left)
            day = later if later and later > day else None
        return None

    def free_texts(self, answers):
        """The free texts of the request by field name: {field: text}."""
        prose = [name for name, field in self.form.base_fields.items() if getattr(field, "has_language", False)]
        return {name: answers[name] for name in prose if answers.get(name)}

    def booked_ahead(self, answers, *, book):
        """GEN-2: what stands against a text of a cancellation that names a later day; types whose service ends at once ask for it."""
        return takes_effect_now(self.free_texts(answers), book=book, month_first=answers.partner.region == Partner.Region.US)

    def decide(self, answers, *, book, today) -> Verdict:
        """Judge what is answered so far: pure, by the dated values of `book` (the request's day is book.on) on day `today`."""
        raise NotImplementedError

    def unasked(self, answers, *, book) -> set:
        """The names of optional fields that play no part in what is answered so far: the page shows them when they do."""
        return set()

    def notes(self, book) -> list:
        """What is good to know before asking, by the values of the book's day: [{"rule", "text"}]."""
        return []

    @property
    def waits(self):
        """What to expect of a request that waits for people: in words, without what a type that answers itself does at once."""
        return self.expected_by_hand or self.expected

    def present(self, ticket) -> dict:
        """What stands in the estate now in place of the answers: {field: value}, for types that change a record."""
        return {}

    def topic_of(self, answers) -> str:
        """The topic of a ticket with these answers; the type's own, unless the type lets the partner choose."""
        return self.topic

    def subject(self, answers) -> str:
        """One line that names the request in lists."""
        return self.title

    def opened(self, ticket, answers, *, at) -> Next | None:
        """What happens right after submission, in its transaction; None leaves the ticket with the care team.

        A type that answers itself returns `answered(text)` here when it knows the answer.
        """

    def apply(self, ticket, answers, *, book, today) -> Next:
        """Carry the request out, inside the transaction of execution. Assets are locked; the verdict was judged just now.

        `book` holds the values of the request's day.
        """
        raise NotImplementedError

    def agreed(self, ticket) -> Quote | None:
        """The price that a person has worked out and the partner has accepted, for types that have such."""
        return None

    def preparations(self, ticket) -> list[Step]:
        """The steps that can be taken now, before it is carried out: what execution waits for, like a price that is quoted."""
        return []

    def steps(self, ticket) -> list[Step]:
        """The steps that are left now that it was carried out, of agent and partner alike.

        By what its rows in the estate (`ticket.source`) wait for, never by its status: asked of a ticket that is over, it says what was
        left undone.
        """
        return []

    def standing(self, ticket) -> list[Standing]:
        """What has become of each thing that the request names, for types that decide them one by one."""
        return []

    def return_sheet(self, ticket, *, book) -> ReturnSheet | None:
        """The sheet for the parcel, while devices are to be sent or are on their way."""
        return None

    def track(self, ticket) -> tuple:
        """The stations of this ticket's way, in order."""
        return self.milestones


class QuestionType(TicketType):
    """A type that only asks for an answer, with nothing to execute: agents answer it, or it answers itself (`opened`)."""

    milestones = (Milestone(_("Submitted"), "submitted"), Milestone(_("Answered"), "answered"))
    action = _("Answer")
    executes = False
