"""The person's own words in a reply, as formatted by e-mail programs: answers.yaml."""

import time
from pathlib import Path

import pytest

from inbound.messages import LONGEST, Unreadable
from inbound.messages import read as read_mail
from inbound.reply_text import reply_text, text_of_html
from partners.email_parts import build_email
from tests.thorough import share
from tests.yaml_files import read

ANSWERS = read(Path(__file__).with_name("answers.yaml"))


@pytest.mark.parametrize("answer", ANSWERS, ids=[answer["from"] for answer in ANSWERS])
def test_own_words_are_extracted(answer):
    text = answer["mail"] if "mail" in answer else text_of_html(answer["html"])
    words = reply_text(text, greeting="Hello Nora Nord,", ours=("careline", "care@careline.example", "care+"))
    assert words == answer["words"].strip()


def test_quoted_page_of_our_email_is_separated_from_the_answer():
    head = "<b>From:</b> Careline &lt;care@careline.example&gt;<br><b>Sent:</b> Friday<br><b>Subject:</b> Careline #10027"
    mail = build_email(
        "Careline #10027", "Hello Nora Nord,\n\nWhich colour is the plug?\n\nKind regards\nThe Careline team\n", "nora@nord.example"
    )
    quoted = mail.alternatives[0][0].partition("<body>")[2]
    text = text_of_html(f"<html><body><div>It is black.</div><div>{head}</div><div>&nbsp;</div>{quoted}")
    assert reply_text(text, greeting="Hello Nora Nord,", ours=("careline", "care@careline.example", "care+")) == "It is black."


def cpu_seconds(work):
    begun = time.process_time()
    work()
    return time.process_time() - begun


@pytest.mark.parametrize("unit", share(["</", "<div>", "<a ", "<a b=", "<a/", "<a b='", "<!--", "<style ", "<![CDATA[", "&"]))
def test_maliciously_slow_html_is_read_in_time(unit):
    """At its full length one of these took ten minutes."""
    assert cpu_seconds(lambda: text_of_html(unit * (LONGEST // len(unit)))) < 2


def test_hidden_html_is_skipped_and_visible_text_is_read():
    page = """<!DOCTYPE html><!--[if mso]><p>Office</p><![endif]--><p title="a > b" lang='en'>One &amp; 2 &lt; 3</p><br/>four
    <STYLE>p {}</STYLE><script>if (a) b()</script><ul><li>five</li><li>six</li></ul><table><tr>seven<tr>eight</table><!-- and"""
    assert text_of_html(page) == "One & 2 < 3\n\nfour\nfive\nsix\nseven\neight"


def test_maliciously_slow_line_is_read_in_time():
    mail = "1:" * (LONGEST // 2) + "x\nHello Nora Nord,\n> Which colour?"
    assert cpu_seconds(lambda: reply_text(mail, greeting="Hello Nora Nord,", ours=("careline", "care@careline.example", "care+"))) < 2


PART = b"Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\nContent-Type: text/plain"


@pytest.mark.parametrize(
    "mail",
    [
        PART + b'; a="' + b";" * 500_000 + b'"\r\n\r\nx',
        PART + b"\rContent-Disposition: attachment;\r " + b";\r " * 50_000 + b"\r\n\r\nx",
        PART + b"\r\n\r\nx\r\n--B" * 100_000,
        PART + b"; charset=Punycode\r\n\r\nx-" + b"x" * 1_000_000,
    ],
    ids=["value", "folded", "parts", "punycode"],
)
def test_maliciously_slow_email_is_given_up_immediately(mail):
    def given_up():
        with pytest.raises(Unreadable):
            read_mail(b"From: somebody@nowhere.example\r\n" + mail)

    assert cpu_seconds(given_up) < 2
