"""The policy pages: who has access, what they show, and adding a value by form, preview and confirmation."""

import csv
import datetime
import io
import re

import pytest
from django.urls import reverse

from policies.catalog import POLICIES
from policies.models import PolicyValue
from policies.services import add_value
from tests.thorough import share

LIST = "/admin/policies/policyvalue/"
PAGE = LIST + "did.minimum_term_months/"
NEW = PAGE + "new/"


def typed(day, **changes):
    return {"value_0": "7", "value_1": "month", "valid_from": day.isoformat(), "basis": "request", "note": "Longer contracts"} | changes


@pytest.mark.parametrize("path", ["/admin/", LIST, PAGE, NEW, "/admin/partners/user/", "/admin/no-such-page/"])
def test_admin_site_is_only_for_administrators(client, agent, contact, path):
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
    for stranger in (agent, contact):
        client.force_login(stranger)
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404


def test_admin_site_uses_the_main_sign_in(client, admin):
    admin.set_password("a long password")
    admin.save()
    answer = client.post("/admin/login/", {"username": admin.email, "password": "a long password"})
    assert answer["Location"].startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["/admin/", LIST, PAGE, NEW])
def test_pages_have_no_inline_styles_or_scripts(site, path):
    page = site.get(path).content.decode()
    assert " style=" not in page
    assert "onclick" not in page
    assert "<script>" not in page


@pytest.mark.parametrize(
    ("words", "there", "gone"),
    [("Porting 5", "porting.change_notice_business_days", "fee.did_transfer"), ("hw-1", "hwaas.minimum_term_months", "did.range_sizes")],
)
def test_list_is_searchable_by_words_codes_and_rules(site, words, there, gone):
    page = site.get(LIST, {"q": words}).content.decode()
    assert f"{there}/" in page and f"{gone}/" not in page
    assert "No policy value mentions" in site.get(LIST, {"q": "<b>zebra"}).content.decode()


def test_list_shows_every_policy_value_in_few_queries(site, admin, real_today, tomorrow, django_assert_max_num_queries):
    add_value("fee.did_transfer", tomorrow, "55", "New price list", admin, real_today)
    with django_assert_max_num_queries(4):
        page = site.get(LIST).content.decode()
    for code in POLICIES:
        assert code in page
    assert "A new DID must be kept for at least <b>6 months</b> from its activation." in page
    assert "55.00 instead of 50.00" in page


@pytest.mark.parametrize("code", share(POLICIES, 10))
def test_every_policy_has_a_page(site, code):
    """And a form: see test_form_as_drawn.py."""
    assert site.get(f"{LIST}{code}/").status_code == 200


def test_unknown_policy_is_404(site):
    assert site.get(LIST + "no.such/").status_code == 404
    assert site.get(LIST + "no.such/new/").status_code == 404


def test_value_is_added_after_preview_and_confirmation(site, admin, tomorrow):
    preview = site.post(NEW, typed(tomorrow)).content.decode()
    assert "7 months instead of 6 months" in preview
    assert not PolicyValue.objects.exists()
    answer = site.post(NEW, typed(tomorrow, confirm="yes"), follow=True)
    row = PolicyValue.objects.get()
    assert (row.value, row.valid_from, row.set_by, row.note) == ("7 months", tomorrow, admin, "Longer contracts")
    page = answer.content.decode()
    assert "Longer contracts" in page
    assert "Ada Admin" in page


def test_errors_are_shown_at_their_fields_and_input_is_kept(site, real_today):
    yesterday = real_today - datetime.timedelta(days=1)
    answer = site.post(NEW, typed(yesterday, value_0="seven", note="", basis="origin"))
    form = answer.context["form"]
    assert set(form.errors) == {"value", "valid_from", "note"}
    page = answer.content.decode()
    assert 'value="seven"' in page
    assert f'value="{yesterday.isoformat()}"' in page
    assert '<option value="origin" selected>' in page
    assert not PolicyValue.objects.exists()


@pytest.mark.parametrize("day", ["tomorrow", "31.02.2027", "2027-02-30", ""])
def test_unreadable_date_is_reported_once(site, day):
    form = site.post(NEW, {"value_0": "7", "value_1": "month", "valid_from": day, "note": "Why"}).context["form"]
    assert list(form.errors) == ["valid_from"]
    assert len(form.errors["valid_from"]) == 1


def test_going_back_from_the_preview_keeps_the_input(site, tomorrow):
    answer = site.post(NEW, typed(tomorrow, edit="yes"))
    page = answer.content.decode()
    assert answer.context["form"].initial["note"] == "Longer contracts" and 'value="7"' in page
    assert "Longer contracts" in page
    assert "errorlist" not in page


def table(day, rows, **changes):
    cells = {f"value-{row}-{column}": cell for row, cells in enumerate(rows) for column, cell in enumerate(cells)}
    return {"value-rows": str(len(rows)), "valid_from": day.isoformat(), "note": "New discounts", "basis": "origin"} | cells | changes


