"""The OpenAPI description of our webhook calls (OpenAPI 3.1, `webhooks`)."""

from tickets.api.docs import TIME, obj, ref, text

_HEADERS = {
    "webhook-id": "The ID of the call; it stays the same when a call is repeated",
    "webhook-timestamp": "The time of the call, in seconds since 1970",
    "webhook-signature": "`v1,` followed by the signature; several, separated by spaces, while a secret is being replaced",
}
_KIND = text(description="`ticket.` followed by the kind of the event; `ping` for a test call")
_NEWS = obj(ticket={"allOf": [ref("TicketRow"), obj(url=text(format="uri"))]}, event=ref("Event"))
_TRIAL = obj(message=text())
WEBHOOKS = {
    "news": {
        "post": {
            "operationId": "news",
            "tags": ["webhooks"],
            "summary": "An event on a request",
            "parameters": [
                {"name": name, "in": "header", "required": True, "description": words, "schema": text()} for name, words in _HEADERS.items()
            ],
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": obj(type=_KIND, timestamp=TIME, data={"oneOf": [_NEWS, _TRIAL]})}},
            },
            "responses": {"2XX": {"description": "Accepted"}, "410": {"description": "Do not call again"}},
        }
    }
}
