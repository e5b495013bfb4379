"""API: the representation of a ticket for partners and staff."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from tickets.api import docs
from tickets.models import Ticket, TicketCharge
from tickets.models.ticket import CARRIED_OUT, long_columns
from tickets.services.execution import open_steps
from tickets.types import kind_of
from web.json_forms import schema_of
from web.rest import ReadOnly

# The event data partners see in the timeline; staff see all of it.
PUBLIC = ("step", "party", "decision", "title", "amount", "currency", "payer", "reason", "corrections")

# Due dates of the next reply and the solution are internal to the care team; partners see that of the first reply.
NOT_TOLD = dict.fromkeys(("next_due_at", "solve_due_at", "due_at"))


def rows(user):
    """Return the tickets this user may see, with the columns that a list shows."""
    return Ticket.objects.visible_to(user).select_related("partner", "requester", "assignee").defer(*long_columns())


def person(somebody, viewer):
    """Return a person's name, and the address if the viewer is staff or a colleague."""
    if somebody is None:
        return None
    colleague = viewer.is_care or (somebody.partner_id is not None and somebody.partner_id == viewer.partner_id)
    return {"name": str(somebody), "email": somebody.email if colleague else None}


class TicketRow(ReadOnly, serializers.ModelSerializer):
    """A request in lists."""

    type = serializers.CharField(source="type_code")
    title = serializers.SerializerMethodField()
    outcome = serializers.SerializerMethodField()
    declined = serializers.SerializerMethodField()
    partner = serializers.CharField(source="partner.code")
    requester = serializers.SerializerMethodField()
    assignee = serializers.SerializerMethodField()

    class Meta:
        model = Ticket
        fields = [
            "number",
            "type",
            "title",
            "topic",
            "subject",
            "status",
            "outcome",
            "declined",
            "reason",
            "waiting_for",
            "priority",
            "partner",
            "requester",
            "assignee",
            "created_at",
            "updated_at",
            "solved_at",
            "first_due_at",
            "next_due_at",
            "solve_due_at",
            "due_at",
        ]

    def to_representation(self, ticket):
        shown = super().to_representation(ticket)
        return shown if self.viewer.is_care else shown | NOT_TOLD

    @property
    def viewer(self):
        return self.context["request"].user

    @extend_schema_field(docs.PERSON)
    def get_requester(self, ticket):
        return person(ticket.requester, self.viewer)

    @extend_schema_field(docs.PERSON)
    def get_assignee(self, ticket):
        return person(ticket.assignee, self.viewer)

    @extend_schema_field(docs.OUTCOME)
    def get_outcome(self, ticket):
        """The outcome, empty while the request is open."""
        return Ticket.Outcome.EXECUTED if ticket.outcome in CARRIED_OUT else ticket.outcome

    def get_declined(self, ticket) -> bool:
        """Whether it was executed but a third party, such as the carrier, declined it."""
        return ticket.outcome == Ticket.Outcome.DECLINED

    def get_title(self, ticket) -> str:
        """The title of the type of request."""
        return str(kind_of(ticket).title)


class ChargeJson(ReadOnly, serializers.ModelSerializer):
    """A charge or credit, when it came due, and when it was posted to the account."""

    payer = serializers.CharField(source="payer.code")

    class Meta:
        model = TicketCharge
        fields = ["fee", "title", "amount", "currency", "payer", "moment", "kind", "contingent", "due_at", "posted_at"]


@extend_schema_serializer(component_name="Ticket")
class TicketJson(TicketRow):
    """A request with its fields, verdict and whole history."""

    fields = serializers.JSONField(source="answers")
    verdict = serializers.SerializerMethodField()
    charges = serializers.SerializerMethodField()
    credits = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()
    standing = serializers.SerializerMethodField()
    confirmations = serializers.SerializerMethodField()
    attachments = serializers.SerializerMethodField()
    events = serializers.SerializerMethodField()
    execution = serializers.SerializerMethodField()

    class Meta(TicketRow.Meta):
        fields = [
            *TicketRow.Meta.fields,
            "policy_on",
            "fields",
            "verdict",
            "charges",
            "credits",
            "steps",
            "standing",
            "confirmations",
            "attachments",
            "events",
            "execution",
        ]

    @extend_schema_field(docs.VERDICT)
    def get_verdict(self, ticket):
        return ticket.verdict if self.viewer.is_care else without_names(ticket.verdict)

    @extend_schema_field(ChargeJson(many=True))
    def get_charges(self, ticket):
        return ChargeJson([row for row in ticket.charges.all() if not row.is_credit], many=True).data

    @extend_schema_field(ChargeJson(many=True))
    def get_credits(self, ticket):
        return ChargeJson([row for row in ticket.charges.all() if row.is_credit], many=True).data

    @extend_schema_field(docs.STEPS)
    def get_steps(self, ticket):
        return [
            {"code": step.code, "title": str(step.title), "actor": step.actor, "fields": schema_of(step.form)}
            for step in open_steps(ticket, user=self.viewer)
        ]

    @extend_schema_field(docs.STANDING)
    def get_standing(self, ticket):
        """The status of each item the request names, for types that decide on items one by one."""
        return [
            {"name": one.name, "detail": one.detail, "state": one.code, "title": str(one.state), "note": one.note}
            for one in kind_of(ticket).item_states(ticket)
        ]

    @extend_schema_field(docs.CONFIRMATIONS)
    def get_confirmations(self, ticket):
        return [self.confirmation(confirmation) for confirmation in ticket.confirmations.all()]

    def confirmation(self, row):
        shown = {
            "party": row.party,
            "decision": row.decision,
            "decided_at": row.decided_at,
            "sent_at": row.sent_at,
            "by_letter": row.letter_id is not None,
        }
        for_staff = {"name": row.name, "email": row.email, "decided_by": row.decided_by, "expires_at": row.expires_at}
        return shown | (for_staff if self.viewer.is_care else {})

    @extend_schema_field(docs.ATTACHMENTS)
    def get_attachments(self, ticket):
        return [
            {
                "id": file.pk,
                "name": file.name,
                "content_type": file.content_type,
                "size": file.size,
                "uploaded_at": file.uploaded_at,
                "internal": file.is_internal,
                "url": self.context["request"].build_absolute_uri(reverse("api:file", args=[ticket.pk, file.pk])),
            }
            for file in ticket.attachments.all()
            if self.viewer.is_care or not file.is_internal
        ]

    @extend_schema_field(docs.EVENTS)
    def get_events(self, ticket):
        return [self.event(event) for event in ticket.events.all()]

    def event(self, event):
        data = event.data if self.viewer.is_care else {name: event.data[name] for name in PUBLIC if name in event.data}
        return {
            "id": event.pk,
            "kind": event.kind,
            "title": str(event.title),
            "at": event.at,
            "by": event.actor and str(event.actor),
            "body": event.body,
            "internal": event.is_internal,
            "data": data,
        }

    @extend_schema_field(docs.EXECUTION)
    def get_execution(self, ticket):
        """The execution's state and verdict, for staff only; partners have the status and timeline."""
        return {"state": ticket.execution, "verdict": ticket.execution_verdict} if self.viewer.is_care else None


def without_names(verdict):
    """Return a verdict for partners: it shows that a finding was set aside, but not by whom or why."""
    findings = [finding | ({"overridden": "yes"} if finding.get("overridden") else {}) for finding in verdict.get("findings", ())]
    return verdict | {"findings": findings}