def test_table_value_is_edited_by_rows(site, tomorrow):
    page = LIST + "commitment.discount/new/"
    rows = [["3", "15"], ["", ""], ["5", "25"], ["7", "30"]]
    preview = site.post(page, table(tomorrow, rows))
    assert [(line.sign, line.text) for line in preview.context["lines"]] == [
        ("−", "20 % for 5 years"),
        ("", "15 % for 3 years"),
        ("+", "25 % for 5 years"),
        ("+", "30 % for 7 years"),
    ]
    site.post(page, table(tomorrow, rows, confirm="yes"))
    assert PolicyValue.objects.get().value == [["3", "15.00"], ["5", "25.00"], ["7", "30.00"]]


def test_adding_a_row_works_without_javascript(site, tomorrow):
    page = LIST + "commitment.discount/new/"
    assert 'name="value-4-0"' not in site.get(page).content.decode()
    more = site.post(page, table(tomorrow, [["3", "15"], ["5", "25"], ["", ""], ["", ""]], add_row="yes")).content.decode()
    assert 'name="value-4-0"' in more
    assert 'value="25"' in more
    assert "errorlist" not in more


def test_invalid_cell_is_named(site, tomorrow):
    answer = site.post(LIST + "commitment.discount/new/", table(tomorrow, [["3", "15"], ["5", "a lot"]]))
    assert "Row 2, discount" in answer.context["form"].errors["value"][0]
    assert 'value="a lot"' in answer.content.decode()


@pytest.mark.parametrize(
    ("code", "fields", "stored"),
    [
        ("rma.label_regions", {"value": ["UK", "EU"]}, ["UK", "EU"]),
        ("rma.label_regions", {}, []),
        ("emergency.automatic_countries", {"value": "DE, AT"}, ["DE", "AT"]),
        ("fee.did_transfer", {"value": "55"}, "55.00"),
        ("amend.blackout", {"value_0": "21:00", "value_1": "24:00"}, "21:00–24:00"),
        ("porting.default_time", {"value": "15:30"}, "15:30"),
        ("pbx.single_active_since", {"value": "2022-04-20"}, "2022-04-20"),
        ("teams.minimum_wms", {"value": "6.01"}, "6.01"),
        ("sla.calendars", {"value-rows": "1", "value-0-0": "US", "value-0-1": "America/Chicago"}, [["US", "America/Chicago"]]),
    ],
)
def test_every_kind_of_field_is_saved(site, tomorrow, code, fields, stored):
    site.post(f"{LIST}{code}/new/", {"valid_from": tomorrow.isoformat(), "note": "Because", "confirm": "yes"} | fields)
    assert PolicyValue.objects.get().value == stored


@pytest.mark.parametrize(
    ("basis", "told"), [("request", "applies to every request submitted"), ("origin", "applies only if the DID’s activation")]
)
def test_preview_states_what_applies_from_when_to_what(site, real_today, tomorrow, basis, told):
    for day in (real_today, tomorrow):
        page = site.post(NEW, typed(day, basis=basis)).content.decode()
        assert f"From {day:%-d %B %Y}: 7 months instead" in page and told in page
        assert "A new DID must be kept for at least 7 months from its activation." in page
        assert ("It takes effect immediately." in page) == (day == real_today)


def test_preview_warns_of_values_for_the_same_and_later_days(site, admin, real_today, tomorrow):
    later = tomorrow + datetime.timedelta(days=30)
    add_value("did.minimum_term_months", tomorrow, "8 months", "First try", admin, real_today)
    add_value("did.minimum_term_months", tomorrow, "9 months", "Second try", admin, real_today)
    add_value("did.minimum_term_months", later, "12 months", "Next year", admin, real_today)
    page = site.post(NEW, typed(tomorrow)).content.decode()
    assert "It replaces 9 months" in page
    assert "when 12 months takes effect" in page


def test_values_cannot_be_edited_or_deleted(site, admin, real_today, tomorrow):
    row = add_value("did.minimum_term_months", tomorrow, "7 months", "Why", admin, real_today)
    for path in (f"{LIST}{row.pk}/change/", f"{LIST}{row.pk}/delete/", f"{LIST}add/"):
        assert site.post(path, {"post": "yes"}).status_code == 404
    assert PolicyValue.objects.count() == 1


@pytest.mark.parametrize("count", ["-1", "abc", "99999999999", "²"])
def test_forged_row_count_is_harmless(site, tomorrow, count):
    answer = site.post(LIST + "commitment.discount/new/", table(tomorrow, [["3", "15"]], **{"value-rows": count}))
    assert answer.status_code == 200
    assert not PolicyValue.objects.exists()


def test_earlier_value_can_be_restored(site, admin, real_today):
    add_value("fee.did_transfer", real_today, "75", "Dearer", admin, real_today)
    page = site.get(LIST + "fee.did_transfer/").content.decode()
    assert "?again=1990-01-01" in page
    assert 'value="50.00"' in site.get(LIST + "fee.did_transfer/new/?again=1990-01-01").content.decode()
    assert 'value="75.00"' in site.get(LIST + "fee.did_transfer/new/?again=nothing").content.decode()


