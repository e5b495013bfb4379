"""The partner beside a ticket: the number of its open tickets, and its Commitments."""

from datetime import timedelta

from pbx.models import Pbx
from tests.cast import make_commitment
from tickets.services import snoozing


def test_partner_card_shows_open_tickets_and_commitments(cast, ticket, many, client, fetch, that_day, now):
    client.force_login(cast.agent)

    def facts():
        part, questions = fetch(f"/desk/{ticket.pk}/beside/")
        assert questions <= 12
        return {str(fact["label"]): (fact["value"], fact.get("url", "")) for fact in part.context["partner"]["facts"]}

    snoozing.snooze(ticket.pk, now + timedelta(days=1), actor=cast.agent, at=now)  # it counts as open all the same
    known = facts()
    count, running = known["Open tickets"]
    assert count == 1 and ticket.subject in client.get(running).content.decode()
    assert known["Commitment"] == ("3 years, until 18 Nov 2028", f"/desk/pbxs/{cast.committed.serial}/")
    many(99)
    many(3, status="closed")
    many(3, partner=cast.sud)
    assert facts()["Open tickets"] == (100, running)
    make_commitment(cast.pbx, cast.today, 1)
    words, calendar = facts()["Commitment"]
    assert words == "2 PBXs, the first until 18 Nov 2027" and cast.pbx.serial in client.get(calendar).content.decode()
    many(1)
    Pbx.objects.update(terminated_on=cast.today)
    known = facts()
    assert (known["Open tickets"][0], known["Commitment"]) == ("100+", ("none", ""))
    assert client.get(running.replace("/desk/", "/desk/count/")).content.decode() == "101"
