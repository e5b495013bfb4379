"""Followers of an area are notified of colleagues' requests about it, from the first e-mail on, and never of other partners'."""

import pytest
from django.urls import reverse

from partners.models import User
from tests.tickets.actions import ask
from tickets import mails
from tickets.models import Mail
from tickets.services import conversation, followers


@pytest.fixture
def olga(cast):
    return User.objects.create_user(email="olga@nord.example", full_name="Olga Olsen", partner=cast.nord)


def sent_kinds(ticket, user):
    return list(Mail.objects.filter(ticket=ticket, to=user.email).order_by("pk").values_list("kind", flat=True))


def question(cast, now, topic="Billing"):
    return ask(cast.nora, "general_question", now, topic=topic, subject="A question", message="Could you tell us more about this, please?")


def test_subscriber_is_notified_of_a_colleagues_request_and_its_progress(cast, now, olga, client):
    client.force_login(olga)
    page = client.post(reverse("portal:mails"), {"areas": ["Billing"]}, follow=True).content.decode()
    assert "Saved." in page and 'value="Billing" id="id_areas_4" checked' in page.replace("\n", " ")
    ticket, other = question(cast, now), question(cast, now, topic="Orders")
    assert (sent_kinds(ticket, olga), sent_kinds(other, olga)) == (["submitted"], [])
    mail = mails.compose(Mail.objects.get(ticket=ticket, to=olga.email), at=now)
    assert "Hello Olga Olsen" in mail.body and f"{cast.nora} has submitted a request" in mail.body
    own = mails.compose(Mail.objects.get(ticket=ticket, to=cast.nora.email), at=now)
    assert "We have received your request" in own.body
    conversation.reply(ticket.pk, "We look into it.", author=cast.agent, at=now)
    assert len(sent_kinds(ticket, olga)) == 2 == len(sent_kinds(ticket, cast.nora))


def test_no_following_of_other_partners_or_after_access_ended(cast, now, olga):
    followers.subscribe(olga, ["Billing"])
    followers.subscribe(cast.nora, ["Billing"])
    strange = ask(cast.sara, "general_question", now, topic="Billing", subject="A question", message="Could you tell us more, please?")
    assert not strange.followers.exists()
    assert [row.user for row in question(cast, now).followers.all()] == [olga]
    User.objects.filter(pk=olga.pk).update(is_active=False)
    assert not question(cast, now).followers.exists()


def test_question_topics_map_to_areas(cast, now, olga, client):
    followers.subscribe(olga, ["any", "Company"])
    assert (
        sent_kinds(question(cast, now, topic="Promotions"), olga)
        == ["submitted"]
        == sent_kinds(question(cast, now, topic="Company information"), olga)
    )
    client.force_login(olga)
    assert client.post(reverse("portal:mails"), {"areas": ["all of it"]}).status_code == 400
    client.post(reverse("portal:mails"), {})
    assert not olga.subscriptions.exists()
