"""A partner's team (ORG-2): invited, changed, access ended and restored, by its own people and by the care team."""

import datetime
import re

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from partners import account_emails
from partners.company import EVENTS
from partners.models import ApiToken, CompanyEvent, Invitation, User
from partners.views.team import SHOWN
from tests.access.test_limits import observed

TEAM = "/portal/team/"
PASSWORD = "a long enough secret"


@pytest.fixture(autouse=True)
def _after_commit(monkeypatch):
    """E-mails are sent after the commit, which a test in a transaction never reaches by itself."""
    monkeypatch.setattr(transaction, "on_commit", lambda act, **_options: act())


@pytest.fixture
def nora(cast):
    client = Client()
    client.force_login(cast.nora)
    return client


def invite(client, email="quinn@nord.example", where=TEAM, **fields):
    return client.post(f"{where}invite/", {"full_name": "Quinn Nord", "email": email, "label": "technician"} | fields)


def mailed_link():
    """Return the path in the newest e-mail."""
    account_emails.wait_until_sent()
    return re.search(r"https?://[^/]+(/account/\S+)", mail.outbox[-1].body)[1]


def choose_password(link, password=PASSWORD):
    return Client().post(link, {"password1": password, "password2": password})


def events(cast):
    return list(CompanyEvent.objects.of_partner(cast.nord).order_by("id").values_list("kind", "actor__full_name"))


def test_invited_colleague_chooses_a_password_and_joins_the_team(nora, cast):
    assert invite(nora).url == TEAM
    link = mailed_link()
    assert mail.outbox[-1].to == ["quinn@nord.example"] and "Nora Nord has invited you" in mail.outbox[-1].body
    assert not User.objects.filter(email="quinn@nord.example").exists()
    page = Client().get(link)
    assert page.status_code == 200 and "Nord Telecom" in page.content.decode() and "no-cache" in page["Cache-Control"]
    assert choose_password(link, "short").status_code == 400
    assert choose_password(link).url == reverse("account_login")
    quinn = User.objects.get(email="quinn@nord.example")
    assert (quinn.partner, quinn.role, quinn.label, quinn.check_password(PASSWORD)) == (cast.nord, "contact", "technician", True)
    assert (Client().get(link).status_code, choose_password(link).status_code) == (404, 404)
    assert events(cast) == [("invited", "Nora Nord"), ("joined", "Quinn Nord")]
    assert "Invited Quinn Nord" in nora.get(TEAM).content.decode()


def test_invitation_does_not_reveal_whether_an_account_exists(nora, cast):
    """The page does not reveal who has an account; the owner of the address is told by e-mail, and nothing else happens to them."""
    answers = {}
    for email in ("free@x.example", cast.sara.email, cast.agent.email):
        sent = observed(invite(nora, email, full_name="Q"), email)
        answers[email] = sent, observed(nora.get(TEAM), email)
        account_emails.wait_until_sent()
        nora.post(f"{TEAM}invitations/{Invitation.objects.open().get(email=email).pk}/withdraw/")
        nora.get(TEAM)
    first = answers.pop("free@x.example")
    for email, answer in answers.items():
        assert answer[0] == first[0], email
        rows = [re.search(r'<table[^>]*id="people".*?</table>', told_[3], re.DOTALL)[0] for told_ in (answer[1], first[1])]
        assert re.sub(r"/\d+/|T[\d:.+]+\"", "/N/", rows[0]) == re.sub(r"/\d+/|T[\d:.+]+\"", "/N/", rows[1])
    account_emails.wait_until_sent()
    assert ["/account/invitation/" in message.body for message in mail.outbox] == [True, False, False]
    cast.sara.refresh_from_db()
    assert cast.sara.partner == cast.sud


def test_link_ends_when_expired_replaced_or_withdrawn(nora, cast, now):
    with time_machine.travel(now, tick=False) as clock:
        invite(nora)
        first, invitation = mailed_link(), Invitation.objects.get()
        nora.post(f"{TEAM}invitations/{invitation.pk}/send/")
        second = mailed_link()
        assert [Client().get(link).status_code for link in (first, second)] == [404, 200]
        clock.shift(datetime.timedelta(days=8))
        assert Client().get(second).status_code == 404
        nora.force_login(cast.nora)
        assert "Invitation expired" in nora.get(TEAM).content.decode()
        assert invite(nora, "QUINN@nord.example").status_code == 302
        assert Invitation.objects.count() == 1
        third = mailed_link()
        nora.post(f"{TEAM}invitations/{invitation.pk}/withdraw/")
        assert choose_password(third).status_code == 404
        assert nora.post(f"{TEAM}invitations/{invitation.pk}/send/").status_code == 404


