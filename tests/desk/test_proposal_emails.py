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
def sent_emails(mailoutbox):
    """sent_emails() returns what has been sent so far: (to, subject, text). The sweep runs twice, as it does in practice."""

    def look():
        mailoutbox.clear()
        for _twice in range(2):
            tasks.sweep()
            for pk in Mail.objects.filter(sent_at=None).values_list("pk", flat=True):
                mailing.send(pk, at=timezone.now(), server=MailServer())
        return [(mail.to[0], mail.subject, mail.body) for mail in mailoutbox]

    return look


def test_approvers_are_notified_once_and_the_author_of_the_decision(cast, bea, proposal, sent_emails):
    gone = User.objects.create_user("cy@care.example", full_name="Cy Gone", role="admin", is_active=False)
    ((to, subject, body),) = sent_emails()
    day = f"{proposal.valid_from:%-d %B %Y}"
    assert (to, subject) == (bea.email, f"Please approve or decline: Moving numbers, from {day}")
    link = f"{settings.SITE_URL}/admin/policies/proposal/{proposal.pk}/"
    assert f"Moving numbers ({FEE})" in body
    assert all(words in body for words in ("Hello Bea Second", "Ari Admin has proposed", "75.00", "reason: A new <price> list", link))
    assert sent_emails() == []
    approval.approve(proposal.pk, by=bea, at=timezone.now())
    ((to, subject, body),) = sent_emails()
    assert (to, subject) == (cast.admin.email, f"Approved: Moving numbers, from {day}")
    assert "Bea Second has approved" in body and link in body
    assert sent_emails() == [] and not Mail.objects.filter(to=gone.email).exists()


def test_author_of_a_declined_proposal_is_told_the_reason(cast, bea, proposal, sent_emails):
    sent_emails()
    approval.decline(proposal.pk, "Not before spring.", by=bea, at=timezone.now())
    ((to, subject, body),) = sent_emails()
    assert to == cast.admin.email and subject.startswith("Declined: ") and "reason: Not before spring." in body


def test_withdrawn_proposal_is_not_announced(cast, bea, proposal, sent_emails, mailoutbox):
    tasks.sweep()
    assert Mail.objects.get().to == bea.email
    approval.withdraw(proposal.pk, by=cast.admin, at=timezone.now())
    assert sent_emails() == []


def test_former_administrator_gets_no_email(cast, bea, proposal, sent_emails):
    tasks.sweep()
    User.objects.filter(pk=bea.pk).update(role="agent")
    assert sent_emails() == [] and Mail.objects.get().sent_at


def test_old_proposals_and_decisions_are_not_announced(cast, bea, proposal, sent_emails):
    approval.decline(proposal.pk, "No.", by=bea, at=timezone.now() - timedelta(days=8))
    yesterday = timezone.now().date() - timedelta(days=1)
    add_value(FEE, yesterday, "80.00", "Too late", cast.admin, yesterday)
    assert sent_emails() == []
