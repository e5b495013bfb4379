"""Sign-in and invitations, labels, and the deletion of resellers. For functions with rows, see tests/cases/outside/times.py."""

import datetime
import re

import time_machine
from django.test import Client
from django.urls import reverse

from partners import rules, team
from partners.invitations import Invitation
from partners.models import EndUser, Reseller
from tests.access.conftest import mailed_code
from tests.cases.outside import found
from tests.tickets.actions import ask
from tickets.services import resellers

NOON = datetime.datetime(2026, 11, 18, 12, tzinfo=datetime.UTC)
PASSWORD = "correct horse battery"


def code_after(facts, get):
    """ORG-2: whether the e-mailed code lets Nora in this long after it was sent."""
    email = get("cast").nora.email

    def enters(passed):
        minutes, seconds = map(int, passed.split(":"))
        with time_machine.travel(NOON, tick=False) as clock:
            client = Client()
            client.post(reverse("account_login"), {"login": email, "password": PASSWORD})
            clock.shift(datetime.timedelta(minutes=minutes, seconds=seconds))
            client.post(reverse("account_confirm_login_code"), {"code": mailed_code()})
            return _let_in(client)

    return enters


def code_after_wrong_ones(facts, get):
    """ORG-2: whether the right code lets Nora in after this number of wrong ones."""
    email = get("cast").nora.email

    def enters(wrong):
        client = Client()
        client.post(reverse("account_login"), {"login": email, "password": PASSWORD})
        for code in [*["WRNG-CODE"] * wrong, mailed_code()]:
            client.post(reverse("account_confirm_login_code"), {"code": code})
        return _let_in(client)

    return enters


def _let_in(client):
    return ["signed in"] if "_auth_user_id" in client.session else ["ORG-2 not signed in"]


def invitation(facts, get):
    """ORG-2: whether the link of an invitation that Nora `sent_at` one moment is valid at another."""
    cast = get("cast")
    team.invite(cast.nord, email="new@nord.example", full_name="New", label="", actor=cast.nora, at=facts["sent_at"])
    secret = Invitation.objects.get().renew(by=cast.nora, at=facts["sent_at"], expires_at=Invitation.objects.get().expires_at)
    return lambda at: [] if Invitation.objects.behind(secret, now=at).exists() else ["ORG-2 the link is over"]


def end_of_reseller(facts, get):
    """ORG-3: the result of deleting the reseller Kiel IT with this typed name, while a request moves it (`is_moving`) or none does."""
    cast = get("cast")
    if facts["is_moving"]:
        asked = {"reseller": "R-NORD", "new_partner": "SUD", "description": "They want to move."}
        ask(cast.nora, "reseller_transfer", NOON, accepted="100", **asked)

    def deleted(typed):
        try:
            resellers.delete(cast.north_reseller.pk, typed, actor=cast.nora, at=NOON)
        except rules.NotPossible as refused:
            return found(refused.findings)
        bakery = EndUser.objects.get(pk=cast.bakery.pk)
        is_gone = not Reseller.objects.filter(pk=cast.north_reseller.pk).exists()
        return ["deleted"] * is_gone + [f"Bakery stays with {bakery.partner.name}"] * (bakery.reseller is None)

    return deleted


def label(facts, get):
    """GEN-5: the pages that look different to Nora when this is her label; all others are identical to the letter."""
    cast = get("cast")
    client = Client()
    client.force_login(cast.nora)

    def seen():
        with time_machine.travel(NOON, tick=False):
            return {page: _as_shown(client, page, facts) for page in facts["pages"]}

    without = seen()

    def differs(label):
        cast.nora.label = label
        cast.nora.save()
        return [f"GEN-5 shown on {page}" for page, shown in seen().items() if shown != without[page]]

    return differs


def _as_shown(client, page, facts):
    """Return the status and text of a page, or of the response to `sent` if there is something to send, without what is new each time."""
    answer = client.post(page, facts["sent"][page]) if page in facts["sent"] else client.get(page)
    return answer.status_code, re.sub(r'"[\w-]{36,64}"|nonce="[^"]*"', "", answer.content.decode())
