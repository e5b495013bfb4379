"""The pages of proposed policy values: who proposes, sees, decides; what readers of values see of them; simultaneous decisions."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone
from rest_framework.test import APIClient

from desk import tasks
from desk.models import Rehearsal
from partners.models import User
from policies.models import PolicyValue, Proposal
from policies.services import add_value
from tests.cast import make_pbx
from tests.desk.figures import client_of
from tests.tickets.actions import ask
from web.templatetags.careline import unbroken

FEE = "fee.did_transfer"
VALUES, WAITING = f"/admin/policies/policyvalue/{FEE}/", "/admin/policies/proposal/"
PRICE = "75.00"


@pytest.fixture
def tomorrow():
    return timezone.now().date() + timedelta(days=1)


@pytest.fixture
def desks(cast, bea, settings):
    """Clients of Ari, who proposes, and of Bea, the second person."""
    settings.POLICY_APPROVAL = True
    return [client_of(cast.admin), client_of(bea)]


def propose(client, day, value=PRICE):
    client.post(f"{VALUES}new/", {"value": value, "valid_from": day.isoformat(), "note": "A new price list", "confirm": "1"})
    return Proposal.objects.latest("pk")


def text(client, path):
    return client.get(path).content.decode()


def test_value_is_proposed_reviewed_and_approved(cast, desks, bea, tomorrow):
    ari, beas = desks
    target = make_pbx("PBX-OTHER", cast.bakery, cast.today).serial
    move = ask(cast.nora, "did_transfer", timezone.now(), accepted="50", dids=[cast.range.number], target_pbx=target)
    preview = ari.post(f"{VALUES}new/", {"value": PRICE, "valid_from": tomorrow.isoformat(), "note": "A new price list"}).content.decode()
    assert "Propose this value" in preview and "Another administrator must approve it" in preview
    proposal = propose(ari, tomorrow)
    rival = ari.post(f"{VALUES}new/", {"value": "80", "valid_from": tomorrow.isoformat(), "note": "Or rather this"}).content.decode()
    assert "75.00, which Ari Admin proposed for that day, is waiting" in rival and 'name="confirm"' not in rival
    page = f"{WAITING}{proposal.pk}/"
    for path in (VALUES, WAITING, "/admin/", "/admin/policies/policyvalue/"):
        shown = text(beas, path)
        assert "proposed by Ari Admin on" in shown and ", waiting for approval" in shown and page in shown, path
        assert "too late" not in shown and "Review and decide" in shown, path
        assert f'<a href="{VALUES}">Moving numbers</a>' in shown or path == VALUES, "its page names the policy: nobody knows it by its code"
    assert page not in text(ari, "/admin/"), "nobody is knocked at for what is their own"
    assert "only administrator" not in text(ari, page) + text(ari, WAITING)
    User.objects.filter(pk=bea.pk).update(is_active=False)
    assert "You are the only administrator" in text(ari, page) and "You are the only administrator" in text(ari, WAITING)
    User.objects.filter(pk=bea.pk).update(is_active=True)
    assert text(ari, page).count('name="withdraw"') == 1 and 'name="approve"' not in text(ari, page)
    assert "It has not been tried yet." in text(beas, page)
    tried = beas.post(page, {"try": "1"}).url
    tasks.rehearse(Rehearsal.objects.get().pk)
    shown = text(beas, page)
    assert "1 of 1 requests would have had a different result" in shown and "+25.00 EUR" in shown and tried in shown
    assert unbroken(move.subject) in text(beas, tried)
    assert not PolicyValue.objects.exists()
    assert ari.post(page, {"approve": "1"}).status_code == 403
    assert beas.post(page, {"approve": "1"}, follow=True).redirect_chain == [(VALUES, 302)]
    shown = text(ari, VALUES)
    assert "proposed by Ari Admin on" in shown and "approved by Bea Second on" in shown and "waiting for approval" not in shown
    assert "Bea Second already approved it" in beas.post(page, {"decline": "1", "reason": "No"}, follow=True).content.decode()
    assert 'name="approve"' not in text(beas, page) and PolicyValue.objects.count() == 1


def test_closed_proposal_stays_readable_and_can_be_proposed_again(desks, tomorrow):
    ari, beas = desks
    page = f"{WAITING}{propose(ari, tomorrow).pk}/"
    beas.post(page, {"try": "1"})
    tasks.rehearse(Rehearsal.objects.get().pk)
    answer = beas.post(page, {"decline": "1", "reason": " "}).content.decode()
    assert "State why you decline it" in answer and 'aria-invalid="true" autofocus' in answer
    assert "No requests to try it on" in answer and "0 of 0" not in answer
    assert "Approve, decline or withdraw the proposal." in beas.post(page).content.decode()
    beas.post(page, {"decline": "1", "reason": "Not before <b>spring</b>"})
    shown = text(ari, VALUES)
    assert "declined by Bea Second" in shown and "Not before &lt;b&gt;spring" in shown
    decided = text(beas, page)
    assert "Proposed value: Moving numbers" in decided and "declined by Bea Second" in decided and VALUES in decided
    again = text(ari, f"{VALUES}new/?proposal={Proposal.objects.get().pk}")
    assert f'value="{PRICE}"' in again and "A new price list" in again
    ari.post(f"{WAITING}{propose(ari, tomorrow, '80.00').pk}/", {"withdraw": "1"})
    assert "withdrawn by the author" in text(ari, VALUES) and "No proposals are waiting" in text(ari, WAITING)


def test_expired_proposal_can_only_be_closed_or_proposed_again(cast, desks, bea):
    ari, beas = desks
    yesterday = timezone.now().date() - timedelta(days=1)
    proposal = add_value(FEE, yesterday, PRICE, "A new price list", cast.admin, yesterday)
    page = f"{WAITING}{proposal.pk}/"
    shown = text(beas, page)
    assert "It can no longer be approved" in shown and 'name="approve"' not in shown and f"?proposal={proposal.pk}" in shown
    assert "The date must be today" in beas.post(page, {"approve": "1"}).content.decode()
    assert not PolicyValue.objects.exists() and "Awaiting your approval" not in text(beas, "/desk/day/")
    listed = text(beas, WAITING)
    assert "too late to approve" in listed and "Review and close" in listed and "and decide" not in listed
    assert "proposed by Ari Admin on" in listed and all(", waiting for approval" not in said for said in (shown, listed)), "in vain"
    own = text(ari, page)
    assert 'name="withdraw"' in own and "Another administrator decides" not in own


def test_proposals_are_hidden_from_partners_api_and_articles(cast, desks, bea, tomorrow):
    ari, beas = desks
    program = APIClient()
    program.force_authenticate(cast.admin)
    body = {"valid_from": tomorrow.isoformat(), "value": PRICE, "note": "By program"}
    answers = [program.post(f"/api/v1/policies/{FEE}/values/", body, format="json") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202] and answers[0].json() == answers[1].json()
    assert answers[0].json()["shown"] == PRICE and Proposal.objects.get().proposed_by == cast.admin
    assert PRICE not in str(program.get(f"/api/v1/policies/{FEE}/").json()), "not announced either"
    for person in (cast.nora, cast.agent):
        assert PRICE not in text(client_of(person), "/help/")
        assert (
            client_of(person).get(WAITING).status_code
            == 404
            == client_of(person).post(f"{WAITING}{Proposal.objects.get().pk}/").status_code
        )
    assert "Awaiting your approval" in text(beas, "/desk/day/")
    for client in (ari, client_of(cast.agent)):
        assert "Awaiting your approval" not in text(client, "/desk/day/")


def test_without_approval_values_are_added_immediately(cast, client, tomorrow):
    client.force_login(cast.admin)
    assert "New values need no approval" in text(client, "/admin/policies/policyvalue/")
    client.post(f"{VALUES}new/", {"value": PRICE, "valid_from": tomorrow.isoformat(), "note": "At once", "confirm": "1"})
    assert PolicyValue.objects.get().value == PRICE and not Proposal.objects.exists()
    assert client.get(f"{WAITING}1/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_concurrent_decisions_take_effect_once(settings):
    settings.POLICY_APPROVAL = True
    people = [User.objects.create_user(f"{name}@care.example", full_name=name.title(), role="admin") for name in ("ari", "bea", "cy")]
    today = timezone.now().date()
    page = f"{WAITING}{add_value(FEE, today, PRICE, 'Why', people[0], today).pk}/"
    acts = [
        (people[0], {"withdraw": "1"}),
        (people[1], {"approve": "1"}),
        (people[1], {"approve": "1"}),
        (people[2], {"decline": "1", "reason": "No"}),
    ]
    begin, answers = threading.Barrier(len(acts)), []

    def act(who, what):
        client = client_of(who)
        begin.wait()
        answers.append(client.post(page, what).status_code)
        connections.close_all()

    threads = [threading.Thread(target=act, args=one) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302] * len(acts)
    outcome = Proposal.objects.get().outcome
    assert outcome and PolicyValue.objects.count() == (outcome == "approved")
