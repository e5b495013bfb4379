"""On tablets nothing scrolls sideways or overlaps, even with names of sixty letters."""

import pytest

from billing.models import Invoice, InvoiceLine
from tests.browser.pages import overflow

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]
LONG = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunt"


@pytest.mark.parametrize("width", [768, 1024])
def test_lists_fit_with_long_names(visit, cast, width):
    for one in (cast.pbx, cast.pbx.end_user):
        type(one).objects.filter(pk=one.pk).update(name=LONG)
    page, found = visit(cast.nora, width=width), {}
    for path in ("pbxs", "numbers", "devices", "customers", "requests/new/did_cancel", f"pbxs/{cast.pbx.serial}"):
        page.goto(f"/portal/{path}/")
        assert LONG in page.inner_text("main"), path
        found |= {path: pixels} if (pixels := overflow(page)) else {}
    assert found == {}


@pytest.mark.parametrize("width", [1024, 1280])
def test_details_of_a_pbx_are_beside_its_licences_only_if_the_rail_leaves_room(visit, cast, width):
    page = visit(cast.agent, width=width)
    page.goto(f"/desk/pbxs/{cast.pbx.serial}/")
    licences, details = (one.bounding_box() for one in page.locator("main .columns-aside > *").all()[:2])
    assert (details["x"] > licences["x"]) == (width == 1280)


def test_number_of_an_invoice_stays_on_one_line(visit, cast, today):
    invoice = Invoice.objects.create(number="INV-DEMO1-016", partner=cast.nord, issued_on=today, currency="EUR")
    InvoiceLine.objects.create(invoice=invoice, line=1, description="LifeTime support", quantity=16, unit_price="505.00")
    page = visit(cast.nora, width=704)
    page.goto("/portal/account/")
    assert overflow(page) == 0 and page.locator("#invoices b").bounding_box()["height"] < 30
