"""E-mails about no ticket: portings ahead, usage, API tokens, webhooks, policy values, and problems of operation.

Each function returns the context of its template, or None if the e-mail is obsolete.
"""

import datetime
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from billing.amounts import format_amount
from classound.models import Call, Did
from classound.numbers import grouped
from classound.usage import usage_totals
from partners.email_parts import bidi_isolated
from partners.models import User
from partners.users import ApiToken
from policies.catalog import POLICIES
from policies.models import Proposal
from tickets.models import Trouble

USERS_IN_A_MAIL, NUMBERS_IN_A_MAIL = 10, 100


def _porting_reminder(mail, at):
    """Return the numbers and their date; None if that date has been reached, e.g. while the mail server was down."""
    day = datetime.date.fromisoformat(mail.data["date"])
    if day <= at.date():
        return None
    ported = mail.data.get("dids") or [[mail.data["did"], mail.data["pbx"]]]  # older rows hold one number each
    query = {"q": ported[0][0]} if len(ported) == 1 else {"status": Did.Status.ORDERED.value}
    dids = [{"number": grouped(number), "pbx": pbx} for number, pbx in ported[:NUMBERS_IN_A_MAIL]]
    return mail.data | {
        "one": dids[0] if len(ported) == 1 else None,
        "dids": dids,
        "count": len(ported),
        "more": len(ported) - len(dids),
        "date": day,
        "link": f"{settings.SITE_URL}{reverse('portal:dids')}?{urlencode(query)}",
    }


def _usage_report(mail, at):
    """Return the usage of the month, for the top users only; None if the reader has left the partner's team."""
    reader = User.objects.filter(email=mail.to, partner=mail.data["partner"], is_active=True).select_related("partner").first()
    if reader is None:
        return None
    partner, month = reader.partner, datetime.date.fromisoformat(mail.data["month"])
    whole, users = usage_totals(Call.objects.visible_to(reader).of_partner(partner), month, users=USERS_IN_A_MAIL + 1)
    return {
        "partner": partner,
        "month": month,
        "whole": whole,
        "price": format_amount(whole.price or 0, partner.currency),
        "users": [
            {"name": bidi_isolated(row.user), "used": row, "price": format_amount(row.price or 0, partner.currency)}
            for row in users[:USERS_IN_A_MAIL]
        ],
        "more": len(users) > USERS_IN_A_MAIL,
        "link": settings.SITE_URL + reverse("usage_page", args=[partner.code, f"{month:%Y-%m}"]),
        "account": settings.SITE_URL + reverse("portal:account"),
    }


def _token_expires(mail, at):
    """Return the API token that expires; None if it was revoked meanwhile, has expired, or its owner has left."""
    token = ApiToken.objects.valid(at=at).filter(pk=mail.data["token"], user__is_active=True).first()
    link = token and settings.SITE_URL + reverse(f"{token.user.area}:tokens")
    return token and {"name": token.name, "day": token.expires_at.date(), "link": link}


def _proposal(mail, at):
    """Return the proposed policy value; None if it no longer needs a decision or its date has passed."""
    shown = _proposed(mail)
    return shown if shown and not shown["proposal"].outcome and shown["proposal"].valid_from >= at.date() else None


def _proposed(mail):
    """Return the proposal; None if the reader is no longer an administrator."""
    if not User.objects.administrators().filter(email=mail.to).exists():
        return None
    row = Proposal.objects.with_authors().filter(pk=mail.data["proposal"]).first()
    link = settings.SITE_URL + reverse("admin:policies_proposal_one", args=[mail.data["proposal"]])
    return row and {"proposal": row, "sentence": POLICIES[row.code].tell(row.shown), "link": link}


def _trouble(mail, at):
    """Return the problem; None if the reader is no longer an administrator, or if it has ended (which has its own e-mail)."""
    is_over = mail.kind == "trouble_over"
    row = Trouble.objects.filter(pk=mail.data["trouble"], over_at__isnull=not is_over).first()
    if row is None or not User.objects.administrators().filter(email=mail.to).exists():
        return None
    return {"trouble": row, "link": settings.SITE_URL + reverse("admin:index")}


def _webhook_off(mail, at):
    return mail.data | {"host": urlsplit(mail.data["url"]).hostname, "link": settings.SITE_URL + reverse("portal:webhooks")}


def _address_changed(mail, at):
    return mail.data | {"on": datetime.date.fromisoformat(mail.data["on"])}


CONTEXTS = {
    "address_changed": _address_changed,
    "porting_reminder": _porting_reminder,
    "proposal": _proposal,
    "proposal_decided": lambda mail, at: _proposed(mail),
    "token_expires": _token_expires,
    "trouble": _trouble,
    "trouble_over": _trouble,
    "usage_report": _usage_report,
    "webhook_off": _webhook_off,
}
BUTTONS = {
    "porting_reminder": gettext_lazy("Show the numbers"),
    "proposal": gettext_lazy("Review and decide"),
    "proposal_decided": gettext_lazy("Show the value"),
    "token_expires": gettext_lazy("Show the tokens"),
    "trouble": gettext_lazy("Show current status"),
    "trouble_over": gettext_lazy("Show current status"),
    "usage_report": gettext_lazy("Show the whole month"),
    "webhook_off": gettext_lazy("Show the webhooks"),
}
