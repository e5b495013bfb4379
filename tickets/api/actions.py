"""API: actions on a ticket, for partners and staff. Each makes one service call and responds with the ticket."""

from django.forms import Form
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import MultiPartParser
from rest_framework.viewsets import GenericViewSet

from engine.prepared_queries import Parameter, PreparedQuery
from partners.access import Reader, get_visible_or_404
from tickets.api import docs
from tickets.api.corrections import correction
from tickets.api.forms import MessageBody, NoteBody, RejectBody
from tickets.api.problems import answered
from tickets.api.tickets import Tickets
from tickets.forms import LetterForm, OverrideForm, StopForm
from tickets.models import Ticket
from tickets.services import agent_actions, consents, conversation, correcting, dossier, execution
from tickets.services.lifecycle import NotNow
from tickets.steps.porting import CarrierAnswerForm
from tickets.types import kind_of
from web.json_forms import bound, unknown
from web.problems import Invalid

# Enough to check which ticket it is and whose: the service reads it again with its row locked.
READ = ("number", "type_code", "status", "execution", "outcome", "partner")
_ticket = PreparedQuery(
    lambda is_care: Ticket.objects.visible_to(Reader(is_care)).only(*READ).order_by().filter(pk=Parameter("number")), by_key=True
)


class Actions(GenericViewSet):
    """Actions, POST only. Another partner's ticket is 404; staff actions are 403 for the ticket's own partner.

    An action without fields rejects any that are sent: a reason that nobody reads would be lost.
    """

    queryset = Ticket.objects.none()
    shown, respond = Tickets.shown, Tickets.respond

    def ticket(self, number, *, for_staff=False):
        """Return the ticket if the caller may see it. Raise PermissionDenied for a partner's call of a staff action."""
        found = get_visible_or_404(self.request.user, _ticket, number=number)
        if for_staff and not self.request.user.is_care:
            raise PermissionDenied(_("Only the care team can do this."))
        return found

    def done(self, service, number, *about, status=200, who="actor", **given):
        """Call the service on the caller's behalf, and respond with the ticket."""
        with answered():
            service(number, *about, **given, **{who: self.request.user}, at=timezone.now())
        return self.shown(number, status=status)

    def said(self, request, number, say):
        """Call a service that takes a text from the care team, and respond with the ticket."""
        self.ticket(number, for_staff=True)
        return self.done(say, number, bound(NoteBody, request.data).cleaned_data["body"], who="author", status=201)

    @docs.action("message", MessageBody, status=201)
    def messages(self, request, number):
        """Send a message visible to the partner and the care team. A partner's message reopens a solved ticket."""
        self.ticket(number)
        now = timezone.now()
        form = bound(MessageBody, request.data, author=request.user, today=now.date())
        with answered():
            event = conversation.reply(number, form.cleaned_data["body"], author=request.user, at=now)
        return self.respond(dossier.complete(event.ticket, for_staff=request.user.is_care), status=201)

    @docs.action("withdraw", Form)
    def withdraw(self, request, number):
        """Withdraw the request, unless it is already being executed. For the partner; staff reject instead."""
        self.ticket(number)
        if request.user.is_care:
            raise PermissionDenied(_("Only the partner can withdraw its request."))
        bound(Form, request.data)
        return self.done(agent_actions.withdraw, number)

    @docs.action("note", NoteBody, status=201)
    def notes(self, request, number):
        """Add an internal note."""
        return self.said(request, number, conversation.note)

    @docs.action("ask", NoteBody, status=201)
    def ask(self, request, number):
        """Ask the partner a question; the ticket then waits for the answer."""
        return self.said(request, number, conversation.ask_partner)

    @docs.action("answer", NoteBody, status=201)
    def answer(self, request, number):
        """Answer the request and solve it: for questions rather than requests to execute."""
        return self.said(request, number, conversation.answer)

    @docs.action("execute", Form, status=202)
    def execute(self, request, number):
        """Execute the request. A worker does it; the timeline shows when it is done."""
        self.ticket(number, for_staff=True)
        bound(Form, request.data)
        return self.done(execution.request_execution, number, status=202)

    @docs.action("reject", RejectBody)
    def reject(self, request, number):
        """Reject the request, with a reason and a message to the partner."""
        self.ticket(number, for_staff=True)
        given = bound(RejectBody, request.data).cleaned_data
        return self.done(agent_actions.reject, number, given["reason"], given["message"])

    @docs.CORRECT
    def correct(self, request, number):
        """Correct the partner's input, until another party has agreed to it; the price stays the same. For the care team.

        Only the `fields` sent are changed. If a field in `seen` has been changed since, the response is 409.
        """
        kind = kind_of(self.ticket(number, for_staff=True))
        given, seen = correction(kind, request.data)
        rest = [name for name in correcting.fields(kind) if name not in given]
        return self.done(correcting.correct, number, given, seen=seen, leave=rest)

    @docs.action("override", OverrideForm)
    def override(self, request, number):
        """Set a rule's findings aside, with a reason that is kept on the ticket. For team leads."""
        self.ticket(number, for_staff=True)
        if not request.user.may_override:
            raise PermissionDenied(_("Only team leads can set a finding aside."))
        return self.done(agent_actions.override, number, **bound(OverrideForm, request.data).cleaned_data)

    @docs.action("carrier_outcome", CarrierAnswerForm)
    def carrier_outcome(self, request, number):
        """Record the carrier's answer to a porting date change."""
        self.ticket(number, for_staff=True)
        return self.step(request, number, "carrier_outcome")

    @docs.STEP
    def step(self, request, number, code):
        """Take one of the ticket's open steps, with that step's fields."""
        ticket = self.ticket(number)
        with answered():
            try:
                step = execution.open_step(ticket, code, user=request.user)
            except NotNow:
                if not request.user.is_care and execution.is_for_the_care_team(ticket, code):
                    raise PermissionDenied(_("Only the care team can do this.")) from None
                raise
        form = bound(step.form, request.data)
        return self.done(execution.take_step, number, code, form)

    @docs.action("send_again", Form, docs.PARTY)
    def send_again(self, request, number, party):
        """E-mail a party a new link for its decision; the previous one stops working."""
        self.ticket(number, for_staff=True)
        bound(Form, request.data)
        return self.done(consents.send_again, number, party)

    @docs.action("stop_link", StopForm, docs.PARTY)
    def stop_link(self, request, number, party):
        """Stop a party’s link immediately and, if another address is given, e-mail a new one there."""
        self.ticket(number, for_staff=True)
        return self.done(consents.stop, number, party, **bound(StopForm, request.data).cleaned_data)


class Files(Actions):
    """Actions whose bodies carry files."""

    parser_classes = [MultiPartParser]

    @docs.ATTACH
    def attachments(self, request, number):
        """Attach up to 20 files, 50 MB in total, in parts called `file`: PDF, image, text or CSV of up to 10 MB each."""
        self.ticket(number)
        files = request.FILES.getlist("file")
        errors = unknown([*request.POST, *request.FILES], {"file"})
        if not files:
            errors["file"] = [_("Send at least one file, in parts called “file”.")]
        if errors:
            raise Invalid(errors)
        with answered(about="file"):
            conversation.add_files(number, files, by=request.user, at=timezone.now())
        return self.shown(number, status=201)

    @docs.LETTER
    def letter(self, request, number, party):
        """Attach a party's signed letter as its agreement."""
        self.ticket(number, for_staff=True)
        form = bound(LetterForm, request.POST.dict(), files=request.FILES)
        with answered(about="letter"):
            consents.by_letter(
                number, party, form.cleaned_data["letter"], name=form.cleaned_data["name"], actor=request.user, at=timezone.now()
            )
        return self.shown(number)
