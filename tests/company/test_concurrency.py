"""Two people at the same moment: the team is never left without anybody, and an invitation creates one contact."""

import datetime
import threading
from functools import partial

import pytest
from django.db import connection, transaction
from django.utils import timezone

from partners import rules, team
from partners.models import ApiToken, CompanyEvent, EndUser, Invitation, Partner, Reseller, User
from tests.interleaving import meanwhile
from tickets.services import resellers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def nord():
    return Partner.objects.create(code="NORD", name="Nord", country="DE", region="EU", currency="EUR")


def together(*acts):
    """Run each act in a thread and a transaction of its own, all started together; return the result of each."""
    gate, given = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            gate.wait(timeout=30)
            with transaction.atomic():
                given[place] = act()
        except rules.NotPossible as error:
            given[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return given


def test_two_colleagues_cannot_end_each_others_access(nord):
    now = timezone.now()
    anna, olaf = (User.objects.create_user(f"{n}@nord.example", "x", full_name=n, partner=nord, last_login=now) for n in ("anna", "olaf"))
    given = together(
        lambda: team.end_access(User.objects.get(pk=olaf.pk), nord, actor=anna, at=now),
        lambda: team.end_access(User.objects.get(pk=anna.pk), nord, actor=olaf, at=now),
    )
    assert User.objects.filter(is_active=True).count() == 1
    assert [str(error) for error in given if error] == ["Your own access has ended."]


def test_link_used_twice_at_once_creates_one_contact(nord):
    now = timezone.now()
    anna = User.objects.create_user("anna@nord.example", "x", full_name="Anna", partner=nord)
    invitation = Invitation(partner=nord, email="quinn@nord.example", full_name="Quinn")
    secret = invitation.renew(by=anna, at=now, expires_at=now + datetime.timedelta(days=1))
    given = together(*[lambda: team.accept(secret, "a long enough secret", at=now)] * 2)
    assert sorted(person is None for person in given) == [False, True]
    assert User.objects.filter(email="quinn@nord.example").count() == 1


@pytest.fixture
def invited(nord):
    """An invitation, its link's secret and the colleague who sent it."""
    now = timezone.now()
    anna = User.objects.create_user("anna@nord.example", "x", full_name="Anna", partner=nord, last_login=now)
    invitation = Invitation(partner=nord, email="quinn@nord.example", full_name="Quinn")
    return invitation, invitation.renew(by=anna, at=now, expires_at=now + datetime.timedelta(days=1)), anna


def whole(act):
    """Return the act as one transaction, as its page does it."""
    return transaction.atomic(act)


def test_invitation_accepted_meanwhile_is_not_sent_again(invited):
    invitation, secret, anna = invited
    now, shown = timezone.now(), Invitation.objects.get(pk=invitation.pk)
    _joined, again = meanwhile(
        whole(lambda: team.accept(secret, "a long enough secret", at=now)),
        'UPDATE "partners_invitation"',
        whole(lambda: team.invite_again(shown, actor=anna, at=now)),
    )
    assert str(again) == "The invitation of Quinn has just been accepted or withdrawn."
    assert Invitation.objects.get().accepted_at == now
    assert list(CompanyEvent.objects.values_list("kind", flat=True)) == ["joined"]


def test_withdrawn_invitation_stays_withdrawn(invited):
    invitation, _secret, anna = invited
    now, shown = timezone.now(), Invitation.objects.get(pk=invitation.pk)
    change = partial(team.withdraw, Invitation.objects.get(pk=invitation.pk), actor=anna, at=now)
    meanwhile(whole(change), 'INSERT INTO "partners_companyevent"', whole(lambda: team.invite_again(shown, actor=anna, at=now)))
    assert Invitation.objects.get().withdrawn_at == now
    assert list(CompanyEvent.objects.values_list("kind", flat=True)) == ["withdrawn"]


@pytest.mark.parametrize("what", ["revoked", "made"])
def test_token_of_somebody_whose_access_is_being_ended(invited, nord, what):
    """Revoking one deadlocked; one made meanwhile outlived the access and worked again once it was restored."""
    anna, now = invited[2], timezone.now()
    olaf = User.objects.create_user("olaf@nord.example", "x", full_name="Olaf", partner=nord, last_login=now)
    lasts = now + datetime.timedelta(days=1)
    ApiToken.issue(olaf, name="Script", expires_at=lasts)
    token = ApiToken.objects.get()
    acts = {
        "revoked": lambda: team.revoke_token(token, at=now),
        "made": lambda: team.make_token(olaf, name="Another", expires_at=lasts, at=now),
    }
    end = partial(team.end_access, User.objects.get(pk=olaf.pk), nord, actor=anna, at=now)
    ended, other = meanwhile(whole(end), 'UPDATE "partners_apitoken"', whole(acts[what]))
    assert (ended, str(other)) == (None, {"revoked": "None", "made": "Your own access has ended."}[what])
    assert not ApiToken.objects.filter(revoked_at=None).exists()


def test_history_names_what_a_colleague_has_just_set(invited, nord):
    anna, now = invited[2], timezone.now()
    olaf = User.objects.create_user("olaf@nord.example", "x", full_name="Olaf", partner=nord)
    renames = [
        partial(team.change, User.objects.get(pk=olaf.pk), nord, full_name=name, label="", actor=anna, at=now) for name in ("Ole", "Olav")
    ]
    meanwhile(whole(renames[0]), 'INSERT INTO "partners_companyevent"', whole(renames[1]))
    assert list(CompanyEvent.objects.order_by("pk").values_list("detail", flat=True)) == ["Olaf → Ole", "Ole → Olav"]


def test_history_names_the_reseller_a_colleague_has_just_chosen(invited, nord):
    anna, now = invited[2], timezone.now()
    kiel, husum = (Reseller.objects.create(code=f"R-{name}", partner=nord, name=name) for name in ("Kiel", "Husum"))
    mill = EndUser.objects.create(code="E-MILL", partner=nord, name="Mill", country="DE")
    moves = [partial(resellers.place, mill.pk, one, actor=anna, at=now) for one in (kiel, husum)]
    meanwhile(moves[0], 'INSERT INTO "partners_companyevent"', moves[1])
    assert list(CompanyEvent.objects.order_by("pk").values_list("detail", flat=True)) == ["– → Kiel", "Kiel → Husum"]
