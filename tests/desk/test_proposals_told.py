"""Administrators are notified by e-mail, once, of policy values that wait for them, and the author of the decision."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from desk import tasks
from engine.mail_server import MailServer
from partners.models import User
from policies import approval
from policies.services import add_value
from tickets.models import Mail
from tickets.services import mailing

FEE = "fee.did_transfer"


@pytest.fixture
def proposal(cast, settings):
    """A price for tomorrow that Ari proposes."""
    settings.POLICY_APPROVAL = True
    today = timezone.now().date()
    return add_value(FEE, today + timedelta(days=1), "75.00", "A new <price> list", cast.admin, today)


@pytest.fixture
def told(mailoutbox):
    """told() returns what has been sent so far: (to, subject, text). The sweep runs twice, as it does in practice."""

    def look():
        mailoutbox.clear()
        for _twice in range(2):
            tasks.sweep()
            for pk in Mail.objects.filter(sent_at=None).values_list("pk", flat=True):
                mailing.send(pk, at=timezone.now(), server=MailServer())
        return [(mail.to[0], mail.subject, mail.body) for mail in mailoutbox]

    return look


def test_whoever_may_approve_is_told_once_and_the_author_of_the_decision(cast, bea, proposal, told):
    gone = User.objects.create_user("cy@care.example", full_name="Cy Gone", role="admin", is_active=False)
    ((to, subject, body),) = told()
    day = f"{proposal.valid_from:%-d %B %Y}"
    assert (to, subject) == (bea.email, f"Please approve or decline: Moving numbers, from {day}")
    link = f"{settings.SITE_URL}/admin/policies/proposal/{proposal.pk}/"
    assert f"Moving numbers ({FEE})" in body
    assert all(words in body for words in ("Hello Bea Second", "Ari Admin has proposed", "75.00", "reason: A new <price> list", link))
    assert told() == []
    approval.approve(proposal.pk, by=bea, at=timezone.now())
    ((to, subject, body),) = told()
    assert (to, subject) == (cast.admin.email, f"Approved: Moving numbers, from {day}")
    assert "Bea Second has approved" in body and link in body
    assert told() == [] and not Mail.objects.filter(to=gone.email).exists()


def test_who_proposed_what_was_declined_reads_why_not(cast, bea, proposal, told):
    told()
    approval.decline(proposal.pk, "Not before spring.", by=bea, at=timezone.now())
    ((to, subject, body),) = told()
    assert to == cast.admin.email and subject.startswith("Declined: ") and "reason: Not before spring." in body


def test_nobody_is_told_of_what_was_taken_back_or_decided_before_the_mail_left(cast, bea, proposal, told, mailoutbox):
    tasks.sweep()
    assert Mail.objects.get().to == bea.email
    approval.withdraw(proposal.pk, by=cast.admin, at=timezone.now())
    assert told() == []


def test_whoever_is_no_administrator_when_the_mail_leaves_does_not_get_it(cast, bea, proposal, told):
    tasks.sweep()
    User.objects.filter(pk=bea.pk).update(role="agent")
    assert told() == [] and Mail.objects.get().sent_at


def test_what_was_proposed_or_decided_long_ago_is_no_news(cast, bea, proposal, told):
    approval.decline(proposal.pk, "No.", by=bea, at=timezone.now() - timedelta(days=8))
    yesterday = timezone.now().date() - timedelta(days=1)
    add_value(FEE, yesterday, "80.00", "Too late", cast.admin, yesterday)
    assert told() == []
