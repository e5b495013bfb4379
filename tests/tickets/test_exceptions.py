"""If a request is refused, its form links partners to a question that asks for an exception and names the rule."""

import html
import re
from datetime import timedelta

import pytest

from billing.models import Invoice, InvoiceLine
from partners.models import User
from policies.verdict import DENY, REQUIRE, Finding, Verdict
from tests.markup import flat
from tickets.services import submission

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


def test_question_states_what_is_asked_for_and_why_it_was_refused(offered, client, cast):
    form = client.get(offered(number(cast.young))).context["form"]
    assert form["topic"].value() == "CLASSOUND"
    assert form["subject"].value().startswith("Exception: Cancel")
    assert "+49 89 81000401" in form["message"].value() and "(DID-1)" in form["message"].value()


def test_incomplete_request_is_named_by_its_type_and_selection(offered, client, cast, today):
    address = offered({"did": cast.porting.number, "requested_date": today.isoformat()}, "porting_date_change")
    form = client.get(address).context["form"]
    assert form["subject"].value() == "Exception: Change a porting date: +49 89 81000403"
    assert "New porting date: 18 November 2026" in form["message"].value()


def test_no_link_if_allowed_or_the_rule_cannot_be_overridden(offered, cast):
    assert not offered(number(cast.did))
    cast.young.status = "cancelled"
    cast.young.cancelled_on = cast.young.activated_on
    cast.young.save()
    assert not offered(number(cast.young))


def test_refused_submission_links_to_the_question_too(client, cast):
    client.force_login(cast.nora)
    page = client.post(FORM, number(cast.young))
    assert page.status_code == 422 and LINK.search(page.text)


def test_agents_get_no_link_to_the_question(offered, cast):
    assert not offered(number(cast.young), user=cast.agent, query="?partner=NORD")


@pytest.mark.parametrize(
    ("user", "reason", "head"),
    [("lead", "", "Not possible yet"), ("lead", "We promised it.", "Overrides a rule"), ("agent", "We promised it.", "Not possible yet")],
)
def test_heading_says_when_an_override_applies(client, cast, user, reason, head):
    client.force_login(getattr(cast, user))
    page = client.post(f"{FORM}check/?partner=NORD", number(cast.young) | {"override_reason": reason})
    assert f"<h2>{head}</h2>" in flat(page) and (head == "Overrides a rule") == ("This uses your override" in page.text)
    assert page.context["can_submit"] == (head == "Overrides a rule")


def test_overlong_override_reason_is_reported_at_its_field(client, cast):
    client.force_login(cast.lead)
    page = client.post(f"{FORM}?partner=NORD", number(cast.young) | {"requester": cast.nora.pk, "override_reason": "x" * 501})
    assert page.status_code == 400 and 'id="id_override_reason_error"' in page.text and "x" * 501 in page.text
    assert "Nothing was sent because our policies" not in page.text


def test_rule_that_cannot_be_overridden_refuses_despite_a_reason(client, cast):
    cast.young.status, cast.young.cancelled_on = "cancelled", cast.young.activated_on
    cast.young.save()
    client.force_login(cast.lead)
    page = client.post(f"{FORM}check/?partner=NORD", number(cast.young) | {"override_reason": "We promised it."})
    assert "<h2>Not possible as requested</h2>" in flat(page)


def test_refused_request_does_not_promise_a_human_decision(client, cast, today):
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
def test_list_with_items_possible_later_links_partners_to_the_question(client, cast, user, query, led):
    client.force_login(getattr(cast, user))
    pages = [client.get(f"{FORM}{query}"), client.get(f"{FORM}choose/dids/{query}")]
    assert [bool(LINK.search(page.text)) for page in pages] == [led, led]


def test_list_without_such_items_has_no_link(client, cast):
    cast.young.delete(), cast.held.delete()
    client.force_login(cast.nora)
    assert not LINK.search(client.get(FORM).text)


@pytest.mark.parametrize(("role", "rules"), [("lead", {"COM-4"}), ("agent", set())])
def test_lead_filing_a_request_sets_aside_what_denies_it_and_nothing_else(role, rules):
    verdict = Verdict((Finding("COM-4", DENY, ""), Finding("COM-5", REQUIRE, ""), Finding("GEN-2", DENY, "", final=True)))
    by = User(full_name="Lea Lead", role=role)
    assert set(submission.overrides_for(verdict, "We promised it.", by=by)) == rules
    assert submission.overrides_for(verdict, "", by=by) == {}
