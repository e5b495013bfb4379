"""The form of a policy value, sent as it was drawn, means the value in force: looking at it changes nothing."""

from html.parser import HTMLParser

import pytest

from policies.catalog import POLICIES
from tests.thorough import share

LIST = "/admin/policies/policyvalue/"


class Drawn(HTMLParser):
    """Collects what a browser would send of the page's POST forms, in `sent`: [(name, value)]."""

    def __init__(self, page):
        super().__init__()
        self.is_inside, self.select, self.area, self.sent = False, None, None, []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.is_inside = attrs.get("method") == "post"
        elif tag == "input" and attrs.get("name") and self._is_sent(attrs):
            self._send(attrs["name"], attrs.get("value", ""))
        elif tag == "select":
            self.select = attrs.get("name")
        elif tag == "option" and self.select and "selected" in attrs:
            self._send(self.select, attrs.get("value", ""))
        elif tag == "textarea":
            self.area = attrs.get("name")

    def handle_endtag(self, tag):
        if tag in ("select", "textarea"):
            self.select = self.area = None

    def handle_data(self, data):
        if self.area:
            self._send(self.area, data.strip())

    def _is_sent(self, attrs):
        return "checked" in attrs or attrs.get("type") not in ("checkbox", "radio", "submit")

    def _send(self, name, value):
        if self.is_inside:
            self.sent.append((name, value))


@pytest.mark.parametrize("code", share(POLICIES, 10))
def test_form_sent_as_drawn_holds_the_value_in_force(site, code, tomorrow):
    page, sent = site.get(f"{LIST}{code}/new/"), {}
    assert page.status_code == 200
    for name, value in Drawn(page.text).sent:
        sent.setdefault(name, []).append(value)
    answer = site.post(f"{LIST}{code}/new/", sent | {"valid_from": tomorrow.isoformat(), "note": "Because"})
    assert answer.context["form"].errors == {"value": ["This is already the value from that day."]}
