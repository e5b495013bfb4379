"""The policy pages beside proposals and beside other policies: each shows its own, and says what a confirmation has done."""

import datetime

import pytest
from django.contrib.messages import get_messages

from policies import approval
from policies.services import add_value
from tests.policies.test_admin import LIST, NEW, PAGE, typed

OTHER = "fee.did_transfer"


@pytest.fixture
def proposed(settings, second, real_today, tomorrow):
    """Return propose(code, value), which adds a proposal of Bea's for tomorrow."""

    def propose(code="did.minimum_term_months", value="9 months", note="Even longer", basis="", day=tomorrow):
        settings.POLICY_APPROVAL = True
        return add_value(code, day, value, note, second, real_today, basis)

    return propose


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_confirmation_says_what_it_has_done(site, settings, tomorrow):
    day = f"{tomorrow:%-d %B %Y}"
    assert said(site.post(NEW, typed(tomorrow, confirm="yes"))) == [f"Added: did.minimum_term_months 7 months from {day}."]
    back = typed(tomorrow, value_0="6", note="The board changed its mind", confirm="yes")
    assert said(site.post(NEW, back))[1:] == [f"Taken back: did.minimum_term_months does not change on {day}."]
    settings.POLICY_APPROVAL = True
    told = said(site.post(NEW, typed(tomorrow, value_0="8", confirm="yes")))[2:]
    assert told == [f"Proposed: did.minimum_term_months 8 months from {day}. It is waiting for approval."]


def test_value_added_for_another_policy_overtakes_nobody(site, admin, second, real_today, tomorrow):
    for months in ("7 months", "8 months"):
        add_value("did.minimum_term_months", tomorrow, months, "Longer contracts", admin, real_today)
    seen = site.post(NEW, typed(tomorrow, value_0="9")).context["seen"]
    add_value(OTHER, tomorrow, "60", "Dearer", second, real_today)
    confirmed = typed(tomorrow, value_0="9", confirm="yes", seen=seen)
    assert site.post(NEW, confirmed).status_code == 302
    answer = site.post(NEW, confirmed | {"value_0": "10"})
    assert answer.status_code == 200 and "Another value has been added in the meantime" in answer.text


def test_page_of_a_policy_shows_its_own_proposals_open_and_closed(site, admin, second, proposed, tomorrow):
    declined = proposed()
    approval.decline(declined.pk, "Too long", by=admin, at=datetime.datetime.combine(tomorrow, datetime.time(9), tzinfo=datetime.UTC))
    waiting, _other = proposed(value="8 months"), proposed(OTHER, "60")
    shown = site.get(PAGE).context
    assert (list(shown["waiting"]), list(shown["closed"])) == ([waiting], [declined])
    assert {row.code for row in site.get(LIST).context["waiting"]} == {"did.minimum_term_months", OTHER}


def test_preview_names_only_the_proposal_for_its_policy_and_day(site, proposed, tomorrow):
    proposed(OTHER, "60")
    proposed(value="8 months", day=tomorrow + datetime.timedelta(days=1))
    assert site.post(NEW, typed(tomorrow)).context["rival"] is None
    rival = proposed()
    assert site.post(NEW, typed(tomorrow)).context["rival"] == rival


def test_form_begins_with_the_proposal_it_was_opened_for(site, proposed):
    proposal, other = proposed("warranty.standard_years", "3 years", basis="request"), proposed(OTHER, "60")
    page = f"{LIST}warranty.standard_years/new/?proposal="
    assert site.get(f"{page}{proposal.pk}").context["form"].initial == {"value": "3 years", "basis": "request", "note": "Even longer"}
    assert site.get(f"{page}{other.pk}").context["form"].initial["value"] == "1 year"


@pytest.mark.parametrize("query", ["  PORTING 5 ", "porting 5" + " " * 200])
def test_search_ignores_case_and_surrounding_blanks(site, query):
    shown = site.get(LIST, {"q": query}).context
    assert shown["query"] == query.strip()[:100]
    assert "porting.change_notice_business_days" in {dated.policy.code for _title, entries in shown["topics"] for dated in entries}
