"""A partner's resellers and end users (ORG-3): found, added, renamed, moved, deleted."""

import pytest

from partners import company
from partners.models import CompanyEvent, EndUser, Reseller
from tickets.services import submission
from tickets.types import TYPES


@pytest.fixture
def nora(client, cast):
    client.force_login(cast.nora)
    return client


@pytest.fixture
def transfer(cast, now):
    """A running request that moves Kiel IT to Sud."""
    kind = TYPES["reseller_transfer"]
    form = kind.form({"reseller": "R-NORD", "new_partner": "SUD", "description": "They want to move."}, partner=cast.nord)
    assert form.is_valid(), form.errors
    verdict = submission.judge(kind, form.answers(), today=now.date())
    return submission.submit(submission.Request(kind, form, cast.nora, verdict.price), at=now)


def page(reseller):
    return f"/portal/resellers/{reseller.pk}/"


def test_history_of_resellers_is_paged(nora, cast, monkeypatch):
    monkeypatch.setattr(company, "EVENTS", 1)
    for name in ("One Ltd", "Two Ltd"):
        nora.post("/portal/resellers/", {"name": name, "email": "office@kiel.example"})
    first = nora.get("/portal/resellers/")
    later = nora.get("/portal/resellers/" + first.context["events_page"].older_url)
    named = [[str(event.about) for event in page.context["events"]] for page in (first, later)]
    assert [len(one) for one in named] == [1, 1] and "Two Ltd" in named[0][0] and "One Ltd" in named[1][0]
    assert len(later.context["resellers"]) == len(first.context["resellers"]) == 3


def test_deleted_reseller_leaves_its_end_users(nora, cast):
    address = f"{page(cast.north_reseller)}delete/"
    question = nora.get(address).content.decode()
    assert "Its end user remains yours" in question and "This cannot be undone" in question
    wrong = nora.post(address, {"typed": "Kiel"})
    assert wrong.status_code == 400 and "Type the name exactly as shown" in wrong.content.decode()
    answer = nora.post(address, {"typed": " kiel it"}, follow=True).content.decode()
    assert "Kiel IT was deleted. Its end user remains yours." in answer
    cast.bakery.refresh_from_db()
    assert (cast.bakery.partner, cast.bakery.reseller) == (cast.nord, None)
    assert not Reseller.objects.filter(code="R-NORD").exists()
    event = CompanyEvent.objects.get()
    assert (event.kind, event.about, event.detail) == ("reseller_deleted", "Kiel IT (R-NORD)", "1 end user kept")
    assert nora.post(address, {"typed": "Kiel IT"}).status_code == 404


def test_reseller_and_its_end_users_stay_while_a_transfer_is_open(nora, cast, transfer):
    other = Reseller.objects.create(code="R-2", partner=cast.nord, name="Flensburg IT")
    assert f"/portal/requests/{transfer.pk}/" in nora.get(f"/portal/customers/{cast.bakery.pk}/").content.decode()
    direct = EndUser.objects.create(code="E-2", partner=cast.nord, name="Mill")
    address = f"{page(cast.north_reseller)}delete/"
    shown = nora.get(address).content.decode()
    assert f"/portal/requests/{transfer.pk}/" in shown and "is due to move to another partner" in shown and 'name="typed"' not in shown
    assert nora.post(address, {"typed": "Kiel IT"}).status_code == 400
    for end_user, target in ((cast.bakery, other.code), (cast.bakery, ""), (direct, "R-NORD")):
        answer = nora.post(f"/portal/customers/{end_user.pk}/", {"reseller": target})
        assert answer.status_code == 400 and f"request #{transfer.pk}" in answer.content.decode()
    assert nora.post(f"/portal/customers/{direct.pk}/", {"reseller": "R-2"}).status_code == 302
    nora.post(f"/portal/requests/{transfer.pk}/withdraw/")
    assert nora.post(address, {"typed": "Kiel IT"}).status_code == 302
    assert "R-NORD" in nora.get(f"/portal/requests/{transfer.pk}/").content.decode()
    nora.force_login(cast.agent)
    assert "R-NORD" in nora.get(f"/desk/{transfer.pk}/").content.decode()
    assert nora.get(f"/api/v1/tickets/{transfer.pk}/").json()["fields"]["reseller"] == "R-NORD"


