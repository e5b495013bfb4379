"""Partners' self-service: a colleague is invited and signs in, a reseller is deleted."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from partners import account_emails
from partners.models import Reseller
from tests.browser.pages import overflow
from tests.browser.test_pages import TOUGH, serious
from tests.thorough import share
from webhooks import deliveries
from webhooks.models import Webhook

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"


def newest(pattern):
    """Return what the newest e-mail says at this place."""
    account_emails.wait_until_sent()
    return re.search(pattern, mail.outbox[-1].body, re.MULTILINE)[1]


@pytest.mark.thorough
def test_colleague_is_invited_signs_in_and_is_removed_again(visit, cast):
    page = visit(cast.nora)
    page.goto("/portal/")
    page.click(".bar-nav a:has-text('Company')")
    page.fill("#invite [name=full_name]", "Quinn Nord")
    page.fill("#invite [name=email]", cast.nora.email)
    page.click("#invite button")
    assert "already in your team" in page.inner_text(".error-summary")
    assert page.input_value("#invite [name=full_name]") == "Quinn Nord"
    page.fill("#invite [name=email]", "quinn@nord.example")
    page.select_option("#invite [name=label]", "accountant")
    page.click("#invite button")
    page.locator("#people tr", has_text="quinn@nord.example").locator("text=Invited").wait_for()
    invited = visit()
    invited.goto(newest(r"https?://[^/]+(/account/invitation/\S+)"))
    assert serious(invited) == []
    invited.fill("[name=password1]", PASSWORD)
    invited.fill("[name=password2]", PASSWORD)
    invited.click("main form button")
    invited.wait_for_url("**/account/login/")
    invited.fill("[name=login]", "quinn@nord.example")
    invited.fill("[name=password]", PASSWORD)
    invited.click("main form button")
    invited.fill("[name=code]", newest(r"^([A-Z]{4}-[A-Z]{4})$"))
    invited.click("main form button")
    invited.wait_for_url("**/portal/")
    page.goto("/portal/team/")
    assert "Has access" in page.locator("#people tr", has_text="quinn@nord.example").inner_text()
    page.click("#people a:has-text('Quinn Nord')")
    page.click("a:has-text('End access')")
    page.click("main .btn-danger")
    page.locator("text=can no longer sign in").wait_for()
    invited.reload()
    assert "/account/login/" in invited.url


@pytest.mark.thorough
def test_webhook_test_call_result_appears_by_itself(visit, cast):
    page = visit(cast.nora)
    page.goto("/portal/webhooks/")
    page.fill("[name=url]", "https://no-such-host.invalid/careline")
    page.click("main .btn-primary")
    later = timezone.now() + timedelta(hours=1)
    Webhook.objects.update(next_at=later)  # the worker leaves it alone until the page has been read
    page.click("text=Send a test event")
    page.wait_for_selector("#calls :text('On its way')")
    assert serious(page) == []
    deliveries.deliver_next(Webhook.objects.get().pk, at=later)
    page.wait_for_selector("#calls :text('The host name does not exist.')")
    page.goto("/portal/webhooks/")
    assert "Not responding" in page.inner_text("main table") and serious(page) == []


@pytest.mark.thorough
def test_reseller_is_deleted_and_its_customers_stay(visit, cast):
    page = visit(cast.nora)
    page.goto("/portal/resellers/?q=kiel")
    page.click("#resellers a:has-text('Kiel IT')")
    page.click("text=Delete this reseller")
    page.wait_for_selector("main :text('Its end user remains yours')")
    assert serious(page) == []
    page.fill("[name=typed]", "Kiel")
    page.click("main .btn-danger")
    assert "Type the name exactly as shown" in page.inner_text(".error-summary")
    page.fill("[name=typed]", "Kiel IT")
    page.click("main .btn-danger")
    page.locator("text=Kiel IT was deleted").wait_for()
    page.click("text=1 end user without a reseller")
    assert "Bakery" in page.inner_text("#customers")
    assert not Reseller.objects.filter(partner=cast.nord).exists()


@pytest.mark.thorough
def test_company_pages_are_accessible_and_fit_a_phone(visit, cast):
    for thing in (cast.bakery, cast.north_reseller):
        thing.name = TOUGH
        thing.save()
    page = visit(cast.nora)
    reseller, customer = f"resellers/{cast.north_reseller.pk}/", f"customers/{cast.bakery.pk}/"
    found = {}
    for path in share(("team/", reseller, f"team/{cast.nora.pk}/", customer, "tokens/", "resellers/", "customers/"), 2):
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(f"/portal/{path}")
        problems = serious(page)
        page.set_viewport_size({"width": 360, "height": 740})
        problems += [f"{pixels} px too wide"] if (pixels := overflow(page)) else []
        found |= {path: problems} if problems else {}
    assert found == {}