def test_invalid_invitation_is_reported_at_its_field_and_input_is_kept(nora, cast):
    for fields, said in (
        ({"email": "NORA@nord.example"}, "is already in your team"),
        ({"full_name": "Win at www.evil.example"}, "without an address"),
        ({"full_name": "Quinn\u202e droN"}, "cannot contain line breaks or control characters"),
        ({"full_name": "Quinn\nNord"}, "cannot contain line breaks or control characters"),
        ({"full_name": "\u200b\u200d"}, "letters or digits"),
        ({"full_name": "- ."}, "letters or digits"),
        ({"label": "boss"}, "Select a valid choice"),
        ({"email": "nothing"}, "valid email"),
    ):
        answer = invite(nora, **fields)
        text = answer.content.decode()
        assert answer.status_code == 400 and said in text
        assert f'value="{fields.get("full_name", "Quinn Nord")}"' in text
    cast.nora2 = User.objects.create_user("old@nord.example", None, full_name="Olaf Old", partner=cast.nord, is_active=False)
    done = {"partner": cast.nord, "kind": "invited", "about": "somebody", "actor": cast.nora}
    CompanyEvent.objects.bulk_create(CompanyEvent(**done) for _time in range(EVENTS + 1))
    text = invite(nora, "old@nord.example").content.decode()
    assert "restore their access" in text and f'href="{TEAM}?sort=label"' in text
    older = re.search(r'href="([^"]+after=[^"]+)"', text)[1]
    assert older.startswith(TEAM) and nora.get(older).status_code == 200
    assert not Invitation.objects.exists()


def test_invitations_are_rate_limited(nora, cast, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"invite": "3/h/key", "invite_address": "2/h/key"}
    codes = [invite(nora).status_code for _again in range(3)]
    assert codes == [302, 302, 429]
    answer = invite(nora, "another@nord.example")
    assert answer.status_code == 429 and 'value="another@nord.example"' in answer.content.decode()
    account_emails.wait_until_sent()
    assert len(mail.outbox) == 2


def test_access_ends_immediately_and_old_sessions_stay_closed_once_restored(nora, cast, now):
    colleague = User.objects.create_user("olaf@nord.example", PASSWORD, full_name="Olaf", partner=cast.nord)
    olaf = Client()
    olaf.force_login(colleague)
    secret = ApiToken.issue(colleague, expires_at=now + datetime.timedelta(days=3650))
    place = f"{TEAM}{colleague.pk}/"
    question = nora.get(f"{place}end/").content.decode()
    assert "API tokens that are permanently revoked: 1." in question
    nora.post(f"{place}end/")
    assert olaf.get(TEAM).status_code == 302 and ApiToken.user_of(secret, now=now) is None
    nora.post(f"{place}give/")
    assert olaf.get(TEAM).status_code == 302 and ApiToken.user_of(secret, now=now) is None
    colleague.refresh_from_db()
    assert colleague.is_active and not colleague.has_usable_password()
    link = mailed_link()
    assert mail.outbox[-1].to == ["olaf@nord.example"]
    assert Client().get(link).status_code == 302, "allauth keeps the key in the session and asks for the password"
    assert [kind for kind, _who in events(cast)] == ["access_ended", "access_given"]


def test_last_contact_cannot_end_own_access_but_the_care_team_can(nora, cast, sign_in):
    refused = nora.post(f"{TEAM}{cast.nora.pk}/end/", follow=True).content.decode()
    assert "You are the only one who can sign in" in refused
    colleague = User.objects.create_user("olaf@nord.example", PASSWORD, full_name="Olaf", partner=cast.nord)
    assert "You are the only one" in nora.post(f"{TEAM}{cast.nora.pk}/end/", follow=True).content.decode(), "Olaf never signed in"
    Client().force_login(colleague)
    assert nora.post(f"{TEAM}{cast.nora.pk}/end/").status_code == 302
    assert nora.get(TEAM).url.startswith(reverse("account_login"))
    desk = f"/desk/partners/{cast.nord.pk}/team/"
    agent = sign_in(cast.agent)
    agent.post(f"{desk}{colleague.pk}/end/")
    assert not User.objects.filter(partner=cast.nord, is_active=True).exists()
    assert "care team" in agent.get(desk).content.decode()


