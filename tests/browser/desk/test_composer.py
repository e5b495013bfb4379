"""An agent's texts, by keyboard: a reply or a note, canned answers, articles, colleagues, files; kept, sent and taken back."""

import time
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from desk.models import CannedAnswer, Draft, DraftFile
from desk.services import drafts
from tests.browser.desk.keyboard import HEARD
from tests.desk.test_ticket_page import PNG
from tickets.models import Event

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]
TEXT = "#composer-text"
DROP = """area => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["1, 2"], "list.txt", {type: "text/plain"}));
    for (const name of ["dragover", "drop"]) area.dispatchEvent(new DragEvent(name, {dataTransfer, bubbles: true, cancelable: true}));
}"""


def test_composer_separates_notes_from_replies_and_opens_lists_by_marks(desk, cast, ticket):
    CannedAnswer.objects.create(title="Greeting", body="Dear {partner.name},")
    page = desk(cast.agent, f"/desk/{ticket.pk}/")
    page.press("r")
    page.at(TEXT)
    page.write("::greet")
    page.sees("Greeting", "#composer-list li")
    page.look("canned answers")
    page.press("Enter")
    page.holds("Dear Nord Telecom,", TEXT)
    page.write(" see ??minimum term")
    page.sees("inimum", "#composer-list li")
    page.press("ArrowDown", "ArrowUp", "Tab")
    page.holds("/help/", TEXT)
    page.look("reply")
    page.press("Control+a", "Delete")
    page.to("[name=kind]:checked")
    page.press("ArrowRight")
    assert page.page.is_hidden("text=Send reply")
    page.to(TEXT)
    page.write("Ask @@be")
    page.sees("Ben Agent", "#composer-list li")
    page.look("colleagues")
    page.press("Enter")
    page.holds("Ask @Ben Agent ", TEXT)
    page.write("??minimum term")
    page.sees("inimum", "#composer-list li")
    page.press("Escape", *["Backspace"] * len("??minimum term"))
    page.page.locator("#composer-list").wait_for(state="hidden")
    assert page.page.input_value(TEXT) == "Ask @Ben Agent "
    page.look("note")
    page.push("text=Add internal note")
    page.sees("Ask @Ben Agent", "#timeline .event-note")
    assert cast.agent2.notices.get().kind == "mention"
    page.look("noted")


def test_reply_with_a_file_is_kept_sent_undone_and_sent_again(desk, cast, now, ticket, tmp_path):
    path = tmp_path / "invoice.png"
    path.write_bytes(PNG)
    page = desk(cast.agent, f"/desk/{ticket.pk}/")
    page.press("r")
    page.write("Both lines are explained here.")
    page.sees("Draft saved", "#draft-state")
    page.open(page.page.url)
    assert page.page.input_value(TEXT) == "Both lines are explained here."
    page.file = path
    page.tick("#composer-files")
    page.sees("invoice.png", "#chosen-files")
    page.page.locator("#chosen-files img[src^='data:']").wait_for()
    page.look("file chosen")
    page.page.locator(TEXT).evaluate(DROP)
    page.sees("list.txt", "#chosen-files")
    page.sees("invoice.png", "#chosen-files")
    page.to(TEXT)
    page.press("Control+Enter")
    page.page.locator(".sending [data-undo]").wait_for()
    assert page.page.locator(".sending [data-left]").get_attribute("aria-hidden"), "each second would be told"
    assert page.page.input_value(TEXT) == ""
    page.look("on its way")
    page.push(".sending [data-undo]")
    page.page.locator(".sending").wait_for(state="detached")
    assert page.page.input_value(TEXT) == "Both lines are explained here." and not Event.objects.filter(kind="message").exists()
    page.sees("invoice.png", "#composer")
    page.look("taken back")
    page.push("text=Send reply")
    page.page.locator(".sending [data-undo]").wait_for()
    Draft.objects.update(send_at=now)  # the ten seconds have passed
    drafts.deliver(Draft.objects.get().pk, at=now)
    page.page.locator(".sending form").evaluate("toast => { toast.dataset.sendAt = new Date(Date.now() - 500).toISOString(); }")
    page.sees("Your reply has been sent.", ".sending p")
    page.sees("Both lines are explained here.", "#timeline .event-text")
    page.page.locator("#timeline .file-look img").first.wait_for()  # rendered by the worker meanwhile
    page.push("#timeline .file-look summary")
    page.page.locator("#timeline .file-pages img").wait_for()
    page.look("sent")


def answer_slowly(route):
    response = route.fetch(max_redirects=0)
    time.sleep(1.5)  # longer than the pause in typing after which a draft is saved
    route.fulfill(response=response)


def test_reply_sent_without_a_pause_is_not_saved_as_a_draft_as_well(desk, cast, ticket):
    page = desk(cast.agent, f"/desk/{ticket.pk}/")
    page.page.route("**/reply/", answer_slowly)
    page.press("r")
    page.write("Both lines are explained here.")
    page.press("Control+Enter")
    page.page.locator(".sending [data-undo]").wait_for()
    page.open(f"/desk/{ticket.pk}/")
    assert page.page.input_value(TEXT) == "" and Draft.objects.get().send_at


def test_next_message_leaves_undo_visible(desk, cast, now, ticket):
    soon = timezone.now() + timedelta(minutes=1)
    Draft.objects.create(ticket=ticket, author=cast.agent, text="Both lines are explained here.", saved_at=now, send_at=soon)
    page = desk(cast.agent, f"/desk/{ticket.pk}/")
    page.press("e")
    page.sees("is now assigned to you", ".toast-success")
    undo, message = (page.page.locator(one).bounding_box() for one in (".sending [data-undo]", ".toast-success"))
    assert message["y"] + message["height"] <= undo["y"] or undo["y"] + undo["height"] <= message["y"]


def test_draft_kept_is_announced_once_not_at_every_pause(desk, cast, ticket):
    page = desk(cast.agent, f"/desk/{ticket.pk}/")
    page.page.evaluate(HEARD)
    page.press("r")
    for words in ("Both lines", " are explained", " here."):
        with page.page.expect_response("**/draft/"):
            page.write(words)
    page.page.locator("#announce", has_text="Draft saved").wait_for(state="attached")
    with page.page.expect_response("**/draft/"):
        page.write(" Thank you.")
    page.page.wait_for_timeout(500)  # longer than what is told rests
    assert page.page.evaluate("heard") == ["Draft saved"]
    assert page.page.locator("#composer-hint #draft-state").count() == 0, "it would be told with the field it describes"


def test_one_file_of_a_reply_is_removed(desk, cast, now, ticket):
    draft = Draft.objects.create(ticket=ticket, author=cast.agent, text="Both lines are explained here.", saved_at=now)
    for name in ("wrong.txt", "lines.txt"):
        DraftFile.objects.create(draft=draft, name=name, size=5, file=ContentFile(b"lines", name=name))
    page = desk(cast.agent, f"/desk/{ticket.pk}/")
    page.push("#draft-files [aria-label='Remove wrong.txt']")
    page.at("#draft-files [aria-label='Remove lines.txt']")
    assert page.page.is_hidden("text=wrong.txt") and page.page.input_value(TEXT) == draft.text
    page.look("one file fewer")
