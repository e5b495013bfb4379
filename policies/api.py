"""API of the policy values and the rulebook. All signed-in users can read; administrators can add dated values."""

from django.core.exceptions import ValidationError as Refused
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import permissions, serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from policies import services
from policies.api_lists import CompleteList, whole_list_response
from policies.catalog import POLICIES
from policies.models import PolicyValue, Proposal
from policies.timeline import timelines

INTERNAL = ("note", "set_by", "set_at")


class IsAdministrator(permissions.IsAuthenticated):
    """Allow reading for all signed-in users and adding for administrators; there are no other methods."""

    message = gettext_lazy("Only administrators can add policy values.")

    def has_permission(self, request, view):
        return super().has_permission(request, view) and (request.method != "POST" or request.user.is_staff)


class EntrySerializer(serializers.Serializer):
    """One dated value. Who set it, when and why is shown to staff only."""

    valid_from = serializers.DateField()
    until = serializers.DateField(allow_null=True)
    value = serializers.JSONField()
    shown = serializers.CharField()
    basis = serializers.ChoiceField(["request", "origin"])
    state = serializers.ChoiceField(["announced", "in_force", "older", "past", "replaced", "kept", "taken_back"])
    note = serializers.CharField(required=False)
    set_by = serializers.CharField(required=False)
    set_at = serializers.DateTimeField(allow_null=True, required=False)

    def to_representation(self, entry):
        data = super().to_representation(entry)
        return data if self.context.get("for_staff") else {name: data[name] for name in data if name not in INTERNAL}


class PolicySerializer(serializers.Serializer):
    """A policy value: its meaning, the value in force today, and all its dated values, oldest first."""

    code = serializers.CharField(source="policy.code")
    unit = serializers.CharField(source="policy.unit.name")
    sentence = serializers.CharField()
    rule = serializers.CharField(source="policy.rule")
    article = serializers.CharField(source="policy.article")
    basis = serializers.ChoiceField(["request", "origin"], source="in_force.basis")
    origin = serializers.CharField(source="policy.origin", help_text="The origin date at which a value can be read, if there is one.")
    value = serializers.JSONField(source="in_force.value")
    shown = serializers.CharField(source="in_force.shown")
    timeline = EntrySerializer(source="entries", many=True)


class NewValueSerializer(serializers.Serializer):
    """A dated value to add, as people write it: "7 months", "50.00", ["US", "UK"], [["3", "15"], ["5", "20"]]."""

    valid_from = serializers.DateField()
    value = serializers.JSONField()
    note = serializers.CharField(max_length=500)
    basis = serializers.ChoiceField(["request", "origin"], required=False)

    def to_internal_value(self, data):
        strange = [name for name in data if name not in self.fields] if isinstance(data, dict) else []
        if strange:
            raise ValidationError({name[:60]: [_("There is no such field.")] for name in strange[:20]})
        return super().to_internal_value(data)


class ProposalSerializer(serializers.Serializer):
    """A value that is waiting for the approval of another administrator in the admin site. Until then, it has no effect."""

    code = serializers.CharField()
    valid_from = serializers.DateField()
    value = serializers.JSONField()
    shown = serializers.CharField()
    note = serializers.CharField()
    proposed_by = serializers.CharField()
    proposed_at = serializers.DateTimeField()


class PolicyPage(CompleteList):
    """All policy values at once: the list is short, so it has only one page."""

    results = PolicySerializer(many=True)


class RuleSerializer(serializers.Serializer):
    """One rule. Its sentence contains the values in force today."""

    code = serializers.CharField()
    title = serializers.CharField()
    sentence = serializers.SerializerMethodField()
    article = serializers.CharField()
    policies = serializers.ListField(child=serializers.CharField())

    def get_sentence(self, rule) -> str:
        return rule.say(self.context["book"])


def _today():
    return timezone.now().date()


def _shown(request, of_code):
    return PolicySerializer(of_code, many=isinstance(of_code, list), context={"for_staff": request.user.is_care}).data


def _timeline(code):
    if code not in POLICIES:
        raise Http404
    return PolicyValue.objects.timeline(code, on=_today())


class PolicyList(APIView):
    """List all policy values with their timelines."""

    permission_classes = [IsAdministrator]

    @extend_schema(operation_id="policies_list", responses=PolicyPage)
    def get(self, request):
        return whole_list_response(request, _shown(request, list(timelines(PolicyValue.objects.with_authors(), _today()).values())))


class PolicyDetail(APIView):
    """Return one policy value with its timeline."""

    permission_classes = [IsAdministrator]

    @extend_schema(operation_id="policies_retrieve", responses=PolicySerializer)
    def get(self, request, code):
        return Response(_shown(request, _timeline(code)))


class PolicyValues(APIView):
    """Add a dated value to a policy, or propose it if values need approval. Values are never edited or deleted."""

    permission_classes = [IsAdministrator]
    http_method_names = ["post", "options"]

    @extend_schema(
        operation_id="policies_values_create", request=NewValueSerializer, responses={201: PolicySerializer, 202: ProposalSerializer}
    )
    def post(self, request, code):
        _timeline(code)
        asked = NewValueSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        try:
            row = services.add_value(
                code, given["valid_from"], given["value"], given["note"], request.user, _today(), basis=given.get("basis", "")
            )
        except Refused as refused:
            raise ValidationError(refused.message_dict)
        if isinstance(row, Proposal):
            return Response(ProposalSerializer(row).data, status=status.HTTP_202_ACCEPTED)
        return Response(_shown(request, _timeline(code)), status=status.HTTP_201_CREATED)
