"""The rest of the admin site: people can be added and deactivated, the estate viewed, the ledger never changed."""

import datetime

import pytest
from django.contrib import admin as django_admin
from django.urls import reverse
from django.utils import timezone

from billing.models import BonusTerms, LedgerEntry, MonthlyResult
from partners import account_emails
from partners.models import EndUser, Partner, User
from policies.models import PolicyValue
from tests.markup import flat


def person(**changes):
    return {
        "email": "New@Nord.example",
        "full_name": "Nils Nord",
        "role": "contact",
        "partner": "",
        "label": "",
        "is_active": "on",
    } | changes


def test_home_page_starts_with_policies_and_announcements(site, admin):
    page = site.get("/admin/").content.decode()
    assert page.index("Policies</h2>") < page.index("Partners and people</h2>"), "they are what an administrator comes for"
    assert "Who can sign in" in page and "No changes are announced" in page and "Your recent actions" not in page
    tomorrow = timezone.now().date() + datetime.timedelta(days=1)
    PolicyValue.objects.create(code="did.minimum_term_months", valid_from=tomorrow, value="9 months", note="Longer", set_by=admin)
    page = site.get("/admin/").content.decode()
    assert "9 months instead of 6 months" in page and "/admin/policies/policyvalue/did.minimum_term_months/" in page
    part = site.get("/admin/billing/").content.decode()
    assert "<h1>Billing</h1>" in part and "Ledger entries" in part and "Announced" not in part


def test_lists_and_rows_have_descriptive_titles(site, contact):
    page = flat(site.get("/admin/partners/user/"))
    assert "<h1>Users</h1>" in page and "2 users" in page and 'aria-current="true">All</a>' in page
    page = site.get("/admin/partners/user/", {"q": "zz", "role": "admin"}).content.decode()
    assert "No entries match “zz”." in page and 'name="role" value="admin"' in page, "a search keeps the filter"
    page = flat(site.get("/admin/partners/partner/", {"q": f" {contact.partner.code.lower()}"}))
    assert "1 partner" in page, "codes are found in small letters, too"
    page = flat(site.get(f"/admin/partners/user/{contact.pk}/change/"))
    assert "<h1>Nina Nord</h1>" in page and "Save and continue" not in page and "historylink" in page
    row = LedgerEntry.objects.create(
        partner=contact.partner, kind="fee", fee="fee.x", title="X", amount=5, currency="EUR", source="ticket:7"
    )
    page = flat(site.get(f"/admin/billing/ledgerentry/{row.pk}/change/"))
    assert "historylink" not in page and 'href="/desk/7/">ticket:7' in page, "what is only looked at has no history of changes"
    assert "There are no entries yet." in site.get("/admin/pbx/licence/").content.decode()


def test_every_list_and_search_opens(site):
    for model, model_admin in django_admin.site._registry.items():
        path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        assert site.get(path).status_code == 200, path
        if model_admin.search_fields:
            assert all(field.endswith("__startswith") for field in model_admin.search_fields), path
            assert site.get(path, {"q": "W24"}).status_code == 200, path


def test_words_in_number_fields_cause_no_error(site):
    opened = {}
    for model in django_admin.site._registry:
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/add/"
        if (page := site.get(path)).status_code == 200 and "adminform" in page.context:
            fields = page.context["adminform"].form.fields
            opened[path] = site.post(path, dict.fromkeys((*fields, *(f"{name}_0" for name in fields)), "a word")).status_code
    assert len(opened) > 3 and set(opened.values()) == {200}, opened


def test_users_cannot_be_filtered_by_password_hash(site, admin):
    path = reverse("admin:partners_user_changelist")
    answers = {site.get(path, {lookup: admin.password[:8]}).status_code for lookup in ("password", "password__startswith")}
    assert answers == {400} and site.get(path, {"role": "admin"}).status_code == 200


def test_authentication_models_and_groups_are_not_registered():
    assert {model._meta.label for model in django_admin.site._registry}.isdisjoint(
        {"auth.Group", "account.EmailAddress", "mfa.Authenticator"}
    )


def test_nothing_can_be_deleted_and_the_ledger_is_read_only(rf, admin):
    request = rf.get("/admin/")
    request.user = admin
    for model, model_admin in django_admin.site._registry.items():
        assert not model_admin.has_delete_permission(request), model
        if model._meta.label == "billing.LedgerEntry":
            assert not model_admin.has_add_permission(request)
            assert not model_admin.has_change_permission(request)


@pytest.mark.parametrize(("role", "made_by"), [("contact", "Your company, Nord"), ("agent", "An account on the Careline desk")])
def test_added_or_reactivated_user_gets_a_password_link(site, contact, mailoutbox, role, made_by, django_capture_on_commit_callbacks):
    fields = person(role=role, partner=contact.partner_id if role == "contact" else "")
    with django_capture_on_commit_callbacks(execute=True):
        site.post("/admin/partners/user/add/", fields)
    added = User.objects.get(email="new@nord.example")
    assert (added.partner, added.has_usable_password()) == (contact.partner if role == "contact" else None, False)
    User.objects.filter(pk=added.pk).update(is_active=False)
    with django_capture_on_commit_callbacks(execute=True):
        site.post(f"/admin/partners/user/{added.pk}/change/", fields)
        site.post(f"/admin/partners/user/{added.pk}/change/", fields)  # nothing is changed
    account_emails.wait_until_sent()
    assert [mail.to for mail in mailoutbox] == [["new@nord.example"]] * 2
    assert all("/password/reset/" in mail.body and made_by in mail.body for mail in mailoutbox)


