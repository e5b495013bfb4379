"""API: list, show and create tickets."""

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from tickets.api import docs
from tickets.api.filters import TicketFilters
from tickets.api.forms import SubmitForm
from tickets.api.problems import answered
from tickets.api.representation import TicketJson, TicketRow, rows
from tickets.api.ticket_types import asking_partner
from tickets.models import Ticket
from tickets.services import dossier, submission
from tickets.services.denied_attempts import count_denial
from tickets.views.files import download
from web.json_forms import bound
from web.problems import Invalid
from web.rest import KeysetPagination, StrictFilterBackend


class Tickets(GenericViewSet):
    """Requests: those of the caller's partner, or all of them for staff."""

    queryset = Ticket.objects.none()
    serializer_class = TicketRow
    pagination_class = KeysetPagination
    filter_backends = [StrictFilterBackend]
    filterset_class = TicketFilters
    orders = {
        "-updated_at": ("-updated_at", "-number"),
        "updated_at": ("updated_at", "number"),
        "-created_at": ("-created_at", "-number"),
        "created_at": ("created_at", "number"),
    }

    def get_queryset(self):
        return rows(self.request.user)

    @extend_schema(operation_id="tickets")
    def list(self, request):
        """List tickets, most recently changed first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(operation_id="ticket", parameters=[docs.NUMBER], responses=TicketJson)
    def retrieve(self, request, number):
        """Return a ticket with its fields, verdict, charges, timeline, files and open steps."""
        return self.shown(number)

    @extend_schema(operation_id="submit", request=docs.SUBMIT, responses={201: docs.TICKET} | docs.REFUSALS, examples=docs.SUBMIT_EXAMPLES)
    def create(self, request):
        """File a request. If the policies deny it, the response is 422 with the verdict; if its price was not accepted, 409."""
        body = request.data if isinstance(request.data, dict) else {}
        about = bound(SubmitForm, {name: value for name, value in request.data.items() if name != "fields"} if body else request.data)
        given = about.cleaned_data
        partner = asking_partner(request.user, given["partner"])
        if given["override_reason"] and not request.user.may_override:
            raise Invalid({"override_reason": [_("Only team leads can override rules.")]})
        if not isinstance(body.get("fields"), dict):
            raise Invalid({"fields": [_("Send the fields of the request as an object.")]})
        form = bound(given["type"].form, body["fields"], partner=partner)
        asked = submission.Request(
            given["type"],
            form,
            self.requester(given["requester"], partner),
            accepted=given["accepted_charges"],
            override_reason=given["override_reason"],
            filed_by=request.user,
        )
        with answered():
            ticket = self.submitted(asked, timezone.now())
        answer = self.respond(dossier.complete(ticket, for_staff=request.user.is_care, is_new=True), status=201)
        answer["Location"] = request.build_absolute_uri(reverse("api:ticket", args=[ticket.pk]))
        return answer

    def requester(self, address, partner):
        """Return the requester: the caller, or the partner's contact that the care team specifies. Raise Invalid."""
        user = self.request.user
        if not address:
            return user
        if not user.is_care:
            raise Invalid({"requester": [_("Only the care team can file for somebody else.")]})
        person = partner.contacts.filter(is_active=True, email=address.lower()).first()
        if person is None:
            raise Invalid({"requester": [_("Nobody on this partner’s team has this address.")]})
        return person

    @staticmethod
    def submitted(asked, now):
        """Submit the request and return the ticket; count a denial and raise it again."""
        try:
            return submission.submit(asked, at=now)
        except submission.Denied as denied:
            count_denial(asked.type, denied.verdict, day=now.date())
            raise

    def shown(self, number, status=200):
        """Respond with the ticket in its present state."""
        ticket = dossier.whole(self.request.user, number)
        if ticket is None:
            raise Http404
        return self.respond(ticket, status)

    def respond(self, ticket, status=200):
        """Respond with a whole ticket (services.dossier)."""
        return Response(TicketJson(ticket, context={"request": self.request}).data, status=status)

    @extend_schema(operation_id="file", parameters=[docs.NUMBER, docs.FILE_ID], responses=docs.DOWNLOAD)
    def file(self, request, number, file_id):
        """Download an attached file."""
        return download(request.user, ticket=number, pk=file_id)
