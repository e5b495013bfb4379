"""A form lists the articles that match the input, in the same response as the verdict; if none does, a plain choice."""

import re
from pathlib import Path

import pytest

from knowledge.articles import articles, articles_of_topic
from knowledge.matching import _dictionary, _plain, best_matches
from tests.markup import flat
from tests.yaml_files import read
from tickets.models import Ticket
from tickets.types.general_question import TOPICS

pytestmark = pytest.mark.django_db
ASKED = "/portal/requests/new/general_question/"
CHANGE = "/portal/requests/new/licence_change/"


def first(text, **more):
    """Return the slug of the best matching article, or ""."""
    return next((article.slug for article in best_matches(text, **more)), "")


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("How do I pay my invoice?", "paying-invoices"),
        ("how to pay a bill", "paying-invoices"),
        ("our new employee needs access to the portal", "granting-access"),
        ("my porting date was moved", "seeing-the-porting-date"),
        ("how long does porting take", "time-to-port"),
        ("Can I add services to a Read-Only VP PBX?", "read-only-pbx"),
        ("The Customer has more than one PBX with active licenses", "one-active-pbx"),
        ("How much is the support of LifeTime licenses?", "lifetime-support-by-months"),
        ("a phone was dead on arrival", "dead-on-arrival"),
        ("Hello team, how many Teams licences can we have?", "teams-licences"),
        ("calls are marked as spam", "spam-marks"),
        ("can I get a refund", "refunds"),
        ("list of calls", "monitoring-calls"),
        ("minutes per user", "calls-of-a-user"),
        ("porting", "time-to-port"),
        ("postpone porting", "changing-a-porting-date"),
        ("simultaneous calls", "concurrent-calls"),
        ("where are my invoices", "invoices-and-credit-notes"),
        ("support hours", "service-level"),
        ("cancel my order", "amending-orders"),
        ("ported out number still billed", "cancelling-numbers"),
        ("cancel at the end of the month", "cancelling-later"),
        ("", ""),
        ("\x00 ' ; -- \\ %", ""),
        ("Hello, could you please help us with our problem?", ""),
        ("we want a dark theme", ""),
        ("The customer has closed this office.", ""),
    ],
)
def test_best_matching_article(typed, slug):
    assert first(typed) == slug


def test_every_faq_question_finds_its_own_article():
    assert {article.question: first(article.question) for article in articles().values()} == {
        article.question: article.slug for article in articles().values()
    }


def test_articles_about_the_request_rank_higher():
    typed = "Please move two licences to another PBX."
    assert first(typed, about="licence_change") == "moving-licences" and first(typed, about="did_transfer") == "moving-numbers"


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("Jak zaplatím fakturu?", "paying-invoices"),
        ("Hvordan betaler jeg min faktura?", "paying-invoices"),
        ("Hoe kan ik mijn factuur betalen?", "paying-invoices"),
        ("Miten maksan laskun?", "paying-invoices"),
        ("Comment puis-je résilier un numéro ?", "cancelling-numbers"),
        ("Mein Gerät ist verloren gegangen", "lost-hwaas"),
        ("Hogyan kell fizetni a számlát?", "paying-invoices"),
        ("Come posso pagare la fattura?", "paying-invoices"),
        ("Hvordan kan jeg si opp et nummer? Jeg vil annullere nummeret.", "cancelling-numbers"),
        ("Jak zapłacić fakturę?", "paying-invoices"),
        ("Qual é o desconto para licenças?", "additional-discount"),
        ("¿Puedo cancelar un número?", "cancelling-numbers"),
        ("Hur betalar jag fakturan?", "paying-invoices"),
        ("Kun je mij helpen met een probleem?", ""),
    ],
)
def test_question_in_another_language_is_matched_by_trade_terms(typed, slug):
    assert first(typed) == slug


def test_no_english_word_is_taken_for_a_foreign_one():
    beginnings, _known = _dictionary()
    written = [f"{article.title} {article.question} {article.text}" for article in articles().values()]
    written += read(Path(__file__).parents[1] / "language" / "english.yaml")
    assert set(beginnings.findall(_plain(" ".join(written)))) <= {"licen", "licenc"}


def test_each_topic_has_three_articles():
    assert {topic: len(articles_of_topic(topic)) for topic, _title in TOPICS} == {topic: 3 for topic, _title in TOPICS}


def offered(page):
    """Return (the heading, the titles) of the articles beside the form."""
    section = re.search(r'<section class="help-offer.*?</section>', flat(page))[0]
    return re.search(r"<h2[^>]*>(.*?)</h2>", section)[1], re.findall(r"</svg>([^<]+)</summary>", section)


def test_typed_text_brings_articles_with_the_verdict(client, cast, django_assert_max_num_queries):
    client.force_login(cast.nora)
    assert offered(client.get(ASKED)) == ("Before you ask", [])
    assert offered(client.get(f"{ASKED}?topic=Orders"))[1] == [article.title for article in articles_of_topic("Orders")]
    typed = {"topic": "Billing", "subject": "How long does porting take?"}
    checked = client.post(f"{ASKED}check/", typed, headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{ASKED}?a=1&b=2"})
    assert f'name="next" value="{ASKED}?a=1&amp;b=2"' in checked.content.decode()
    assert offered(checked) == ("This may help", ["How long porting takes"])
    assert 'id="offers"' in checked.content.decode() and 'hx-swap-oob="true"' in checked.content.decode()
    assert offered(client.get(ASKED, typed)) == offered(client.post(ASKED, typed)) == offered(checked)
    plain = client.post(f"{ASKED}check/", {"topic": "Portal errors", "subject": "<b>mm"})
    assert offered(plain) == ("Before you ask", [article.title for article in articles_of_topic("Portal errors")])
    assert client.post(f"{ASKED}check/", {"topic": "nothing"}).status_code == 200
    with django_assert_max_num_queries(8):
        client.post(f"{ASKED}check/", typed)
    assert not Ticket.objects.exists()


def test_selected_options_count_like_typed_words(client, cast):
    client.force_login(cast.agent)
    row = {"changes-0-licence_type": "wizywebinar", "changes-0-quantity": "1"}
    assert offered(client.post(f"{CHANGE}check/?partner=NORD", row)) == ("This may help", ["How to end Wizywebinar licences"])
    assert offered(client.get(f"{CHANGE}?partner=NORD"))[0] == "Before you ask"
    assert (
        "help-offer"
        not in client.post("/portal/requests/new/hwaas_lost/check/?partner=NORD", {"circumstances": "storage"}).content.decode()
    )


def test_offered_articles_show_policy_figures(client, cast):
    client.force_login(cast.nora)
    page = client.post(f"{ASKED}check/", {"subject": "minimum term of a new number"}).content.decode()
    assert '<span class="policy-figure">6 months</span>' in page
