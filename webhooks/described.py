"""How the OpenAPI description tells of the calls that we make (OpenAPI 3.1, `webhooks`)."""

from tickets.api.docs import TIME, obj, ref, text

_HEADERS = {
    "webhook-id": "The name of the call, the same however often it comes",
    "webhook-timestamp": "When it was made, in seconds since 1970",
    "webhook-signature": "`v1,` and the signature; several, with spaces between, while a secret is being replaced",
}
_KIND = text(description="`ticket.` and the kind of the event; `ping` for a trial")
_NEWS = obj(ticket={"allOf": [ref("TicketRow"), obj(url=text(format="uri"))]}, event=ref("Event"))
_TRIAL = obj(message=text())
WEBHOOKS = {
    "news": {
        "post": {
            "operationId": "news",
            "tags": ["webhooks"],
            "summary": "What happened on a request",
            "parameters": [
                {"name": name, "in": "header", "required": True, "description": words, "schema": text()} for name, words in _HEADERS.items()
            ],
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": obj(type=_KIND, timestamp=TIME, data={"oneOf": [_NEWS, _TRIAL]})}},
            },
            "responses": {"2XX": {"description": "Taken"}, "410": {"description": "Do not call again"}},
        }
    }
}
