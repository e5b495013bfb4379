"""A partner moves a PBX to another of its end users (the remedy for LIC-5), and the console findings on page and API."""

import pytest

from partners.models import ApiToken, EndUser
from pbx import moves
from pbx.models import ConsoleReport, Licence, Pbx, PbxMove
from tests.cast import make_pbx
from tests.tickets.actions import ask
from tickets.services import agent_actions
from tickets.services.resellers import transfers_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_day")]
PATH = "/portal/pbxs/PBX-COMMITTED/move/"
CONFIRMED = {"end_user": "E-SHOP", "confirmed": "on"}


@pytest.fixture
def shop(cast):
    """Another end user of Nord's; two PBXs of the bakery have active licences."""
    for pbx in (cast.pbx, cast.committed):
        Licence.objects.create(pbx=pbx, licence_type="business", quantity=5, monthly_price=8)
    return EndUser.objects.create(code="E-SHOP", partner=cast.nord, name="Shop", country="DE")


def owner():
    return Pbx.objects.get(serial="PBX-COMMITTED").end_user.code


def test_pbx_is_moved_after_a_preview(sign_in, cast, shop):
    nora = sign_in(cast.nora)
    assert "/portal/pbxs/PBX-COMMITTED/move/" in nora.get("/portal/pbxs/PBX-COMMITTED/").content.decode()
    first = nora.get(PATH).content.decode()
    assert 'value="E-SHOP"' in first and 'value="E-WINERY"' not in first and "5 × Business" in first
    seen = nora.post(PATH + "check/", {"end_user": "E-SHOP"}).content.decode()
    assert "Allowed" in seen and "Also moves to Shop" in seen and owner() == "E-BAKERY"
    assert nora.post(PATH, {"end_user": "E-SHOP"}).status_code == 400 and owner() == "E-BAKERY"
    answer = nora.post(PATH, CONFIRMED, follow=True).content.decode()
    assert owner() == "E-SHOP" and "now belongs to Shop" in answer and "more than one PBX" not in answer
    kept = PbxMove.objects.get()
    assert (kept.from_end_user, kept.to_end_user, kept.moved_by, kept.partner) == (cast.bakery, shop, cast.nora, cast.nord)
    assert nora.post(PATH, CONFIRMED).status_code == 422 and PbxMove.objects.count() == 1


def test_move_is_refused_if_the_target_has_an_active_network(sign_in, cast, shop):
    nora = sign_in(cast.nora)
    full = make_pbx("PBX-SHOP", shop, cast.today)
    Licence.objects.create(pbx=full, licence_type="basic", quantity=1, monthly_price=3)
    listed = nora.get(PATH + "choices/?q=sh").content.decode()
    assert 'value="E-SHOP" disabled' in listed and "already has a PBX with active licences" in listed
    assert "LIC-5" in nora.post(PATH + "check/", {"end_user": "E-SHOP"}).content.decode()
    refused = nora.post(PATH, CONFIRMED)
    assert refused.status_code == 422 and "The PBX was not moved" in refused.content.decode() and owner() == "E-BAKERY"
    Licence.objects.filter(pbx=cast.committed).update(quantity=0)
    assert nora.post(PATH, CONFIRMED).status_code == 302 and owner() == "E-SHOP"


@pytest.mark.parametrize(
    "moving",
    [
        {"code": "reseller_transfer", "reseller": "R-NORD"},
        {"code": "end_user_transfer", "end_user": "E-BAKERY"},
        {"code": "end_user_transfer", "end_user": "E-SHOP"},
    ],
)
def test_move_is_refused_while_either_end_user_is_changing_partner(sign_in, cast, now, shop, moving):
    ticket = ask(cast.nora, moving.pop("code"), now, new_partner="ALBION", description="It changes with everything.", **moving)
    nora = sign_in(cast.nora)
    assert f"request #{ticket.pk}" in nora.post(PATH + "check/", {"end_user": "E-SHOP"}).content.decode()
    assert nora.post(PATH, CONFIRMED).status_code == 422 and owner() == "E-BAKERY"
    agent_actions.withdraw(ticket.pk, actor=cast.nora, at=now)
    assert nora.post(PATH, CONFIRMED).status_code == 302 and owner() == "E-SHOP"


