"""API: example problem responses for the OpenAPI description."""

from web.problems import body

CHARGE = {
    "fee": "fee.porting_date_change",
    "title": "Change of a porting date",
    "amount": "50.00",
    "currency": "EUR",
    "payer": "NORD",
    "moment": "sent_to_carrier",
    "kind": "fee",
}
FINDING = {
    "rule": "DID-1",
    "effect": "deny",
    "field": "dids",
    "subject": "+498981000400",
    "message": "The number is kept for at least 6 months from its activation on 7 November 2026: it can be cancelled from 7 May 2027.",
    "allowed_from": "2027-05-07",
    "policy": {"did.minimum_term_months": "6 months"},
}
VERDICT = {"outcome": "denied", "findings": [FINDING], "charges": [], "credits": [], "policy_date": "2026-11-18"}

NO_PRICE = body(409, "The request has a price. Accept it by sending its total as accepted_charges.", kind="price-not-accepted")
NO_PRICE |= {"charges": [CHARGE], "total": "50.00"}
NOT_NOW = body(409, "This request is already being executed.", kind="not-now")
DENIED = body(422, "The policies do not allow this request; the verdict says why.", kind="denied", verdict=VERDICT)
