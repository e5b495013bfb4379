"""Somebody's access ends, or they become something else, while they set a password, sign in or create a token: nothing of it is undone."""

from functools import partial

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from inbound.personal_data import erase
from partners import team
from partners.models import ApiToken, User
from partners.sessions import Session
from tests.access.conftest import mailed_code, mailed_path
from tests.desk.figures import client_of
from tests.interleaving import meanwhile

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("that_day")]
NEW = {"password1": "an entirely other secret", "password2": "an entirely other secret"}
SAVED = 'UPDATE "partners_user"'


@pytest.fixture
def reset(client, cast):
    """The form of Sara's link to set a password, as an operation."""
    client.post(reverse("account_reset_password"), {"email": cast.sara.email})
    form = client.get(mailed_path()).url
    return lambda: client.post(form, NEW)


def changing(person):
    """Return the form in which a person who is signed in changes the password, as an operation."""
    client = Client()
    client.force_login(person)
    return lambda: client.post(reverse("account_change_password"), NEW | {"oldpassword": "correct horse battery"})


def ending(cast, now):
    """Return the end of Sara's access, as an operation."""
    return transaction.atomic(lambda: team.end_access(User.objects.get(pk=cast.sara.pk), cast.sud, actor=cast.agent, at=now))


def assert_outside(person):
    person = User.objects.get(pk=person.pk)
    assert (person.is_active, person.has_usable_password(), Session.objects.filter(user=person).count()) == (False, False, 0)


def assert_cannot_come_in(client, person):
    """Not even once the access has been restored."""
    assert client.get("/portal/").status_code == 302
    User.objects.filter(pk=person.pk).update(is_active=True)
    assert client.get("/portal/").status_code == 302


def test_password_reset_does_not_restore_access_that_has_just_ended(cast, now, reset):
    answer, _ended = meanwhile(reset, SAVED, ending(cast, now))
    assert_outside(cast.sara)
    assert answer.url == reverse("account_login")


def test_access_ends_while_a_password_is_being_reset(cast, now, reset):
    meanwhile(ending(cast, now), SAVED, reset)
    assert_outside(cast.sara)


def test_password_change_does_not_restore_access_that_has_just_ended(cast, now):
    meanwhile(changing(cast.sara), SAVED, ending(cast, now))
    assert_outside(cast.sara)


def test_password_reset_does_not_restore_an_erased_person(cast, reset):
    meanwhile(reset, SAVED, partial(end_and_erase, cast))
    person = User.objects.get(pk=cast.sara.pk)
    assert person.email.endswith(".invalid") and not person.is_active


def end_and_erase(cast):
    User.objects.filter(pk=cast.sara.pk).update(is_active=False)
    erase(User.objects.get(pk=cast.sara.pk))


def test_password_change_does_not_restore_a_role(cast):
    meanwhile(changing(cast.admin), SAVED, lambda: User.objects.filter(pk=cast.admin.pk).update(role="agent"))
    person = User.objects.get(pk=cast.admin.pk)
    assert (person.role, person.check_password(NEW["password1"])) == ("agent", True)


@pytest.mark.parametrize("hold", [SAVED, 'INSERT INTO "partners_session"'])
def test_access_ends_while_the_code_is_being_typed(client, cast, now, hold):
    client.post(reverse("account_login"), {"login": cast.sara.email, "password": "correct horse battery"})
    code = mailed_code()
    meanwhile(lambda: client.post(reverse("account_confirm_login_code"), {"code": code}), hold, ending(cast, now))
    assert_cannot_come_in(client, cast.sara)


@pytest.mark.parametrize("begins", ["end", "token"])
def test_access_ends_while_a_token_is_being_created(cast, now, begins):
    client = client_of(cast.sara)
    create = partial(client.post, "/portal/tokens/", {"name": "Script", "days": "30", "csrfmiddlewaretoken": "token"})
    if begins == "end":
        meanwhile(ending(cast, now), SAVED, create)
    else:
        meanwhile(create, 'INSERT INTO "partners_apitoken"', ending(cast, now))
    assert not ApiToken.objects.valid(at=now).exists()
    assert_cannot_come_in(client, cast.sara)
