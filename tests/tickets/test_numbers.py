"""Typed numbers are read as people write them; a number too large to be stored is reported at its field, never a 500."""

import re
from decimal import Decimal

import pytest
from django import forms

from hwaas.models import Item
from tests.desk.figures import client_of
from tests.house.files import product_files, text
from tests.tickets.actions import ask, bound_form
from tickets.base import MOST
from tickets.models import TicketCharge
from tickets.services.submission import Denied, judge
from tickets.steps.rma_delivery import QuoteForm
from tickets.types import TYPES
from tickets.types.credit_note_request import DisputedLineForm
from web.number_fields import AmountField, WholeNumberField, most_of

NO_NUMBERS = ["1_0", "1_000.50", "٣", "３", "1e1", "1E+30", "+3", "0x3", "NaN", "Infinity", "three", "1,5", "1.", ".5", "1__0", "-"]


@pytest.mark.parametrize("field", [WholeNumberField(), AmountField(max_digits=12, decimal_places=2)])
def test_numbers_accept_only_the_digits_0_to_9(field, subtests):
    for number in NO_NUMBERS:
        with subtests.test(number), pytest.raises(forms.ValidationError, match="in digits 0 to 9"):
            field.clean(number)
    for number in ("10", " 10 ", "10.0", 10, "-10"):
        assert abs(field.clean(number)) == 10


def test_no_other_field_reads_typed_numbers():
    django = re.compile(r"forms\.(Integer|Decimal|Float)Field\(|django_filters\.(Number|Range)Filter\(")
    assert [path for path in product_files() if django.search(text(path)) and not path.endswith("number_fields.py")] == []


def test_portal_and_desk_report_bad_numbers_at_the_field(cast):
    pbx = cast.pbx.serial
    for code, name, answers in (
        ("licence_change", "changes", {"pbx": pbx, "changes": [{"licence_type": "business", "quantity": "1_0"}]}),
        ("teams_licence_change", "quantity", {"pbx": pbx, "quantity": "1_0"}),
        ("commitment_request", "years", {"pbx": pbx, "years": "0_3"}),
    ):
        form = TYPES[code].form(answers, partner=cast.nord)
        assert "Enter a whole number in digits 0 to 9." in " ".join(form.errors[name]), code
    for form, name in ((DisputedLineForm({"line": "1_0", "amount": "1_0"}), "amount"), (QuoteForm({"cost": "1_0"}), "cost")):
        assert form.errors[name] == ["Enter a number in digits 0 to 9, with a decimal point if needed."]
    lead = client_of(cast.lead)
    for path, name in ((f"/desk/team/{cast.agent.pk}/", "capacity"), ("/desk/automations/new/", "hours")):
        answer = lead.post(path, {name: "1_0"})
        assert answer.context["form"].errors[name] == ["Enter a whole number in digits 0 to 9."]
    conditions = {"conditions-0-what": "fee", "conditions-0-text": "1_0"}
    assert "Enter an amount, such as 50." in lead.post("/desk/automations/new/", conditions).content.decode()


@pytest.mark.parametrize(
    ("price", "why"), [("1_0", "digits 0 to 9"), ("10000000000", "no more than 10 digits before"), ("9" * 20, "12 digits")]
)
def test_admin_reports_bad_numbers_at_the_field(cast, price, why):
    admin = client_of(cast.admin)
    typed = {"code": "I-NEW", "name": "Phone", "capex_price": price, "hwaas_monthly_price": price, "stock": "1_0"}
    errors = admin.post("/admin/hwaas/item/add/", typed).context["adminform"].form.errors
    assert set(errors) == {"capex_price", "hwaas_monthly_price", "stock"} and why in errors["capex_price"][0]
    typed = {"partner": cast.nord.pk, "target": price, "rate": price}
    errors = admin.post("/admin/billing/bonusterms/add/", typed).context["adminform"].form.errors
    assert set(errors) == {"target", "rate"} and why in errors["target"][0]
    typed = {"partner": cast.nord.pk, "month": "2022-03-01", "result": price}
    assert why in admin.post("/admin/billing/monthlyresult/add/", typed).context["adminform"].form.errors["result"][0]
    typed = {"code": "I-NEW", "name": "Phone", "capex_price": "-1", "hwaas_monthly_price": "-0.01", "stock": "-1"}
    errors = admin.post("/admin/hwaas/item/add/", typed).context["adminform"].form.errors
    assert set(errors) == {"capex_price", "hwaas_monthly_price", "stock"}
    assert not Item.objects.filter(code="I-NEW").exists()


def test_amounts_are_limited_to_what_the_ledger_can_store():
    assert most_of(TicketCharge._meta.get_field("amount")) == MOST == Decimal("9999999999.99")
    assert not DisputedLineForm({"line": 1, "amount": str(MOST)}).errors
    for amount in ("10000000000", "10000000000.00", "9999999999.999"):
        assert list(DisputedLineForm({"line": 1, "amount": amount}).errors) == ["amount"]


@pytest.mark.parametrize(("monthly", "outcome"), [("1000.00", "allowed"), ("9999999999.99", "denied")])
def test_price_beyond_the_ledger_limit_is_denied_and_names_the_limit(cast, now, monthly, outcome):
    cast.pbx.licences.create(licence_type="business", quantity=1, monthly_price=monthly)
    answers = {"pbx": cast.pbx.serial, "changes": [{"licence_type": "business", "quantity": 1001}]}
    verdict = judge(TYPES["licence_change"], bound_form("licence_change", cast.nord, **answers).answers(), today=cast.today)
    assert verdict.outcome == outcome
    if outcome == "denied":
        assert "at most 9,999,999,999.99 EUR can be billed at a time" in verdict.findings[0].message
        with pytest.raises(Denied):
            ask(cast.nora, "licence_change", now, accepted=verdict.charges[0].amount, **answers)


def test_currency_codes_are_shown_unchanged(cast):
    admin = client_of(cast.admin)
    for path in ("/admin/partners/partner/", f"/admin/partners/partner/{cast.nord.pk}/change/", "/admin/billing/invoice/"):
        page = admin.get(path).content.decode()
        assert "EUR" in page and "Eur<" not in page and "Usd" not in page, path
    kept = admin.get("/admin/partners/partner/?currency__exact=EUR").content.decode()
    assert "NORD" in kept and "ALBION" not in kept
