"""Replacing a device in the United Kingdom, where labels are mailed, while no new one is in stock."""

import pytest

from hwaas.models import Device
from tests.browser.pages import answer, filled_buttons, pick, send
from tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(visit, cast):
    page = visit(cast.alba)
    page.goto("/portal/requests/new/rma/")
    pick(page, "SN-PUB")
    page.check("[name=kind][value=warranty]")
    page.fill("[name=fault]", "The display stays dark.")
    page.check("[name=replacement][value=new]")
    page.fill("[name=delivery_address]", "1 High Street, Leeds")
    answer(page, "Allowed")
    return page


@pytest.mark.thorough
def test_exchange_with_labels_shipping_arrival_choice_and_replacement(page, cast, carry_out):
    assert "return labels" in page.inner_text("#verdict")
    number = send(page, "Submit and accept 34 GBP")
    desk = carry_out(Ticket.objects.get(pk=number))
    cast.item.stock = 0
    cast.item.save()
    page.reload()
    assert page.locator(".next-step").count() == 0
    desk.click("button:has-text('Mark as sent')")
    desk.wait_for_selector("button:has-text('Mark as arrived')")
    page.reload()
    assert "Your turn" in page.inner_text("main") and filled_buttons(page) == ["The device is on its way"]
    page.emulate_media(media="print")
    assert page.inner_text(".next-step").splitlines()[-1] == "Send it to our local office with the return labels we e-mailed you."
    page.emulate_media(media="screen")
    page.fill("#composer-text", "Tomorrow, by courier.")
    assert filled_buttons(page) == ["Send message"], "one main action at a time"
    page.fill("#composer-text", "")
    desk.reload()
    assert filled_buttons(desk) == ["Mark as arrived"], "what the partner can do, too, is offered more quietly"
    page.click("text=The device is on its way")
    page.wait_for_selector("text=The warehouse acts next.")
    desk.reload()
    desk.click("button:has-text('Mark as arrived')")
    desk.locator(".ticket-head .chip", has_text="Waiting for partner").wait_for()
    page.reload()
    page.check("[name=replacement][value=refurbished]")
    page.click("button:has-text('Choose')")
    page.wait_for_selector("text=Chosen: refurbished")
    desk.reload()
    desk.fill("[name=serial]", "SN-PUB")
    desk.click("button:has-text('Mark as sent')")
    assert "There is already a device with serial number" in desk.inner_text(".next-step")
    assert desk.input_value("[name=serial]") == "SN-PUB"
    desk.fill("[name=serial]", "SN-NEXT")
    desk.click("button:has-text('Mark as sent')")
    desk.locator(".ticket-head .chip", has_text="Done").wait_for()
    page.reload()
    assert "SN-NEXT has been sent and replaces SN-PUB." in page.inner_text("#timeline")
    assert Device.objects.get(serial="SN-NEXT").pbx == cast.pub_pbx
