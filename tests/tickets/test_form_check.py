"""The answer beside a form: the details it asks for, and the order of its reasons."""

import re

import pytest

from pbx.models import Pbx
from tests.markup import flat
from tests.tickets.actions import bound_form
from tickets.types import TYPES


@pytest.fixture
def check(client, cast):
    client.force_login(cast.nora)
    return lambda code, **fields: client.post(f"/portal/requests/new/{code}/check/", fields)


@pytest.mark.parametrize(
    ("years", "asks"),
    [("", "Complete the rest of the form."), ("-1", "Something in the form needs correcting."), ("3", "You can submit it")],
)
def test_invalid_values_ask_for_correction_and_missing_ones_for_completion(check, years, asks):
    said = flat(check("commitment_request", pbx="PBX-FREE", years=years))
    told = [
        text for text in ("Complete the rest of the form.", "Something in the form needs correcting.", "You can submit it") if text in said
    ]
    assert told == [asks]


def test_blocking_findings_come_before_warnings(check, cast):
    Pbx.objects.filter(pk=cast.pbx.pk).update(term="1y")
    verdict = check("xbees_switch", pbx="PBX-FREE", target_term="1m").context["verdict"]
    assert [finding["effect"] for finding in verdict["findings"]] == ["deny", "warn"]


def test_company_change_subject_lists_all_changed_details(cast):
    form = bound_form("company_change", cast.nord, address="1 New Street", billing_email="new@nord.example", vat_number="DE999999999")
    assert TYPES["company_change"].subject(form.answers()) == "Change of address, VAT number and billing e-mail"


@pytest.mark.parametrize(("typed", "title"), [("\u202eLine one\nLine two", "Line one Line two"), ("\u2066\u202e", "Ask something else")])
def test_question_title_drops_bidi_controls_and_line_breaks(cast, typed, title):
    form = bound_form("general_question", cast.nord, topic="Billing", subject=typed, message="Where can I see it?")
    assert TYPES["general_question"].subject(form.answers()) == title


def test_row_errors_link_to_their_own_inputs(client, cast):
    client.force_login(cast.nora)
    rows = {"locations-0-did": cast.did.number, "locations-4-did": "abc", "locations-4-city": "Kiel"}
    said = client.post("/portal/requests/new/emergency_activation/", rows).text
    summary = said[said.index("error-summary") : said.index("</ul>", said.index("error-summary"))]
    links = re.findall(r'href="#([^"]+)">([^<]+)<', summary)
    assert ("id_locations-1-did", "Row 2 · Number") in links and ("id_locations-0-user_name", "Row 1 · User") in links
    assert [link for link, _label in links if f'id="{link}"' not in said] == []