def test_first_links_are_sent_to_everyone_who_never_signed_in(site, admin, contact, agent, mailoutbox, django_capture_on_commit_callbacks):
    User.objects.filter(pk=admin.pk).update(last_login=timezone.now())
    User.objects.create_user("gone@nord.example", full_name="Gone", partner=contact.partner, is_active=False)
    path = "/admin/partners/user/"
    never = flat(site.get(path, {"signed_in": "never"}))
    assert contact.email in never and admin.email not in never
    chosen = list(User.objects.values_list("pk", flat=True))
    with django_capture_on_commit_callbacks(execute=True):
        answer = site.post(path, {"action": "send_links", "_selected_action": chosen}, follow=True)
    account_emails.wait_until_sent()
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted([contact.email, agent.email])
    assert "We e-mailed a link to 2 people." in flat(answer) and "have no access: 2." in flat(answer)
    assert f"Sent a link to {contact.full_name} ({contact.email})" in flat(site.get(f"/desk/partners/{contact.partner_id}/team/"))


@pytest.mark.parametrize("wrong", [{"role": "contact"}, {"role": "agent", "partner": "theirs"}])
def test_contacts_need_a_partner_and_staff_have_none(site, contact, wrong):
    wrong = wrong | ({"partner": contact.partner_id} if wrong.get("partner") else {})
    answer = site.post("/admin/partners/user/add/", person(**wrong))
    assert list(answer.context["adminform"].form.errors) == ["partner"]
    assert "Nils Nord" in answer.content.decode()


def test_email_address_is_unique_regardless_of_case(site, contact):
    answer = site.post("/admin/partners/user/add/", person(email=contact.email.upper(), partner=contact.partner_id))
    assert list(answer.context["adminform"].form.errors) == ["email"]


def test_user_can_be_deactivated(site, agent):
    form = person(email=agent.email, full_name=agent.full_name, role="agent")
    del form["is_active"]
    site.post(f"/admin/partners/user/{agent.pk}/change/", form)
    agent.refresh_from_db()
    assert not agent.is_active


@pytest.mark.parametrize("change", [{"role": "agent"}, {"is_active": ""}])
def test_administrator_cannot_lock_themselves_out(site, admin, change):
    form = person(email=admin.email, full_name=admin.full_name, role="admin") | change
    if form["is_active"] == "":
        del form["is_active"]
    answer = site.post(f"/admin/partners/user/{admin.pk}/change/", form)
    assert "your own administrator access" in answer.content.decode()
    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == ("admin", True)


def test_lists_have_no_sorting_or_facets(site, contact):
    page = site.get("/admin/partners/user/", {"o": "-2"})
    assert "_facets" not in page.content.decode()
    assert [person.full_name for person in page.context["cl"].result_list] == ["Ada Admin", "Nina Nord"]


def test_people_are_found_by_the_start_of_their_address(site, contact):
    assert contact.email in site.get("/admin/partners/user/", {"q": "NINA"}).content.decode()
    assert contact.email not in site.get("/admin/partners/user/", {"q": "example"}).content.decode()


def test_people_are_found_by_words_of_their_names(site, contact):
    for asked, is_found in (("nord", True), ("ni no", True), ("ina", False)):
        assert (contact.email in site.get("/admin/partners/user/", {"q": asked}).content.decode()) == is_found, asked


def test_companies_are_found_by_words_of_their_names(site, contact):
    """In lists, and where a form asks for one."""
    where = {"app_label": "partners", "model_name": "user", "field_name": "partner"}
    Partner.objects.update(name="Hansa Telecom")
    for asked, found in (("telec", True), ("hansa tel", True), ("ansa", False), ("&", False)):
        page, offered = site.get("/admin/partners/partner/", {"q": asked}), site.get("/admin/autocomplete/", {"term": asked, **where})
        assert [one.pk for one in page.context["cl"].result_list] == [contact.partner.pk] * found, asked
        assert [one["id"] for one in offered.json()["results"]] == [str(contact.partner.pk)] * found, asked


def test_list_query_count_is_independent_of_rows(site, contact, django_assert_num_queries):
    def page():
        return site.get("/admin/partners/enduser/")

    partner = Partner.objects.get()
    EndUser.objects.create(code="E-1", partner=partner, name="One")
    with django_assert_num_queries(4):
        page()
    for number in (2, 3):
        EndUser.objects.create(code=f"E-{number}", partner=partner, name="More")
    with django_assert_num_queries(4):
        page()


def test_pages_use_the_same_terms_as_careline(site, contact, admin):
    page = site.get("/admin/partners/user/add/").content.decode()
    assert "Partners and people</a>" in page and "override rules" in page, "apps and roles have names"
    found = site.get("/admin/autocomplete/", {"app_label": "partners", "model_name": "user", "field_name": "partner", "term": "P-NO"})
    assert [row["text"] for row in found.json()["results"]] == ["Nord (P-NORD)"], "nobody needs to know a key"
    BonusTerms.objects.create(partner=contact.partner)
    MonthlyResult.objects.create(partner=contact.partner, month=datetime.date(2026, 3, 1), result=1)
    assert "1 Mar 2026" in site.get("/admin/billing/monthlyresult/").content.decode()
    assert "Leave empty to use the policy value" in site.get("/admin/billing/bonusterms/add/").content.decode()
