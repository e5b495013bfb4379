"""Related tickets, by keyboard: merged and unmerged, linked, split, followed up."""

import pytest

from tests.desk.conftest import question
from tickets.models import Ticket
from tickets.services import conversation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.thorough]


def test_two_tickets_are_merged_unmerged_and_linked(desk, cast, now, ticket):
    other = question(cast, now, subject="The same again", message="I asked this before.")
    page, colleague = desk(cast.agent, f"/desk/{other.pk}/"), desk(cast.agent2, f"/desk/{ticket.pk}/")
    page.tick("#links summary")
    page.fill("#other-ticket", f"#{ticket.pk}")
    page.look("merge")
    page.push("text=Merge into it")
    page.sees(f"Merge this ticket into #{ticket.pk} {ticket.subject}?", "dialog h2")
    page.look("sure to merge")
    page.push("dialog [data-yes]")
    page.arrives(f"/desk/{ticket.pk}/")
    page.sees("I asked this before.", "#timeline")
    page.look("merged")
    colleague.sees("I asked this before.", "#timeline")
    page.open(f"/desk/{other.pk}/")
    page.sees(f"#{ticket.pk}", ".ticket-body .notice")
    page.look("merged away")
    page.push("text=Undo merge")
    page.look("sure to part")
    page.push("dialog [data-yes]")
    page.page.locator(".ticket-body .notice").wait_for(state="detached")
    assert Ticket.objects.get(pk=other.pk).status == "new"
    colleague.page.locator("#timeline", has_text="I asked this before.").wait_for(state="detached")
    page.tick("#links summary")
    page.fill("#other-ticket", f"#{ticket.pk}")
    page.press("Enter")
    page.sees(ticket.subject, "#links .history-line")
    page.look("linked")
    page.push(f"[aria-label='Remove the link to #{ticket.pk}']")
    page.sees("No linked tickets.", "#links")


def test_message_is_split_off_and_closed_ticket_gets_a_follow_up(desk, cast, now, ticket):
    conversation.reply(ticket.pk, "By the way, our phones ring twice.", author=cast.nora, at=now)
    page = desk(cast.agent, f"/desk/{ticket.pk}/")
    page.to(".event:has-text('phones ring twice') .event-do")
    page.look("split")
    page.press("Enter")
    page.at("#split :focus")
    page.fill("#split-subject", "Phones ring twice")
    page.look("what it is called")
    page.press("Enter")
    page.arrives(rf"/desk/(?!{ticket.pk}/)\d+/")
    page.sees("By the way, our phones ring twice.")
    page.look("split off")
    Ticket.objects.filter(pk=ticket.pk).update(status="closed", outcome="answered", solved_at=now)
    page.open(f"/desk/{ticket.pk}/")
    page.tick(".follow-up summary")
    page.fill("#follow-up-text", "They ask again about line two.")
    page.look("closed")
    page.push("text=Open follow-up")
    page.arrives(rf"/desk/(?!{ticket.pk}/)\d+/")
    page.sees("They ask again about line two.")
    page.sees(f"#{ticket.pk}")
    page.look("follow-up")