@pytest.mark.parametrize("code", ["E-WINERY", "nowhere", "", "E-BAKERY"])
def test_move_to_a_foreign_unknown_or_same_end_user_is_refused(sign_in, cast, shop, code):
    assert sign_in(cast.nora).post(PATH, CONFIRMED | {"end_user": code}).status_code in (400, 422)
    assert owner() == "E-BAKERY" and not PbxMove.objects.exists()


def test_others_cannot_move_the_pbx(sign_in, cast, shop):
    for somebody in (cast.sara, cast.agent):
        client = sign_in(somebody)
        assert {client.post(path, CONFIRMED).status_code for path in (PATH, PATH + "check/")} <= {302, 404}
    assert owner() == "E-BAKERY"


@pytest.mark.parametrize("change", [{"wms_role": "server"}, {"wms_role": "client"}, {"terminated_on": "2026-11-01"}])
def test_networked_or_terminated_pbx_cannot_be_moved(sign_in, cast, shop, change):
    if change.get("wms_role") == "client":
        Pbx.objects.filter(pk=cast.pbx.pk).update(wms_role="server")
        change = change | {"wms_server": cast.pbx}
    Pbx.objects.filter(pk=cast.committed.pk).update(**change)
    nora = sign_in(cast.nora)
    assert "Not possible" in nora.get(PATH).content.decode()
    assert nora.post(PATH, CONFIRMED).status_code == 422 and owner() == "E-BAKERY"


def test_move_to_an_end_user_that_has_left_the_partner_is_refused(cast, shop, now):
    stale = EndUser.objects.get(pk=shop.pk)
    EndUser.objects.filter(pk=shop.pk).update(partner=cast.sud)
    with pytest.raises(moves.Refused):
        moves.move(cast.nora, "PBX-COMMITTED", stale, at=now, transfers=transfers_of)


def test_console_report_is_shown_on_pages_and_in_the_api(client, cast, now):
    Pbx.objects.filter(pk=cast.pbx.pk).update(wms_role="server")
    Pbx.objects.filter(pk=cast.committed.pk).update(wms_role="client", wms_server=cast.pbx)
    Licence.objects.create(pbx=cast.pbx, licence_type="basic", quantity=5, monthly_price=3)
    report = {"reported_at": now, "wms_role": "client"}
    ConsoleReport.objects.create(pbx=cast.committed, registered_users=6, wms_server="PBX-ELSE", **report)
    token = ApiToken.issue(cast.nora, expires_at=now.replace(year=2027))
    answer = client.get("/api/v1/pbxs/PBX-COMMITTED/", HTTP_AUTHORIZATION=f"Token {token}").json()
    assert answer["console"]["registered_users"] == 6 and answer["console"]["wms_server"] == "PBX-ELSE"
    assert answer["commitments"][0]["renews"] is True
    found = {finding["rule"]: finding for finding in answer["findings"]}
    assert found["LIC-6"]["policy"] == {"wms.user_licence_types": "Basic, Essential, Business, Premium"}
    assert found["LIC-6"]["subject"] == "PBX-FREE" and found["LIC-10"]["subject"] == "PBX-COMMITTED"
    assert found["LIC-10"]["policy"] == {"wms.needs_matching_network": "6"}
    for somebody, path in ((cast.nora, "/portal/pbxs/PBX-COMMITTED/"), (cast.agent, "/desk/pbxs/PBX-COMMITTED/")):
        client.force_login(somebody)
        page = client.get(path).content.decode()
        assert "6 users are registered" in page and "client of PBX-ELSE" in page and "Console report" in page
    server = client.get("/desk/pbxs/PBX-FREE/").content.decode()
    assert "6 users are registered" in server and "client of" not in server
