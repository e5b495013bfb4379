"""How the OpenAPI description tells of the calls that we make (OpenAPI 3.1, `webhooks`)."""

_HEADERS = {
    "webhook-id": "The name of the call, the same however often it comes",
    "webhook-timestamp": "When it was made, in seconds since 1970",
    "webhook-signature": "`v1,` and the signature; several, with spaces between, while a secret is being replaced",
}


def _ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def _whole(**properties):
    return {"type": "object", "required": list(properties), "properties": properties}


_KIND = {"type": "string", "description": "`ticket.` and the kind of the event; `ping` for a trial"}
_TICKET = {"allOf": [_ref("TicketRow"), _whole(url={"type": "string", "format": "uri"})]}
_NEWS = _whole(ticket=_TICKET, event=_ref("Event"))
_TRIAL = _whole(message={"type": "string"})
WEBHOOKS = {
    "news": {
        "post": {
            "operationId": "news",
            "tags": ["webhooks"],
            "summary": "What happened on a request",
            "parameters": [
                {"name": name, "in": "header", "required": True, "description": words, "schema": {"type": "string"}}
                for name, words in _HEADERS.items()
            ],
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {
                        "schema": _whole(type=_KIND, timestamp={"type": "string", "format": "date-time"}, data={"oneOf": [_NEWS, _TRIAL]})
                    }
                },
            },
            "responses": {"2XX": {"description": "Taken"}, "410": {"description": "Do not call again"}},
        }
    }
}
