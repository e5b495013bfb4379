"""API: the types of request, and the check of a request."""

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from partners.models import Partner
from policies.api_lists import whole_list_response
from policies.catalog import POLICIES
from policies.models import PolicyValue
from tickets.api import docs
from tickets.api.forms import AskedForm
from tickets.pages.similar_requests import for_api
from tickets.services.submission import judge
from tickets.types import TYPES
from web.json_forms import bound, schema_of
from web.problems import Invalid


def asking_partner(user, code):
    """Return the partner a request is for: the contact's own, or the one staff specify. Raise Invalid."""
    if not code and user.is_care:
        raise Invalid({"partner": [_("Specify the code of the partner the request is for.")]})
    if not code:
        return user.partner
    partner = Partner.objects.visible_to(user).filter(code=code).first()
    if partner is None:
        raise Invalid({"partner": [_("There is no such partner.")]})
    return partner


def fee_of(code, book, region):
    """Return a possible fee with the amount in force; if it varies by region, this region's amount and all amounts."""
    value = book.value(code)
    by_region = {place: f"{amount:.2f}" for place, amount in value} if isinstance(value, tuple) else None
    amount = by_region.get(region) if by_region is not None else f"{value:.2f}"
    policy = POLICIES[code]
    sentence = policy.say(book.dated(code).value)
    return {"fee": code, "sentence": sentence, "rule": policy.rule, "amount": amount, "amount_by_region": by_region}


def described(kind, book, partner):
    """Return a type of request as the API shows it. `partner` (None for staff) determines the region and currency of the fees.

    A fee that another partner pays is in that partner's currency, which is not known yet.
    """
    fees = [fee_of(code, book, partner and partner.region) for code in kind.fees]
    currency = partner.currency if partner and not kind.paid_by_another else None
    price = " + ".join(" ".join(filter(None, (fee["amount"], currency))) for fee in fees if fee["amount"])
    return {
        "code": kind.code,
        "title": str(kind.title),
        "topic": kind.topic,
        "description": str(kind.description),
        "expected": str(kind.expected),
        "notes": kind.notes(book),
        "rules": list(kind.rules),
        "currency": currency,
        "price_note": str(kind.price_note).replace("%(price)s", price),
        "fees": fees,
        "fields": schema_of(kind.form),
    }


class Kinds(ViewSet):
    """The types of request: their fields and possible fees, and a check of a request against the rules."""

    @extend_schema(operation_id="ticket_types", responses=docs.KIND_LIST)
    def index(self, request):
        """List all types of request, on one page."""
        book = PolicyValue.objects.book(on=timezone.now().date())
        return whole_list_response(request, [described(kind, book, request.user.partner) for kind in TYPES.values()])

    @extend_schema(operation_id="ticket_type", parameters=[docs.TYPE_CODE], responses=docs.KIND)
    def retrieve(self, request, code):
        """Return one type of request, with its fields as JSON Schema."""
        return Response(described(self.kind(code), PolicyValue.objects.book(on=timezone.now().date()), request.user.partner))

    @extend_schema(
        operation_id="check", parameters=[docs.TYPE_CODE], request=docs.CHECK, responses=docs.CHECK_RESPONSES, examples=docs.CHECK_EXAMPLES
    )
    def check(self, request, code):
        """Check a request without filing it. The body has its fields; staff add the `partner` and optionally a date, `as_of`."""
        kind, body, user = self.kind(code), request.data, request.user
        asked = body if isinstance(body, dict) else {}
        ours = AskedForm.base_fields.keys() if user.is_care else {"partner"}
        about = bound(AskedForm, {name: asked[name] for name in ours if name in asked}).cleaned_data
        partner = asking_partner(user, about["partner"])
        fields = {name: value for name, value in body.items() if name not in ours} if asked else body
        form = bound(kind.form, fields, partner=partner)
        now = timezone.now()
        answers = form.answers(at=None if about["as_of"] else now)
        verdict = judge(kind, answers, today=about["as_of"] or now.date())
        return Response(verdict.as_json() | {"asked_already": for_api(user, kind, form)})

    @staticmethod
    def kind(code):
        kind = TYPES.get(code)
        if kind is None:
            raise Http404
        return kind
