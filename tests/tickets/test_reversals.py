"""A team lead reverses a charge: by a second entry, once, and the partner is told why."""

import datetime
import re

import pytest

from billing.models import Balance, LedgerEntry
from tests.cast import make_pbx
from tests.signing_in import log_in
from tests.tickets.actions import ask, carry_out, send_mails
from tests.tickets.test_transfer import agree, transfer
from tickets import mails
from tickets.models import Mail, Ticket
from tickets.pages import rows
from tickets.services import outbox, reversals

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_day")]
FEE = "fee.did_transfer"
WHY = "The numbers were on the wrong PBX by our own mistake."


@pytest.fixture
def charged(cast, now):
    other = make_pbx("PBX-NEXT", cast.bakery, cast.today)
    ticket = carry_out(ask(cast.nora, "did_transfer", now, accepted="50", dids=[cast.did.number], target_pbx=other.serial), cast.agent, now)
    outbox.post_charges(ticket.pk, at=now)
    return ticket


@pytest.fixture
def take_back(client, charged):
    def sent(by, **fields):
        log_in(client, by)
        return client.post(f"/desk/{charged.pk}/take-back/", {"fee": FEE, "text": WHY} | fields)

    return sent


def costs(page):
    """Return the footer of the request's costs, the first table of them on its page, as text."""
    foot = page.partition('<caption class="visually-hidden">What it costs</caption>')[2].partition("</tfoot>")[0]
    return " ".join(re.sub("<[^>]*>", " ", foot).split())


def test_lead_must_choose_among_several_charges(cast, charged, take_back, client):
    log_in(client, cast.lead)
    opened = re.compile(r'<select name="fee"[^>]*>\s*<option value="([^"]*)"')
    assert opened.search(client.get(f"/desk/{charged.pk}/").text)[1] == FEE
    first = charged.charges.get()
    charged.charges.create(
        **{f.name: getattr(first, f.name) for f in first._meta.fields if f.name not in ("id", "ticket")} | {"fee": "other"}
    )
    assert opened.search(client.get(f"/desk/{charged.pk}/").text)[1] == ""
    assert take_back(cast.lead, fee="").status_code == 400
    assert take_back(cast.lead, fee="other").status_code == 302
    assert [charge.fee for charge in charged.charges.filter(kind="reversal")] == ["reversal:other"]


def test_charge_is_reversed_once_and_the_partner_sees_why(cast, now, charged, take_back, client, mailoutbox):
    Ticket.objects.filter(pk=charged.pk).update(status="closed")  # a mistake may be noticed long afterwards
    log_in(client, cast.lead)
    assert 'popovertarget="take_back"' in client.get(f"/desk/{charged.pk}/").text
    assert take_back(cast.lead).status_code == 302
    for again in (take_back(cast.lead), take_back(cast.lead, fee="fee.none")):
        assert again.status_code == 400 and WHY in again.text
    later = now + datetime.timedelta(hours=1)
    send_mails(later), outbox.post_charges(charged.pk, at=later), outbox.post_charges(charged.pk, at=later)
    assert sorted(LedgerEntry.objects.values_list("kind", "fee", "amount")) == [("fee", FEE, 50), ("reversal", f"reversal:{FEE}", -50)]
    assert Balance.objects.get(partner=cast.nord).amount == 0
    assert WHY in mailoutbox[-1].body and "\n\nReversed: Number transfer: 50.00 EUR in your favour.\n\n" in mailoutbox[-1].body
    assert rows.price(charged.charges.all(), is_over=True) == {}
    assert rows.charge_tables(Ticket.objects.get(pk=charged.pk))["total"] == 0
    for by, page in ((cast.lead, f"/desk/{charged.pk}/"), (cast.nora, f"/portal/requests/{charged.pk}/")):
        log_in(client, by)
        assert costs(client.get(page).text).endswith("−50.00 EUR Total 0.00 EUR")
    assert 'popovertarget="take_back"' not in client.get(f"/desk/{charged.pk}/").text


def test_paying_party_reading_late_also_learns_of_the_reversal(cast, now):
    moved = transfer(cast, now)
    agree(moved, now)
    carry_out(moved, cast.agent, now)
    reversals.reverse_charge(moved.pk, "fee.reseller_transfer", WHY, actor=cast.lead, at=now)
    (told,) = Mail.objects.filter(kind="agreed_done", to="billing@albion.example")
    body = mails.compose(told, at=now).body
    assert body.count("100.00 GBP") == 2 and body.count("100.00 GBP in your favour") == 1


def test_payer_who_did_not_ask_is_emailed_the_reversal_but_not_the_reason(cast, now, mailoutbox):
    moved = transfer(cast, now)
    agree(moved, now)
    carry_out(moved, cast.agent, now)
    send_mails(now)
    before = len(mailoutbox)
    reversals.reverse_charge(moved.pk, "fee.reseller_transfer", WHY, actor=cast.lead, at=now)
    send_mails(now), send_mails(now)
    told = {mail.to[0]: mail.body for mail in mailoutbox[before:]}
    assert len(mailoutbox) == before + 2 and set(told) == {cast.nora.email, "billing@albion.example"}
    assert WHY in told[cast.nora.email] and WHY not in told["billing@albion.example"]
    assert "100.00 GBP in your favour." in told["billing@albion.example"]
    assert not moved.mails.filter(sent_at=None).exists(), "nobody else is owed one"


def test_only_leads_can_reverse_a_charge_and_only_with_a_reason(cast, charged, take_back, client):
    log_in(client, cast.agent)
    assert "take_back" not in client.get(f"/desk/{charged.pk}/").text
    for answer in (take_back(cast.agent), take_back(cast.lead, text=" "), take_back(cast.lead, fee="\x00")):
        assert answer.status_code == 400
    assert take_back(cast.nora).status_code in (302, 403, 404)
    assert charged.charges.count() == 1