def test_announced_value_can_be_withdrawn_from_its_entry(site, admin, real_today, tomorrow):
    later = tomorrow + datetime.timedelta(days=30)
    add_value("did.minimum_term_months", tomorrow, "9 months", "Longer contracts", admin, real_today)
    add_value("did.minimum_term_months", later, "12 months", "Even longer", admin, real_today)
    assert f"new/?back={tomorrow.isoformat()}" in site.get(PAGE).content.decode()
    asked = site.get(f"{NEW}?back={tomorrow.isoformat()}")
    form = asked.context["form"]
    assert "Take back: " in asked.content.decode() and "the value in force before 9 months" in asked.content.decode()
    assert (form.initial["value"], form.initial["valid_from"], "note" in form.initial) == ("6 months", tomorrow, False)
    assert site.get(f"{NEW}?back={later.isoformat()}").context["form"].initial["value"] == "9 months", "what would hold else"
    back = typed(tomorrow, value_0="6", note="The board changed its mind")
    assert "It takes back 9 months, which Ada Admin announced" in site.post(NEW, back).content.decode()
    page = site.post(NEW, back | {"confirm": "yes"}, follow=True).content.decode()
    assert "Taken back: did.minimum_term_months does not change on" in page
    assert "The board changed its mind" in page and "no change on that day" in page
    listed = site.get(LIST).content.decode()
    assert "12 months instead of 6 months" in listed and "6 months instead of 6 months" not in listed


def test_list_shows_every_announced_change(site, admin, real_today, tomorrow):
    for days, value in ((0, "60"), (40, "70")):
        add_value("fee.did_transfer", tomorrow + datetime.timedelta(days=days), value, "Dearer", admin, real_today)
    page = site.get(LIST).content.decode()
    assert "60.00 instead of 50.00" in page and "70.00 instead of 60.00" in page


def test_announced_list_value_shows_only_differences(site, admin, real_today, tomorrow):
    add_value("rma.label_regions", tomorrow, ["UK", "US"], "Labels overseas", admin, real_today)
    announced = site.get("/admin/").content.decode().partition("<h3>Announced</h3>")[2].partition("</section>")[0]
    told = re.findall(r'<li class="policy-line-(\w+)">\s*<span[^>]*>(.)</span>\s*([^<]+)', announced)
    assert [(kind, sign, text.strip()) for kind, sign, text in told] == [("new", "+", "US")]
    assert "Return labels are e-mailed to partners in these regions: …<" in announced and "UK" not in announced


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("What is the minimum term of use by a Partner of the new DID number?", "did.minimum_term_months"),
        ("how long must a number be kept", "did.minimum_term_months"),
        ("broken phone replacement", "warranty.standard_years"),
        ("price of a transfer", "fee.did_transfer"),
    ],
)
def test_values_are_found_by_faq_wording(site, asked, there):
    page = site.get(LIST, {"q": asked}).content.decode()
    assert f"{LIST}{there}/" in page and f"{LIST}sla.snooze_hours/" not in page


def test_value_page_links_to_its_rules_articles_and_requests(site):
    page = site.get(PAGE).content.decode()
    assert "/help/rules/#DID-1" in page and "/help/minimum-term-of-numbers/" in page
    assert "/desk/?type=did_cancel" in page and "/desk/?type=did_transfer" not in page
    assert "every request" in site.get(f"{LIST}language.accepted/").content.decode()


def test_titles_contain_the_code_and_fees_explain_their_currency(site):
    assert "<title>did.minimum_term_months · " in site.get(PAGE).content.decode()
    assert "in every account currency" in site.get(f"{LIST}fee.did_transfer/new/").content.decode()
    assert "in every account currency" not in site.get(f"{PAGE}new/").content.decode()


def test_all_values_are_exported_with_their_history(site, agent, admin, real_today, tomorrow):
    add_value("fee.did_transfer", tomorrow, "55", "=Dearer", admin, real_today)
    lines = list(csv.DictReader(io.StringIO(b"".join(site.get(f"{LIST}all.csv").streaming_content).decode("utf-8-sig"))))
    assert {line["Code"] for line in lines} == set(POLICIES)
    first, later = (line for line in lines if line["Code"] == "fee.did_transfer")
    assert (first["Value"], first["From"], first["Until"], first["State"]) == ("50.00", "", real_today.isoformat(), "in force")
    assert (later["Value"], later["From"], later["State"], later["Set by"]) == ("55.00", tomorrow.isoformat(), "announced", "Ada Admin")
    assert later["Why"] == "'=Dearer" and "costs 55.00" in later["Sentence"]
    assert f"{LIST}all.xlsx" in site.get(LIST).content.decode() and site.get(f"{LIST}all.xlsx").status_code == 200
    site.force_login(agent)
    assert site.get(f"{LIST}all.csv").status_code == 404


def test_new_value_defaults_to_the_start_of_next_month(site, real_today):
    begin = site.get(NEW).context["form"].initial["valid_from"]
    assert begin.day == 1 and datetime.timedelta(0) < begin - real_today <= datetime.timedelta(days=31)
    assert f'value="{begin.isoformat()}"' in site.get(NEW).content.decode()
