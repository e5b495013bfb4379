"""The measured calls: the live check of four types, the most used pages, those of a large partner, and calls that write."""

import datetime
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.middleware.csrf import _get_new_csrf_string, _mask_cipher_secret
from django.test import RequestFactory
from django.utils import timezone

from bench import large
from bench.clients import Call
from classound.models import Did
from hwaas.models import Device
from partners.models import ApiToken, Partner, Reseller, User
from partners.sessions import SessionStore
from policies.models import PolicyValue
from policies.verdict import ALLOWED
from tickets.models import Ticket
from tickets.services import submission
from tickets.types import TYPES
from web.paging import next_place

TICKETS = 300


class TooLittle(Exception):
    """The estate lacks the objects that the calls need."""


def calls():
    """Return all Calls, about objects of the estate. Creates tokens, sessions and tickets."""
    contact, did = contact_with_a_free_number()
    token, page, desk = bearer(contact), signed_in(contact), signed_in(agent())
    ticket, *others = (filed(contact, did) for _ in range(TICKETS))
    tickets = tuple(other.pk for other in others)
    form = "/portal/requests/new/did_cancel/"
    return [
        *checks(contact.partner, did, token),
        *large.calls(signed_in, bearer),
        Call("portal: home", "GET", "/portal/", page),
        Call("portal: form of did_cancel", "GET", form, page),
        Call("portal: live answer of did_cancel", "POST", f"{form}check/", page, {"dids": [did.number]}),
        Call("portal: devices", "GET", "/portal/devices/", page),
        Call("portal: search", "GET", "/portal/search/?q=branch", page),
        Call("desk: queue", "GET", "/desk/", desk),
        Call("desk: filtered queue", "GET", "/desk/?view=mine&type=did_cancel", desk),
        Call("desk: deep page", "GET", deep_page("/desk/", {"view": "all"}), desk),
        Call("desk: search, a rare word", "GET", "/desk/?q=zephyrville", desk),
        Call("desk: search, a common word", "GET", "/desk/?q=branch", desk),
        Call("desk: search, a DID", "GET", f"/desk/?q={quote(did.number)}", desk),
        Call("desk: counts", "GET", "/desk/live/", desk),
        Call("desk: not satisfied", "GET", f"/desk/?{urlencode(of_this_month() | {'view': 'all', 'satisfied': 'no'})}", desk),
        Call("desk: my day", "GET", "/desk/day/", desk),
        Call("desk: reports", "GET", "/desk/reports/", desk),
        Call("desk: account", "GET", f"/desk/accounts/{contact.partner.code}/", desk),
        Call("desk: ticket", "GET", f"/desk/{ticket.pk}/", desk),
        Call("desk: beside the ticket", "GET", f"/desk/{ticket.pk}/beside/", desk),
        Call(
            "API: tickets of a stranger", "GET", "/api/v1/tickets/?assignee=stranger@careline.example&ordering=created_at", bearer(agent())
        ),
        Call("API: entries of a partner", "GET", f"/api/v1/account/entries/?partner={contact.partner.code}", bearer(agent())),
        Call("API: submit did_cancel", "POST", "/api/v1/tickets/", token, {"type": "did_cancel", "fields": {"dids": [did.number]}}, 201),
        # Replies go to many tickets in turn: the response has a ticket's whole timeline, and no real ticket gets a thousand replies.
        Call("API: reply", "POST", "/api/v1/tickets/{}/messages/", token, {"body": "Thank you very much."}, 201, about=tickets),
    ]


def agent():
    """Return somebody who works at the desk."""
    first = User.objects.filter(role="agent", is_active=True).order_by("pk").first()
    return first or User.objects.create_user("bench@careline.example", full_name="Bench", role="agent")


def deep_page(path, query):
    """Return the address of the page in the middle of all tickets, like the link to older ones."""
    middle = Ticket.objects.order_by("number").values_list("number", flat=True)
    first, last = middle.first(), Ticket.objects.order_by("-number").values_list("number", flat=True).first()
    row = Ticket.objects.filter(number__gte=(first + last) // 2).order_by("number").first()
    request = RequestFactory().get(path, query)
    return path + next_place(request, row, ("-updated_at", "-number"))


def of_this_month():
    """Return the filter for requests filed since the first day of this month."""
    return {"created_from": timezone.now().date().replace(day=1).isoformat()}


def checks(partner, did, token):
    """Return the four checks, with forms as complete as the estate allows."""
    today = timezone.now().date()
    porting = Did.objects.of_partner(partner).filter(porting_confirmed=True, porting_date__gt=today).first() or did
    device = Device.objects.of_partner(partner).filter(state="in_use").first()
    reseller = Reseller.objects.of_partner(partner).first()
    other = Partner.objects.exclude(pk=partner.pk).first()
    later = (porting.porting_date or today) + datetime.timedelta(days=21)
    fields = {
        "did_cancel": {"dids": [did.number], "reason": "The branch has moved."},
        "porting_date_change": {"did": porting.number, "requested_date": later.isoformat(), "acknowledge_not_guaranteed": True},
        "rma": {
            "serial": device.serial if device else "",
            "kind": "warranty",
            "fault": "The display stays dark.",
            "replacement": "new",
            "delivery_address": "1 Main Street",
        },
        "reseller_transfer": {
            "reseller": reseller.code if reseller else "",
            "new_partner": other.code if other else "",
            "description": "The reseller wants to move.",
        },
    }
    return [Call(f"API: check {code}", "POST", f"/api/v1/ticket-types/{code}/check/", token, answers) for code, answers in fields.items()]


def contact_with_a_free_number():
    """Return a contact whose partner has objects of every kind, and a number that may be cancelled."""
    today = timezone.now().date()
    book, kind = PolicyValue.objects.book(on=today), TYPES["did_cancel"]
    for contact in User.objects.filter(role="contact", is_active=True).select_related("partner").order_by("pk")[:50]:
        numbers = Did.objects.of_partner(contact.partner).filter(status="active").order_by("number")
        if not Reseller.objects.of_partner(contact.partner).exists() or not Device.objects.of_partner(contact.partner).exists():
            continue
        for number in numbers.values_list("number", flat=True)[:100]:
            form = kind.form({"dids": [number]}, partner=contact.partner)
            if form.is_valid() and kind.judge(form.answers(), book=book, today=today).outcome == ALLOWED:
                return contact, Did.objects.get(number=number)
    raise TooLittle("No contact's partner has a reseller, a device and a number that may be cancelled.")


def filed(contact, did):
    """Return a ticket that the contact files about this number."""
    form = TYPES["did_cancel"].form({"dids": [did.number]}, partner=contact.partner)
    form.is_valid()
    asked = submission.Request(TYPES["did_cancel"], form, contact)
    return Ticket.objects.get(pk=submission.submit(asked, at=timezone.now()).pk)


def bearer(user):
    """Return the headers of a program with a token."""
    secret = ApiToken.issue(user, name="bench", expires_at=timezone.now() + datetime.timedelta(days=1))
    return {"Authorization": f"Token {secret}"}


def signed_in(user):
    """Return the headers of a browser in which this user is signed in, with the CSRF token that forms need."""
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    secret = _get_new_csrf_string()
    cookies = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={secret}"
    return {"Cookie": cookies, "X-CSRFToken": _mask_cipher_secret(secret)}
