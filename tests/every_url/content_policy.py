"""What a strict content security policy would refuse on a page, or should; and duplicates on it."""

import re
from functools import cache
from html.parser import HTMLParser

NONCE = "the-nonce"
TOKEN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")\w+')  # a different one in each response


class PolicyChecker(HTMLParser):
    """Collect what a strict policy would refuse, or should."""

    def __init__(self):
        super().__init__()
        self.found, self.ids = [], set()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if name := given.get("id"):
            self.found += [f"two of the id {name}"] if name in self.ids else []
            self.ids.add(name)
        self.found += [f"{tag} {name}" for name in given if name == "style" or re.fullmatch(r"on[a-z]+", name)]
        self.found += [f"{tag} {value}" for value in given.values() if (value or "").strip().lower().startswith("javascript:")]
        if ((tag == "script" and "src" not in given) or tag == "style") and given.get("nonce") != NONCE:
            self.found.append(f"{tag} without the nonce")
        if tag in ("script", "link", "img", "iframe") and re.match(r"(https?:)?//", given.get("src") or given.get("href") or ""):
            self.found.append(f"{tag} from elsewhere")
        if tag == "a" and given.get("target") == "_blank" and "noopener" not in given.get("rel", ""):
            self.found.append("a new window that knows its opener")
        if tag == "form" and given.get("method", "").lower() == "post":
            self.found.append("post")
        if tag == "input" and given.get("name") == "csrfmiddlewaretoken":
            self.found.append("token")


def violations(answer):
    policy = answer.headers.get("Content-Security-Policy", "")
    nonce = re.search(r"'nonce-([^']+)'", policy)
    if not nonce or "default-src 'self'" not in policy or "unsafe" in policy:
        return [f"policy: {policy!r}"]
    return violations_in(TOKEN.sub("", answer.text_body.replace(nonce[1], NONCE)))


@cache  # most of the pages of a round are the "not found" page
def violations_in(text):
    """Return what is wrong with a page whose nonce is NONCE."""
    reader = PolicyChecker()
    reader.feed(text)
    forms, tokens = reader.found.count("post"), reader.found.count("token")
    rest = [word for word in reader.found if word not in ("post", "token")]
    return rest + (["a form without its token"] if forms > tokens else [])
