"""If a request is refused, its form links partners to a question that asks for an exception and names the rule."""

import html
import re
from datetime import timedelta

import pytest

from billing.models import Invoice, InvoiceLine
from tests.markup import flat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_day")]
FORMS = "/portal/requests/new"
FORM = f"{FORMS}/did_cancel/"
WHY = "The customer has closed this office."
LINK = re.compile(r'href="(/portal/requests/new/general_question/\?[^"]+)"')


@pytest.fixture
def offered(client, cast):
    """offered(answers): the address that the answer beside the form links to, or None."""

    def link(answers, code="did_cancel", user=cast.nora, query=""):
        client.force_login(user)
        found = LINK.search(client.post(f"{FORMS}/{code}/check/{query}", answers).text)
        return found and html.unescape(found[1])

    return link


def number(did):
    return {"dids": [did.number], "reason": WHY}


def test_the_question_says_what_is_asked_for_and_why_it_is_refused(offered, client, cast):
    form = client.get(offered(number(cast.young))).context["form"]
    assert form["topic"].value() == "CLASSOUND"
    assert form["subject"].value().startswith("Exception: Cancel")
    assert "+49 89 81000401" in form["message"].value() and "(DID-1)" in form["message"].value()


def test_what_is_not_complete_yet_is_named_by_its_type_and_what_is_chosen(offered, client, cast, today):
    address = offered({"did": cast.porting.number, "requested_date": today.isoformat()}, "porting_date_change")
    form = client.get(address).context["form"]
    assert form["subject"].value() == "Exception: Change a porting date: +49 89 81000403"
    assert "New porting date: 18 November 2026" in form["message"].value()


def test_what_is_allowed_or_cannot_be_set_aside_leads_nowhere(offered, cast):
    assert not offered(number(cast.did))
    cast.young.status = "cancelled"
    cast.young.cancelled_on = cast.young.activated_on
    cast.young.save()
    assert not offered(number(cast.young))


def test_a_page_that_came_back_refused_leads_there_too(client, cast):
    client.force_login(cast.nora)
    page = client.post(FORM, number(cast.young))
    assert page.status_code == 422 and LINK.search(page.text)


def test_at_the_desk_it_is_set_aside_where_it_stands(offered, cast):
    assert not offered(number(cast.young), user=cast.agent, query="?partner=NORD")


@pytest.mark.parametrize(
    ("user", "reason", "head"),
    [("lead", "", "Not possible yet"), ("lead", "We promised it.", "Overrides a rule"), ("agent", "We promised it.", "Not possible yet")],
)
def test_the_head_of_the_answer_says_when_it_goes_by_an_override(client, cast, user, reason, head):
    client.force_login(getattr(cast, user))
    page = client.post(f"{FORM}check/?partner=NORD", number(cast.young) | {"override_reason": reason})
    assert f"<h2>{head}</h2>" in flat(page) and (head == "Overrides a rule") == ("This uses your override" in page.text)
    assert page.context["can_submit"] == (head == "Overrides a rule")


def test_a_reason_that_is_too_long_comes_back_at_its_field(client, cast):
    client.force_login(cast.lead)
    page = client.post(f"{FORM}?partner=NORD", number(cast.young) | {"requester": cast.nora.pk, "override_reason": "x" * 501})
    assert page.status_code == 400 and 'id="id_override_reason_error"' in page.text and "x" * 501 in page.text
    assert "Nothing was sent because our policies" not in page.text


def test_what_nobody_sets_aside_is_refused_with_a_reason_too(client, cast):
    cast.young.status, cast.young.cancelled_on = "cancelled", cast.young.activated_on
    cast.young.save()
    client.force_login(cast.lead)
    page = client.post(f"{FORM}check/?partner=NORD", number(cast.young) | {"override_reason": "We promised it."})
    assert "<h2>Not possible as requested</h2>" in flat(page)


def test_of_what_is_refused_nobody_says_that_a_person_decides(client, cast, today):
    """It is still said about a dispute in time, and where a lead sets its lateness aside."""
    for number, issued_on in (("INV-OLD", today.replace(year=2025)), ("INV-NEW", today)):
        invoice = Invoice.objects.create(number=number, partner=cast.nord, issued_on=issued_on - timedelta(days=1), currency="EUR")
        InvoiceLine.objects.create(invoice=invoice, line=1, description="Calls", quantity=1, unit_price="8.00")
    said = []
    for user, invoice, reason in ((cast.nora, "INV-OLD", ""), (cast.nora, "INV-NEW", ""), (cast.lead, "INV-OLD", "We promised it.")):
        client.force_login(user)
        page = client.post(f"{FORMS}/credit_note_request/check/?partner=NORD", {"invoice": invoice, "override_reason": reason})
        said.append("A person reviews your justification and decides" in page.text)
    assert said == [False, True, True]


@pytest.mark.parametrize(("user", "query", "led"), [("nora", "", True), ("agent", "?partner=NORD", False)])
def test_a_list_with_what_is_possible_later_leads_there(client, cast, user, query, led):
    client.force_login(getattr(cast, user))
    pages = [client.get(f"{FORM}{query}"), client.get(f"{FORM}choose/dids/{query}")]
    assert [bool(LINK.search(page.text)) for page in pages] == [led, led]


def test_a_list_without_it_does_not(client, cast):
    cast.young.delete(), cast.held.delete()
    client.force_login(cast.nora)
    assert not LINK.search(client.get(FORM).text)
