"""API: the parts of the OpenAPI description of ticket types and tickets that serializers and forms cannot generate."""

from django import forms
from django.conf import settings
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from tickets.api import examples
from tickets.api.filters import OUTCOMES
from tickets.forms import LEAST_REASON, LetterForm
from tickets.types import TYPES
from web.json_forms import schema_of


def ref(name):
    """Return a JSON Schema reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def obj(required=True, **properties):
    """Return the JSON Schema of an object; all properties are required by default."""
    return {"type": "object", "properties": properties} | ({"required": list(properties)} if required else {})


def text(*enum, **more):
    """Return the JSON Schema of a string, optionally an enum."""
    return {"type": "string"} | ({"enum": list(enum)} if enum else {}) | more


def items(schema):
    """Return the JSON Schema of an array."""
    return {"type": "array", "items": schema}


DAY, TIME, MONEY, ANYTHING = text(format="date"), text(format="date-time"), text(pattern=r"^-?[0-9]+\.[0-9]{2}$"), {"type": "object"}
OUTCOME = text("", *(value for value, _label in OUTCOMES))
MAYBE_TEXT, MAYBE_TIME = {"type": ["string", "null"]}, {"type": ["string", "null"], "format": "date-time"}

KINDS = text("fee", "charge", "credit_note", "reversal")
CHARGE = obj(fee=text(), title=text(), amount=MONEY, currency=text(), payer=text(), moment=text(), kind=KINDS)
CHARGE["properties"]["contingent"] = {"type": "boolean", "description": "Due only if the request is rejected for this reason."}
FINDING = obj(
    rule=text(),
    effect=text("deny", "require", "warn", "charge"),
    field=text(),
    subject=text(),
    message=text(),
    allowed_from={"type": ["string", "null"], "format": "date"},
    policy={"type": "object", "additionalProperties": text()},
)
FINDING["properties"] |= {"needs": text("approval", "consent", "document", "quote"), "overridden": text()}
COMPONENTS = {
    "Finding": FINDING,
    "Charge": CHARGE,
    "Verdict": obj(
        outcome=text("allowed", "needs_review", "denied"),
        findings=items(ref("Finding")),
        charges=items(ref("Charge")),
        credits=items(ref("Charge")),
        policy_date=DAY,
    ),
    "TicketType": obj(
        code=text(),
        title=text(),
        topic=text(),
        description=text(),
        expected=text(description="How long it usually takes"),
        notes=items(obj(rule=text(), text=text())),
        rules=items(text()),
        currency=MAYBE_TEXT | {"description": "Currency of the amounts; null for staff, and if another partner pays in its own currency"},
        price_note=text(description="Further charges, in words"),
        fees=items(
            obj(fee=text(), sentence=text(), rule=text(), amount=MAYBE_TEXT, amount_by_region={"type": ["object", "null"]}),
        ),
        fields={"type": "object", "description": "JSON Schema of the fields"},
    ),
    "Person": obj(name=text(), email=MAYBE_TEXT),
    "Step": obj(code=text(), title=text(), actor=text("agent", "partner"), fields={"type": "object", "description": "JSON Schema"}),
    "Standing": obj(name=text(), detail=text(), state=text(), title=text(description="The state in words"), note=text()),
    "Event": obj(
        id={"type": "integer"}, kind=text(), title=text(), at=TIME, by=MAYBE_TEXT, body=text(), internal={"type": "boolean"}, data=ANYTHING
    ),
    "File": obj(
        id={"type": "integer"},
        name=text(),
        content_type=text(),
        size={"type": "integer"},
        uploaded_at=TIME,
        internal={"type": "boolean"},
        url=text(format="uri"),
    ),
    "Confirmation": obj(party=text(), decision=text(), decided_at=MAYBE_TIME, sent_at=MAYBE_TIME, by_letter={"type": "boolean"}),
}

# A party's identity and the expiry of its link are shown to staff only.
COMPONENTS["Confirmation"]["properties"] |= dict.fromkeys(("name", "email", "decided_by"), text()) | {"expires_at": MAYBE_TIME}

VERDICT, PERSON = ref("Verdict"), {"anyOf": [ref("Person"), {"type": "null"}]}
STEPS, EVENTS, ATTACHMENTS, CONFIRMATIONS = items(ref("Step")), items(ref("Event")), items(ref("File")), items(ref("Confirmation"))
STANDING = items(ref("Standing"))
EXECUTION = {"type": ["object", "null"], "description": "For staff: the state of the execution and its verdict"}
KIND = {200: ref("TicketType")}
KIND_LIST = {200: obj(next=MAYBE_TEXT, previous=MAYBE_TEXT, results=items(ref("TicketType")))}
TICKET = ref("Ticket")
ASKED = obj(
    asked_already=items(obj(number={"type": "integer"}, subject=text(), created_at=TIME))
    | {"description": "The partner’s open requests of this type about the same assets; duplicates are not rejected"}
)
NUMBER = OpenApiParameter("number", int, OpenApiParameter.PATH, description="Number of the ticket")
FILE_ID = OpenApiParameter("file_id", int, OpenApiParameter.PATH, description="Id of the file")
TYPE_CODE = OpenApiParameter("code", str, OpenApiParameter.PATH, description="Code of the type, for example did_cancel")
STEP_CODE = OpenApiParameter("code", str, OpenApiParameter.PATH, description="Code of the step, as shown on the ticket")
PARTY = OpenApiParameter("party", str, OpenApiParameter.PATH, enum=["subject", "current_partner", "new_partner"])
DOWNLOAD = {(200, kind): {"type": "string", "format": "binary"} for kind in settings.ATTACHMENT_TYPES}

CHECK = {
    "application/json": obj(
        False,
        partner=text(description="For staff: code of the partner the request is for"),
        as_of=text(format="date", description="For staff"),
    )
    | {"description": "The fields of the type", "additionalProperties": True}
}
CHECK_RESPONSES = {200: {"allOf": [VERDICT, ASKED]}}
CHECK_EXAMPLES = [
    OpenApiExample("Cancel two numbers", {"dids": ["+498981000400", "+49898100050X"]}, request_only=True),
    OpenApiExample("As staff, on another day", {"dids": ["+498981000400"], "partner": "NORD", "as_of": "2027-03-01"}, request_only=True),
]
BESIDE_FIELDS = {
    "accepted_charges": text(pattern=r"^[0-9]{1,10}(\.[0-9]{1,2})?$", description="Total of the charges you accept"),
    "partner": text(description="For staff: code of the partner the request is for"),
    "requester": text(format="email", description="For staff: the contact the request is filed for, who gets the e-mails"),
    "override_reason": text(minLength=LEAST_REASON, maxLength=500, description="For team leads: the reason for overriding the rules"),
}
# One schema per type, so that generated clients know the fields of each.
REQUESTS = {code: f"{type(kind).__name__}Submission" for code, kind in TYPES.items()}
COMPONENTS |= {
    REQUESTS[code]: obj(False, type=text(code), fields=schema_of(kind.form), **BESIDE_FIELDS)
    | {"title": str(kind.title), "required": ["type", "fields"], "additionalProperties": False}
    for code, kind in TYPES.items()
}
SUBMIT = {
    "application/json": {
        "oneOf": [ref(name) for name in REQUESTS.values()],
        "discriminator": {"propertyName": "type", "mapping": {code: ref(name)["$ref"] for code, name in REQUESTS.items()}},
    }
}
_PORTING = {"did": "+498981000403", "requested_date": "2027-03-01", "acknowledge_not_guaranteed": True}
SUBMIT_EXAMPLES = [
    OpenApiExample("A paid request", {"type": "porting_date_change", "fields": _PORTING, "accepted_charges": "50.00"}, request_only=True),
    OpenApiExample("A free request", {"type": "did_cancel", "fields": {"dids": ["+498981000400"]}}, request_only=True),
]


def problem(description, example, required=True, **members):
    """Return a problem response with further members."""
    return OpenApiResponse({"allOf": [ref("Problem"), obj(required, **members)], "example": example}, description)


def refusals(example=examples.NOT_NOW, **members):
    """Return the responses 409, optionally with more `members`, and 422."""
    words = "The charges were not accepted or have changed, or the ticket’s state does not allow it (then without charges)."
    changed = problem(words, example, False, charges=items(ref("Charge")), total=MONEY, verdict=ref("Verdict"), **members)
    return {
        (409, "application/problem+json"): changed,
        (422, "application/problem+json"): problem("Denied by the policies.", examples.DENIED, verdict=ref("Verdict")),
    }


REFUSALS = refusals(examples.NO_PRICE)


def described(operation_id, body, *parameters, status=200, **members):
    """Describe an action on a ticket: it returns the ticket, or 409 (optionally with more `members`) or 422 with the reason."""
    return extend_schema(
        operation_id=operation_id, parameters=[NUMBER, *parameters], request=body, responses={status: TICKET} | refusals(**members)
    )


def action(operation_id, form=forms.Form, *parameters, status=200):
    """Describe an action by the form of its JSON body."""
    return described(operation_id, {"application/json": schema_of(form)}, *parameters, status=status)


CORRECT = described(
    "correct",
    {
        "application/json": obj(
            False,
            fields={"type": "object", "description": "The fields to correct, as defined by the type", "minProperties": 1},
            seen={"type": "object", "description": "Their values when you read the ticket; fields not sent are not compared"},
        )
        | {"required": ["fields"], "additionalProperties": False}
    },
    conflicts=items(obj(field=text(), now={"description": "The current value"}, yours={"description": "The value you sent"})),
)
STEP = described("step", {"application/json": {"type": "object", "description": "The step’s fields"}}, STEP_CODE)
ATTACH = described("attach", {"multipart/form-data": obj(file=items(text(format="binary")) | {"minItems": 1})}, status=201)
LETTER = described("letter", {"multipart/form-data": schema_of(LetterForm)}, PARTY)
