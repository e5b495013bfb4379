"""API: the rulebook, with announced changes and the types of request each rule applies to."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.views import APIView

from knowledge.articles import announced, article_of_rule
from policies.api import RuleSerializer
from policies.api_lists import CompleteList, whole_list_response
from policies.models import PolicyValue
from policies.rulebook import RULES
from tickets.types import TYPES


class AnnouncedJson(serializers.Serializer):
    code = serializers.CharField()
    valid_from = serializers.DateField()
    value = serializers.CharField()
    basis = serializers.ChoiceField(["request", "origin"], help_text="origin: for anything that starts on or after that day.")


class RuleJson(RuleSerializer):
    types = serializers.SerializerMethodField()
    announced = serializers.SerializerMethodField()
    help = serializers.SerializerMethodField()

    def get_types(self, rule) -> list[str]:
        """The codes of the types of request it applies to."""
        return [kind.code for kind in TYPES.values() if rule.code in kind.rules]

    @extend_schema_field(AnnouncedJson(many=True))
    def get_announced(self, rule):
        return AnnouncedJson([row._asdict() for row in announced(rule.policies, self.context["book"])], many=True).data

    def get_help(self, rule) -> str:
        """The slug of the article about it; empty if there is none."""
        article = article_of_rule(rule.code)
        return article.slug if article else ""


class RulePage(CompleteList):
    """All rules on one page, as the list is short."""

    results = RuleJson(many=True)


class RuleList(APIView):
    """The rulebook, with today's values."""

    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="rules_list", responses=RulePage)
    def get(self, request):
        context = {"book": PolicyValue.objects.book(on=timezone.now().date())}
        return whole_list_response(request, RuleJson(list(RULES.values()), many=True, context=context).data)