def test_resellers_are_added_and_renamed(nora, cast):
    nora.post("/portal/resellers/", {"name": "  Flensburg   IT ", "email": "office@flensburg.example"})
    made = Reseller.objects.get(name="Flensburg IT")
    assert (made.partner, made.code) == (cast.nord, "NORD-R2")
    assert nora.post("/portal/resellers/", {"name": "kiel it"}).status_code == 400
    assert nora.post(page(made), {"name": "Kiel IT", "email": ""}).status_code == 400
    assert nora.post(page(made), {"name": "Flensburg Telecom", "email": ""}).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.email, made.code) == ("Flensburg Telecom", "", "NORD-R2")
    assert list(CompanyEvent.objects.order_by("id").values_list("kind", flat=True)) == ["reseller_added", "reseller_changed"]
    made.delete()
    Reseller.objects.create(code="NORD-R3", partner=cast.nord, name="Taken")
    nora.post("/portal/resellers/", {"name": "Third"})
    assert Reseller.objects.get(name="Third").code == "NORD-R4"


def test_lists_are_searched_by_word_beginnings_and_paged(nora, cast):
    Reseller.objects.bulk_create(Reseller(code=f"X-{n:02}", partner=cast.nord, name=f"Agency {n:02}") for n in range(30))
    first = nora.get("/portal/resellers/").content.decode()
    assert "Agency 24" in first and "Agency 25" not in first and 'rel="next"' in first
    for query, found in (
        ("agency 2", "Agency 29"),
        ("X-0", "Agency 05"),
        ("KIEL", "Kiel IT"),
        ("29 agency", "Agency 29"),
        ("it", "Kiel IT"),
    ):
        text = nora.get("/portal/resellers/", {"q": query}).content.decode()
        assert found in text and "Bari IT" not in text
    assert "No resellers found" in nora.get("/portal/resellers/", {"q": "gency"}).content.decode()
    text = nora.get("/portal/customers/", {"q": "bak"}).content.decode()
    assert "Bakery" in text and "Winery" not in text
    assert "Bakery" not in nora.get("/portal/customers/", {"reseller": "none"}).content.decode()


def test_end_user_moves_only_between_own_resellers(nora, cast):
    Reseller.objects.create(code="R-2", partner=cast.nord, name="Flensburg IT")
    address = f"/portal/customers/{cast.bakery.pk}/"
    for wrong in ("R-SUD", "Bari IT", "nobody", "R-NORD", "\x00"):
        assert nora.post(address, {"reseller": wrong}).status_code == 400
    for typed, code in (("flensburg it", "R-2"), ("r-nord", "R-NORD"), ("", None)):
        assert nora.post(address, {"reseller": typed}).status_code == 302
        cast.bakery.refresh_from_db()
        assert (cast.bakery.reseller.code if cast.bakery.reseller else None) == code
    assert CompanyEvent.objects.first().detail == "Kiel IT → –"


def test_other_partners_resellers_and_end_users_are_not_found(nora, cast):
    for path in (page(cast.south_reseller), f"{page(cast.south_reseller)}delete/", f"/portal/customers/{cast.winery.pk}/"):
        assert (nora.get(path).status_code, nora.post(path, {"typed": "Bari IT", "name": "x"}).status_code) == (404, 404)
    assert Reseller.objects.filter(name="Bari IT").exists()


def test_api_lists_reflect_the_changes(nora, cast):
    nora.post(f"{page(cast.north_reseller)}delete/", {"typed": "Kiel IT"})
    assert nora.get("/api/v1/resellers/").json()["results"] == []
    assert nora.get("/api/v1/end-users/E-BAKERY/").json()["reseller"] is None
