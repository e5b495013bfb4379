"""Two people at the same moment: the team is never left without anybody, and an invitation creates one contact."""

import datetime
import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from partners import rules, team
from partners.models import Invitation, Partner, User

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