def test_names_and_labels_are_changed_and_labels_sort(nora, cast):
    User.objects.create_user("anna@nord.example", None, full_name="Anna", partner=cast.nord, label="technician")
    nora.post(f"{TEAM}{cast.nora.pk}/", {"full_name": "Nora North", "label": "accountant"})
    cast.nora.refresh_from_db()
    assert (cast.nora.full_name, cast.nora.label) == ("Nora North", "accountant")
    assert CompanyEvent.objects.get().detail == "Nora Nord → Nora North, accountant"
    by = {sort: nora.get(f"{TEAM}?sort={sort}").content.decode().partition('id="people"')[2] for sort in ("name", "label")}
    assert by["name"].index("anna@") < by["name"].index("nora@") and by["label"].index("nora@") < by["label"].index("anna@")
    assert nora.post(f"{TEAM}{cast.nora.pk}/", {"full_name": "", "label": ""}).status_code == 400


def test_imported_contacts_can_be_sent_a_link_until_they_sign_in(nora, cast):
    imported = User.objects.create_user("imke@nord.example", None, full_name="Imke", partner=cast.nord)
    for path, words in ((TEAM, "Send a link"), (f"{TEAM}{imported.pk}/", "Send a link to set a password")):
        page = nora.get(path).content.decode()
        assert words in page and "Send again" not in page and "link again" not in page, "an import mails nobody: it would be the first link"
    nora.post(f"{TEAM}{imported.pk}/send/")
    assert "/account/password/reset/" in mailed_link() and mail.outbox[-1].to == [imported.email]
    assert nora.post(f"{TEAM}{cast.nora.pk}/send/").status_code == 404


def test_other_teams_are_not_found(nora, cast, client):
    theirs = Invitation(partner=cast.sud, email="x@sud.example", full_name="X")
    theirs.renew(by=cast.sara, at=cast.nora.date_joined, expires_at=cast.nora.date_joined)
    for path in (f"{cast.sara.pk}/", f"{cast.sara.pk}/end/", f"{cast.agent.pk}/", f"{cast.agent.pk}/end/"):
        assert (nora.get(TEAM + path).status_code, nora.post(TEAM + path).status_code) == (404, 404)
    assert nora.post(f"{TEAM}invitations/{theirs.pk}/withdraw/").status_code == 404
    assert nora.get(f"/desk/partners/{cast.nord.pk}/team/").status_code == 404
    client.force_login(cast.agent)
    assert client.get(f"/desk/partners/{cast.sud.pk}/team/{cast.nora.pk}/").status_code == 404
    found = client.get("/desk/accounts/?q=sud").content.decode()
    assert f"/desk/partners/{cast.sud.pk}/team/" in found and "Nord Telecom" not in found
    assert invite(client, "new@sud.example", f"/desk/partners/{cast.sud.pk}/team/").status_code == 302
    assert Invitation.objects.get(email="new@sud.example").partner == cast.sud


def test_admin_site_ends_access_in_the_same_way(client, cast, nora, now):
    secret = ApiToken.issue(cast.nora, expires_at=now + datetime.timedelta(days=3650))
    client.force_login(cast.admin)
    fields = {"email": cast.nora.email, "full_name": "Nora Nord", "role": "contact", "partner": cast.nord.pk, "label": ""}
    client.post(f"/admin/partners/user/{cast.nora.pk}/change/", fields)
    client.post(f"/admin/partners/user/{cast.nora.pk}/change/", fields | {"is_active": "on"})
    assert nora.get(TEAM).status_code == 302 and ApiToken.user_of(secret, now=now) is None
    assert events(cast) == [("access_ended", "Ari Admin"), ("access_given", "Ari Admin")]


def test_company_events_cannot_be_changed_or_deleted(nora, cast):
    invite(nora)
    for change in (lambda rows: rows.update(about="Nobody"), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError, match="written down once"), transaction.atomic():
            change(CompanyEvent.objects.all())


def test_large_team_shows_its_first_members_and_can_be_searched(nora, cast):
    User.objects.bulk_create(
        User(email=f"c{n}@nord.example", full_name=f"Person {n:03}", partner=cast.nord, label="") for n in range(SHOWN + 5)
    )
    listed = re.compile(r'<td data-primary role="rowheader">')
    page = nora.get(TEAM).text
    total = User.objects.filter(partner=cast.nord).count()
    assert len(listed.findall(page)) == SHOWN and f"Showing {SHOWN} of {total}." in page
    assert len(listed.findall(nora.get(TEAM, {"q": "c10"}).text)) == User.objects.filter(email__startswith="c10").count()
    assert "No one found" in nora.get(TEAM, {"q": "zzz"}).text
    everybody = nora.get(TEAM, {"all": 1, "sort": "label"}).text
    assert len(listed.findall(everybody)) == total and "Showing " not in everybody
