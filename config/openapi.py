"""Additions to the OpenAPI description that concern every app's part."""

import re
from pathlib import Path

from django.conf import settings

from tickets.api.docs import COMPONENTS
from web.rest import MOST_ROWS
from webhooks.openapi import WEBHOOKS

GUIDE = Path(__file__).with_name("api_guide.md").read_text(encoding="utf-8")

PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `type` is about:blank or a urn:careline: name; `errors` is present if fields are invalid.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
        "reference": {"type": "string", "description": "With status 500 or 503: quote it when you contact us"},
    },
    "example": {
        "type": "urn:careline:invalid",
        "title": "Bad Request",
        "status": 400,
        "detail": "Some fields cannot be used as they are.",
        "errors": {"requested_date": ["Enter the date as YYYY-MM-DD, for example 2027-03-01."]},
    },
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "1 to 200 printable ASCII characters. The same call with the same key returns the first response, another call 409.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[ -~]+$"},
}
MB = 1024 * 1024
CURSORS = ("after", "before")
ANSWERS = re.compile(r"\w+Json|Ticket|TicketRow")  # read-only serializers, whose fields are always present
VALUE = re.compile(r"^\* `(.*)` - (.*)$", re.MULTILINE)  # drf-spectacular's format for the values of a choice


def complete(result, generator, request, public):
    """Add the introduction, handwritten schemas, the problem response of every operation, and the Idempotency-Key of every POST."""
    files, together = settings.ATTACHMENTS_OF_MESSAGE
    facts = {
        "{server}": settings.SITE_URL,
        "{calls}": settings.API_CALLS_PER_MINUTE,
        "{rows}": MOST_ROWS,
        "{body}": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // MB,
        "{file}": settings.ATTACHMENT_MAX_BYTES // MB,
        "{files}": files,
        "{together}": together // MB,
    }
    guide = re.sub("|".join(map(re.escape, facts)), lambda found: str(facts[found[0]]), GUIDE)
    result["info"]["description"] = guide
    schemas = result["components"].setdefault("schemas", {})
    for name in filter(ANSWERS.fullmatch, schemas):
        schemas[name]["required"] = sorted(schemas[name]["properties"])
    schemas.update(COMPONENTS | {"Problem": PROBLEM})
    for path in result["paths"].values():
        for method, operation in path.items():
            answer = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
            operation["responses"].setdefault("default", {"description": "A problem", "content": answer})
            _summarize(operation)
            if method == "post":
                operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
            # A filter without a value is refused, see StrictFilterBackend.
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "query" and parameter["schema"] == {"type": "string"} and parameter["name"] not in CURSORS:
                    parameter["schema"] = {"type": "string", "minLength": 1}
    result["webhooks"] = WEBHOOKS
    _leave_out_echoes(result)
    _describe_labels([result["paths"], result["components"]])
    return result


def _summarize(operation):
    """Use the first sentence of the description as summary, which the list of calls shows."""
    summary, *rest = re.split(r"(?<=\.)\s+", operation.pop("description"), maxsplit=1)
    operation["summary"] = " ".join(summary.split()).removesuffix(".")
    if rest:
        operation["description"] = rest[0]


def _leave_out_echoes(part):
    """Remove descriptions of values that only repeat the value, as of currencies: `USD` - Usd."""
    if isinstance(part, list):
        for one in part:
            _leave_out_echoes(one)
    if not isinstance(part, dict):
        return
    for one in part.values():
        _leave_out_echoes(one)
    words = part.get("description")
    values = VALUE.findall(words) if isinstance(words, str) else []
    if values and all(_plain(value) == _plain(label) for value, label in values):
        part["description"] = VALUE.sub("", words).strip()
        if not part["description"]:
            del part["description"]


def _describe_labels(part):
    """Move titles into descriptions: generated clients name classes after titles, and form labels may change any time."""
    if isinstance(part, list):
        part = dict(enumerate(part))
    for name, one in part.items() if isinstance(part, dict) else ():
        if name not in ("example", "examples"):  # whose titles belong to requests and charges
            _describe_labels(one)
    if isinstance(part, dict) and isinstance(part.get("title"), str):
        words = [part.pop("title"), part.get("description")]
        part["description"] = " – ".join(filter(None, words))


def _plain(word):
    return word.replace("_", " ").casefold()
