"""What every page keeps to in the browser: its own files only, no code in attributes, files as downloads."""

import re
from html.parser import HTMLParser

import pytest

from tests.thorough import share

pytestmark = pytest.mark.django_db


class Trouble(HTMLParser):
    """Collects what a strict policy would refuse, or should have to."""

    def __init__(self, nonce):
        super().__init__()
        self.nonce, self.found = nonce, []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.found += [f"{tag} {name}" for name in given if name == "style" or re.fullmatch(r"on[a-z]+", name)]
        self.found += [f"{tag} {value}" for value in given.values() if (value or "").strip().lower().startswith("javascript:")]
        if ((tag == "script" and "src" not in given) or tag == "style") and given.get("nonce") != self.nonce:
            self.found.append(f"{tag} without the nonce")
        if tag in ("script", "link", "img", "iframe") and re.match(r"(https?:)?//", given.get("src") or given.get("href") or ""):
            self.found.append(f"{tag} from elsewhere")
        if tag == "a" and given.get("target") == "_blank" and "noopener" not in given.get("rel", ""):
            self.found.append("a new window that knows its opener")
        if tag == "form" and given.get("method", "").lower() == "post":
            self.found.append("post")
        if tag == "input" and given.get("name") == "csrfmiddlewaretoken":
            self.found.append("token")


def troubles(answer):
    policy = answer.headers.get("Content-Security-Policy", "")
    nonce = re.search(r"'nonce-([^']+)'", policy)
    if not nonce or "default-src 'self'" not in policy or "unsafe" in policy:
        return [f"policy: {policy!r}"]
    reader = Trouble(nonce[1])
    reader.feed(answer.text_body)
    forms, tokens = reader.found.count("post"), reader.found.count("token")
    rest = [word for word in reader.found if word not in ("post", "token")]
    return rest + (["a form without its token"] if forms > tokens else [])


@pytest.mark.parametrize("who", share(["nora", "nobody", "admin", "lead"], of=2))
def test_every_page_keeps_to_the_policy(every_address, visit, walker, scene, who):
    client, _token = walker(getattr(scene, who, None))
    wrong, pages, nonces = [], 0, set()
    for address in every_address:
        answer = visit(client, "get", address.path)
        if answer["Content-Type"].startswith("text/html"):
            pages += 1
            found = troubles(answer)
            wrong += [(address.path, trouble) for trouble in found]
            nonces.add(answer["Content-Security-Policy"])
        framed = answer.get("X-Frame-Options") != "DENY" and "pk" not in address.arguments
        if framed or answer["X-Content-Type-Options"] != "nosniff":
            wrong.append((address.path, "headers"))
    assert not wrong, "\n".join(map(str, wrong))
    assert len(nonces) == pages > 0


def test_answers_to_what_is_wrong_are_pages_of_the_house_too(client, visit, scene):
    client.force_login(scene.nora)
    for path in ("/nowhere/", f"/desk/{scene.said.pk}/", "/portal/requests/?after=x"):
        answer = visit(client, "get", path)
        assert answer.status_code == 404
        assert not troubles(answer)


def test_files_are_downloads_that_run_nothing(client, visit, scene):
    client.force_login(scene.nora)
    answer = visit(client, "get", f"/attachments/{scene.paper.pk}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Content-Type"].partition(";")[0] == "text/plain"
