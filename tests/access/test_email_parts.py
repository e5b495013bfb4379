"""E-mails as text and as a page: the same wording, a button for the link, and a person's own text is never more than text."""

import re
from html import unescape

import pytest

from partners.email_parts import bidi_isolated, build_email

LINK = "https://care.example/portal/requests/7/"


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL = "https://care.example"


def page(text, **about):
    mail = build_email("Subject", text, "nora@nord.example", **about)
    content, kind = mail.alternatives[0]
    assert kind == "text/html" and mail.body == text
    return content[content.index("<body>") :]


def words(page):
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</?span[^>]*>", "", page))).split()


def test_html_has_the_same_wording_as_the_text():
    text = (
        f"Hello Nora,\n\nwe have news:\n\nIt is done.\n- One: 50.00 EUR\n- Two: 5 < 6\n\nSee it here:\n{LINK}\n"
        "You can also answer.\n\n  from 3 March: 7 days\n\n--\nCareline\n"
    )
    shown = words(page(text, link=LINK, button="Open the request", said="It is done."))
    assert [word for word in shown if word not in ("Open", "the", "request")] == [w for w in text.split() if w not in "--"], (
        "and nothing before the greeting: lists of mails show what comes first"
    )


def test_link_becomes_a_button():
    shown = page(f"Go on here:\n{LINK}\n", link=LINK, button="Open the request")
    assert re.search(rf'<a class="button" href="{LINK}"[^>]*>Open the request</a>', shown)


def test_code_has_its_own_paragraph():
    assert '<p class="code">BCDF-GHJK</p>' in page("This code completes the sign-in:\n\nBCDF-GHJK\n\nThank you.")


def test_quoted_text_is_escaped_and_never_markup():
    said = f"<script>alert(1)</script>\n\n{LINK}\n- <b>bold</b>"
    shown = page(f"Hello,\n\nBen wrote:\n\n{said}\n\nAnswer here:\n{LINK}\n", link=LINK, button="Answer", said=said)
    assert "<script" not in shown and "<b>" not in shown
    assert shown.count('class="button"') == 1 and "<ul>" not in shown
    assert re.search(r'<div class="said">[^/]*&lt;script', shown)


def test_urls_of_other_sites_are_not_linked():
    shown = page("See\nhttps://care.example.evil.example/x/\nhttps://evil.example/\n", link=LINK, button="Open")
    assert "href" not in shown


def test_body_has_language_and_label_when_the_head_is_stripped():
    shown = page("We cancel +49 30 55500100, +49 30 5550011X.\n- +49 30 55500122\n")
    assert '<div role="article" aria-label="Subject" lang="en" dir="ltr">' in shown and 'role="presentation"' in shown
    assert shown.count('<span class="unbroken">+49 30 555') == 3, "no number breaks at the end of a line"


def test_right_to_left_names_are_isolated():
    assert [bidi_isolated(name) for name in ("Jana Ö.", "محمد")] == ["Jana Ö.", "\u2068محمد\u2069"]


def test_message_id_uses_the_sender_domain(settings):
    settings.DEFAULT_FROM_EMAIL = "Careline <care@care.example>"
    named = {build_email("Subject", "Hello", "nora@nord.example").extra_headers["Message-ID"] for _twice in range(2)}
    assert len(named) == 2 and all(name.endswith("@care.example>") for name in named)


def test_headers_suppress_automatic_replies():
    assert build_email("Subject", "Hello", "nora@nord.example", headers={"Message-ID": "<7@care>"}).extra_headers == {
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Message-ID": "<7@care>",
    }
