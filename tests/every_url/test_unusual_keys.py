"""Keys are the operators' own: whatever an import accepts as a partner code or serial number, its pages open."""

import html
import re

import pytest

from tests.tickets.actions import ask

KEY = "A&B/ +#1?%"
LINK = re.compile(r'(?:href|hx-get|hx-post|action)="(/[^"#]*)')


@pytest.fixture
def ticket_with_odd_keys(cast, now):
    """A request of a partner with an odd code, with odd serial numbers of a PBX and a device of it."""
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number])
    for thing, name in ((cast.nord, "code"), (cast.pbx, "serial"), (cast.phone, "serial")):
        setattr(thing, name, KEY)
        thing.save()
    return ticket


def checked_links(client, path):
    """Check that the links of a page that name an odd key all work, and return them."""
    page = client.get(path)
    assert page.status_code == 200, path
    found = {html.unescape(link) for link in LINK.findall(page.content.decode())}
    named = {link for link in found if "A&B" in link or "A%26B" in link}
    for link in named:
        assert client.get(link).status_code in (200, 204, 302, 405), link
    return named


@pytest.mark.parametrize("path", ["/portal/pbxs/", "/portal/account/", "/portal/pbxs/A&B/%20+%231%3F%25/"])
def test_partner_pages_open_with_unusual_keys(ticket_with_odd_keys, cast, sign_in, path):
    assert checked_links(sign_in(cast.nora), path)


def test_desk_pages_open_with_unusual_keys(ticket_with_odd_keys, cast, sign_in):
    agent = sign_in(cast.agent)
    seen = (
        checked_links(agent, f"/desk/{ticket_with_odd_keys.pk}/")
        | checked_links(agent, "/desk/accounts/A&B/%20+%231%3F%25/")
        | checked_links(agent, "/desk/?q=Nord")
    )
    assert {link for link in seen if link.startswith("/desk/accounts/")} and {link for link in seen if "partner=A%26B%2F" in link}
    assert cast.nord.name in agent.get(next(link for link in seen if "partner=A%26B%2F" in link)).content.decode()
