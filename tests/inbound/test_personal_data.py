"""People who have left can learn which data is kept, and be erased without breaking anything that depends on their account."""

import json
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import sql

from inbound.models import InboundMail
from partners import team
from partners.models import ApiToken, User
from tests.tickets.actions import ask, send_mails
from tickets.models import Confirmation, Mail, Ticket
from tickets.services import conversation

KEPT = {"tickets_event", "partners_companyevent", "tickets_confirmation"}  # who said, did and agreed to what (docs/decisions/0340)


def command(*words):
    out = StringIO()
    call_command("personal_data", *words, stdout=out)
    return out.getvalue()


def tables_with(*texts):
    """Return the tables with rows that contain any of these texts."""
    found = set()
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            asked = sql.SQL("SELECT count(*) FROM {} AS r WHERE r::text ILIKE ANY (%s)").format(sql.Identifier(table))
            cursor.execute(asked, [[f"%{text}%" for text in texts]])
            found |= {table} if cursor.fetchone()[0] else set()
    return found


@pytest.fixture
def nils(cast, now):
    """A colleague of Nora's who has invited somebody, sent a request, written by e-mail, and left."""
    invitation = team.invite(cast.nord, email="nils@nord.example", full_name="Nils Nilsen", label="", actor=cast.nora, at=now)
    nils = team.accept(invitation.renew(by=cast.nora, at=now, expires_at=now.replace(year=2027)), "a long enough secret", at=now)
    ApiToken.issue(nils, expires_at=now, name="script")
    ticket = ask(nils, "general_question", now, topic="General", subject="A plug", message="Which colour does the plug have, please?")
    conversation.reply(ticket.pk, "It has none.", author=cast.agent, at=now)
    InboundMail.objects.create(digest="1", received_at=now, sender="nils@nord.example", user=nils, ticket=ticket, outcome="taken")
    team.end_access(nils, cast.nord, actor=cast.nora, at=now)
    return nils


def test_personal_data_report_lists_everything_kept(nils):
    told = json.loads(command("Nils@nord.example"))
    assert told["account"][0]["full_name"] == "Nils Nilsen" and told["requests"][0]["subject"] == "A plug"
    assert [len(told[what]) for what in ("api_tokens", "invitations", "mails_from", "done_in_the_company")] == [1, 1, 1, 1]
    assert not {"password", "digest", "data"} & {name for rows in told.values() for row in rows for name in row}


def test_erased_person_remains_only_in_records_of_decisions(nils, now):
    send_mails(now)
    Mail.objects.update(sent_at=now)
    assert "partners_user" in tables_with("nils")
    said = command("nils@nord.example", "--forget")
    assert tables_with("nils@", "Nils Nilsen") <= KEPT
    nils = User.objects.get(pk=nils.pk)
    assert str(nils) in said and str(Ticket.objects.get().requester) == str(nils) == f"Former user {nils.pk}"
    with pytest.raises(CommandError, match="No user"):
        command("nils@nord.example")


def test_nobody_is_erased_too_early(cast, nils, now):
    with pytest.raises(CommandError, match="can still sign in"):
        command(cast.nora.email, "--forget")
    owed = Mail.objects.create(key="x", kind="reply", to=nils.email, created_at=now)
    with pytest.raises(CommandError, match="still to be sent"):
        command(nils.email, "--forget")
    Mail.objects.update(sent_at=now)
    asked = {"ticket": Ticket.objects.get(), "party": "subject", "name": "Kiel IT", "email": nils.email.upper()}
    Confirmation.objects.create(**asked).renew_link(expires_at=now)
    with pytest.raises(CommandError, match="waiting for consent"):
        command(nils.email, "--forget")
    assert User.objects.filter(email=nils.email).exists() and owed.to == nils.email
