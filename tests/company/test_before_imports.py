"""What pages say before anything was imported: that there is nothing yet, not that a search found nothing."""

import pytest
from django.test import Client

from partners.models import Partner, User
from tests.desk.figures import client_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("role", "may_import"), [("admin", True), ("agent", False)])
def test_desk_without_partners_says_who_can_import_them(role, may_import):
    desk = client_of(User.objects.create_user("ada@care.example", full_name="Ada", role=role))
    for path, key, none in (("/desk/accounts/", "q", "No partners found"), ("/desk/new/", "partner", "No partners found")):
        page = desk.get(path).content.decode()
        assert "No partners yet" in page and none not in page, path
        assert ("/admin/estate/importrun/" in page) is may_import, path
        searched = desk.get(path, {key: "nord"}).content.decode()
        assert none in searched and "No partners yet" not in searched, path


def test_empty_end_user_list_differs_from_an_empty_search():
    partner = Partner.objects.create(code="NEW", name="New Voice", country="DE", region="EU", currency="EUR", timezone="Europe/Berlin")
    client = Client()
    client.force_login(User.objects.create_user("nina@new.example", full_name="Nina", partner=partner))
    page = client.get("/portal/customers/").content.decode()
    assert "No end users yet" in page and "No end users found" not in page
    for query in ({"q": "bak"}, {"reseller": "none"}):
        page = client.get("/portal/customers/", query).content.decode()
        assert "No end users found" in page and "No end users yet" not in page, query
