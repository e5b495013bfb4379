"""A contact whose access ends gets no more e-mails about requests; a colleague gets them instead, so that none goes unread."""

import pytest

from partners import team
from partners.models import User
from tests.tickets.actions import ask, send_mails
from tests.tickets.test_transfer import reject, transfer
from tickets.models import Confirmation, Mail
from tickets.services import agent_actions, conversation, followers


@pytest.fixture
def kim(cast):
    return User.objects.create_user("kim@nord.example", full_name="Kim Löwe", partner=cast.nord)


@pytest.fixture
def ticket(cast, now, kim):
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    send_mails(now)
    return ticket


@pytest.fixture
def leave(cast, now):
    """leave() ends Nora's access."""
    return lambda: team.deactivate(cast.nora, at=now)


@pytest.fixture
def readers(now, mailoutbox):
    """readers() returns the addresses that were e-mailed since."""

    def look():
        mailoutbox.clear()
        send_mails(now)
        return sorted(mail.to[0] for mail in mailoutbox)

    return look


def test_first_contact_follows_in_place_of_the_requester(cast, now, ticket, leave, readers, sign_in):
    leave()
    conversation.reply(ticket.pk, "We look at it.", author=cast.agent, at=now)
    assert readers() == ["kim@nord.example"]
    conversation.reply(ticket.pk, "It is done.", author=cast.agent, at=now)
    assert readers() == ["kim@nord.example"]
    assert ticket.events.filter(kind="followed").count() == 1
    page = sign_in(User.objects.get(email="kim@nord.example")).get(f"/portal/requests/{ticket.pk}/").text
    assert "Kim Löwe gets the updates now, because Nora Nord no longer has access" in page and "– no longer has access" in page
    assert "nora@nord.example no longer has access." in sign_in(cast.agent).get(f"/desk/{ticket.pk}/").text


def test_follower_is_enough(cast, now, ticket, leave, readers):
    ola = User.objects.create_user("ola@nord.example", full_name="Ola Nord", partner=cast.nord)
    followers.follow(ticket.pk, ola, by=cast.nora, at=now)
    leave()
    agent_actions.reject(ticket.pk, "other", "The number is not yours.", actor=cast.agent, at=now)
    assert readers() == ["ola@nord.example"]


def test_follower_who_has_left_is_no_longer_listed(cast, now, ticket, kim, sign_in):
    followers.follow(ticket.pk, kim, by=cast.nora, at=now)
    for user, page in ((cast.agent, f"/desk/{ticket.pk}/"), (cast.nora, f"/portal/requests/{ticket.pk}/")):
        User.objects.filter(pk=kim.pk).update(is_active=True)
        assert f'value="{kim.pk}"' in sign_in(user).get(page).text
        team.deactivate(kim, at=now)
        assert f'value="{kim.pk}"' not in sign_in(user).get(page).text


def test_email_owed_before_is_not_sent_afterwards(cast, now, ticket, leave, readers):
    conversation.reply(ticket.pk, "We look at it.", author=cast.agent, at=now)
    leave()
    assert readers() == []
    assert not Mail.objects.filter(sent_at=None).exists()


def test_nobody_is_left(cast, now, ticket, leave, readers):
    leave()
    User.objects.filter(email="kim@nord.example").update(is_active=False)
    conversation.reply(ticket.pk, "Is anybody there?", author=cast.agent, at=now)
    assert readers() == []


def test_restored_access_brings_the_emails_back(cast, now, ticket, leave, readers):
    leave()
    User.objects.filter(pk=cast.nora.pk).update(is_active=True)
    conversation.reply(ticket.pk, "Welcome back.", author=cast.agent, at=now)
    assert readers() == ["nora@nord.example"]


def test_company_of_a_party_that_agreed_is_told_instead_of_who_has_left(cast, now, readers):
    ticket = transfer(cast, now)
    agreed = Confirmation.objects.filter(ticket=ticket, party="new_partner")
    agreed.update(email=cast.alba.email, decision=Confirmation.Decision.AGREED, decided_at=now)
    readers()
    team.deactivate(cast.alba, at=now)
    reject(ticket.pk, actor=cast.agent, at=now)
    assert readers() == ["billing@albion.example", "nora@nord.example"]
