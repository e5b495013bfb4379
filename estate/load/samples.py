"""Real requests about the estate, judged by the rules, from which the tickets of a load are made."""

import json

from classound.models import Did
from hwaas.models import Device, Order
from partners.models import User
from policies.models import PolicyValue
from policies.verdict import DENIED
from tickets.types import TYPES

CONTACTS, EACH = 200, 6


def _cancel(partner):
    numbers = Did.objects.of_partner(partner).filter(status="active").order_by("number").values_list("number", flat=True)
    return [{"dids": [number], "reason": "The line is not used any more."} for number in numbers[:EACH]]


def _replace(partner):
    serials = Device.objects.of_partner(partner).filter(state="in_use").order_by("serial").values_list("serial", "ownership")
    rest = {"fault": "The display stays dark.", "replacement": "new", "delivery_address": "1 Main Street"}
    return [{"serial": serial, "kind": "hwaas" if owned == "hwaas" else "warranty"} | rest for serial, owned in serials[:EACH]]


def _move_porting(partner):
    numbers = Did.objects.of_partner(partner).filter(porting_confirmed=True, status="ordered").values_list("number", flat=True)
    return [{"did": number, "requested_date": "2099-03-02", "acknowledge_not_guaranteed": "on"} for number in numbers[:EACH]]


def _track(partner):
    numbers = Order.objects.of_partner(partner).order_by("-placed_on").values_list("number", flat=True)
    return [{"order": number} for number in numbers[:EACH]]


def _ask(partner):
    subjects = ("How does the calendar of expirations work?", "Which report shows the support fee?", "Where are the starter kit papers?")
    return [{"topic": "General", "subject": subject, "message": "Thank you for a short answer."} for subject in subjects]


ASKED = {
    "did_cancel": _cancel,
    "rma": _replace,
    "porting_date_change": _move_porting,
    "shipment_tracking": _track,
    "general_question": _ask,
}


def write(cursor, now):
    """Create the temporary table load_sample; return its number of requests, none of which is denied."""
    cursor.execute(
        "CREATE TEMPORARY TABLE load_sample (id serial PRIMARY KEY, type_code text, topic text, subject text, partner_id bigint, "
        "requester_id bigint, answers jsonb, verdict jsonb, charges jsonb, executes bool, vector tsvector) ON COMMIT DROP"
    )
    rows = list(_rows(now.date()))
    columns = "type_code, topic, subject, partner_id, requester_id, answers, verdict, charges, executes"
    with cursor.copy(f"COPY load_sample ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute("UPDATE load_sample SET vector = setweight(to_tsvector('english', subject || ' ' || answers::text), 'A')")
    return len(rows)


def _rows(today):
    book = PolicyValue.objects.book(on=today)
    contacts = User.objects.filter(role=User.Role.CONTACT, is_active=True).select_related("partner").order_by("partner_id", "pk")
    for contact in contacts.distinct("partner_id")[:CONTACTS]:
        for code, ask in ASKED.items():
            if kind := TYPES.get(code):
                for fields in ask(contact.partner):
                    yield from _judged(kind, fields, contact, book, today)


def _judged(kind, fields, contact, book, today):
    form = kind.form(fields, partner=contact.partner)
    if not form.is_valid():
        return
    answers = form.answers()
    verdict = kind.judge(answers, book=book, today=today)
    if verdict.outcome == DENIED:
        return
    charges = [charge.as_json() for charge in verdict.charges if charge.payer == contact.partner.code]
    shown = (json.dumps(form.as_json()), json.dumps(verdict.as_json()), json.dumps(charges))
    yield (kind.code, kind.topic, str(kind.subject(answers)), contact.partner_id, contact.pk, *shown, kind.executes)
