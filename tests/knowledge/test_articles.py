"""The knowledge base: one article per question, no figures of its own, always those that the rules use."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from knowledge.articles import article_of_rule, articles, articles_of_type, blocks, search
from knowledge.models import ArticleFeedback
from policies.catalog import POLICIES
from policies.models import PolicyValue
from policies.rulebook import RULES
from policies.rulebook.rule import BRACES
from tests.tickets.actions import ask, set_policy
from tickets.types import TYPES

# Names, not figures.
NAMES = ("x-bees",)
FIGURE = re.compile(
    r"\d|%|\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|twenty|thirty|forty|fifty|sixty|ninety|"
    r"hundred|thousand|percent|half|double|triple\w*)\b",
    re.IGNORECASE,
)
PROMISE = re.compile(r"\b(account|the|this|on a) page\b|\byour (team|resellers|customers|PBXs|numbers|devices|contacts)\b", re.IGNORECASE)
every_article = pytest.mark.parametrize("article", articles().values(), ids=articles())


@every_article
def test_article_contains_no_figure_governed_by_a_policy_value(article):
    for text in (article.title, article.text, article.self_service):
        words = BRACES.sub("", text)
        for name in NAMES:
            words = words.replace(name, "")
        assert not FIGURE.search(words), f"{FIGURE.search(words)[0]}: name the policy value in braces instead"


def test_figures_in_text_are_detected():
    for text in ("within 5 days", "after six months", "fifteen percent", "20 %", "it is tripled"):
        assert FIGURE.search(text)


@every_article
def test_article_references_exist(article):
    assert [code for code in article.rules if code not in RULES] == []
    assert [code for code in (*article.types, *article.before) if code not in TYPES] == []
    assert not set(article.types) & set(article.before)
    assert [code for code in article.policies if code not in POLICIES] == []
    assert bool(article.page) == bool(article.self_service)
    assert not article.page or reverse(article.page).startswith("/portal/")
    assert len(article.text) > 30 and article.title != article.question


@every_article
def test_article_links_to_the_page_it_mentions(article):
    """Pages that partners are told to use or read are one click away."""
    assert article.page or not PROMISE.search(article.text), PROMISE.search(article.text)[0]


def test_every_question_of_a_rule_or_policy_has_an_article():
    answered = {article.question for article in articles().values()}
    assert len(answered) == len(articles()) >= 87
    asked = {rule.article for rule in RULES.values()} | {policy.article for policy in POLICIES.values()}
    assert asked - answered == set(), "no article in knowledge/articles has this question"


def test_every_ticket_type_has_an_article():
    assert [code for code in TYPES if not articles_of_type(code)] == [], "no article has these among its types"


@every_article
def test_article_is_found_by_title_and_rules(article):
    assert article in search(article.title)
    assert all(article in search(code) for code in article.rules)


@pytest.mark.parametrize(
    ("query", "found", "not_found"),
    [
        ("RMA", "dead-on-arrival", "emergency-calling-in-germany"),
        ("rma", "warranty", "tracking"),
        ("faulty", "dead-on-arrival", "warranty"),
        ("DID-1", "minimum-term-of-numbers", "refunds"),
        ("webinar", "ending-wizywebinar", "refunds"),
    ],
)
def test_search_matches_prefixes_first_then_parts_of_words(query, found, not_found):
    slugs = {article.slug for article in search(query)}
    assert found in slugs and not_found not in slugs


def test_rules_are_not_found_by_parts_of_words(client, cast):
    client.force_login(cast.nora)
    found = client.get("/help/rules/?q=RMA").context["topics"]
    assert [row["code"] for _title, rows in found for row in rows] == ["HW-3", "HW-10", "ORD-1"]


def text_of(article, book):
    return " ".join(
        part.text + "".join(f" [{later.valid_from}: {later.value}]" for later in part.announced)
        for block in blocks(article, book)
        for part in block.get("parts") or [part for item in block["points"] for part in item]
    )


def test_article_shows_current_and_announced_values(cast, today):
    article = articles()["minimum-term-of-numbers"]
    set_policy("did.minimum_term_months", "8 months", "2027-03-01", cast.admin)
    text = text_of(article, PolicyValue.objects.book(on=today))
    assert "6 months [2027-03-01: 8 months]" in text
    later = PolicyValue.objects.book(on=today.replace(year=2027, month=3, day=1))
    assert "8 months" in text_of(article, later)
    assert "6 months" not in text_of(article, later)


def test_withdrawn_value_is_not_announced_and_origin_basis_is_stated(client, cast):
    set_policy("did.minimum_term_months", "8 months", "2099-03-01", cast.admin)
    set_policy("did.minimum_term_months", "6 months", "2099-03-01", cast.admin)
    set_policy("fee.did_transfer", "75", "2099-03-01", cast.admin)
    client.force_login(cast.nora)
    page = client.get("/help/rules/", {"q": "DID-1"}).content.decode()
    assert "8 months" not in page and "2099" not in page.split('id="DID-2"')[0]
    assert "2099" in client.get("/help/rules/", {"q": "DID-8"}).content.decode()
    PolicyValue.objects.create(
        code="did.minimum_term_months", valid_from="2099-05-01", value="9 months", basis="origin", note="Why", set_by=cast.admin
    )
    text = re.sub(r"<[^>]+>|\s+", " ", client.get("/help/minimum-term-of-numbers/").content.decode())
    assert re.search(r"from +1 May 2099 +, for anything that starts on or after that day +: 9 months", text)
    told = next(rule for rule in client.get("/api/v1/rules/").json()["results"] if rule["code"] == "DID-1")["announced"]
    assert told == [{"code": "did.minimum_term_months", "valid_from": "2099-05-01", "value": "9 months", "basis": "origin"}]


def test_rulebook_of_a_past_day_stays_readable(client, cast, now):
    ticket = ask(cast.nora, "did_cancel", now, dids=[cast.did.number], reason="The office has been closed.")
    day, then = now.date(), timezone.now().date()
    PolicyValue.objects.create(
        code="did.minimum_term_months", valid_from=day + timedelta(days=1), value="9 months", note="Why", set_by=cast.admin
    )
    PolicyValue.objects.create(code="did.minimum_term_months", valid_from=day, value="8 months", note="Why", set_by=cast.admin)
    for user, page in ((cast.nora, f"/portal/requests/{ticket.pk}/"), (cast.agent, f"/desk/{ticket.pk}/")):
        client.force_login(user)
        href = f"/help/rules/?on={now:%Y-%m-%dT%H:%M:%S.%f}Z"
        assert f"{href}#DID-1" in client.get(page).content.decode(), "the rules asked, as they were"
        topics = client.get(href).context["topics"]
        kept = next(part for _topic, rules in topics for row in rules if row["code"] == "DID-1" for part in row["parts"] if part.code)
        assert kept.text == "6 months" and [later.value for later in kept.announced] == ["9 months"]
    whole_day = client.get(f"/help/rules/?on={day}&q=DID-1").content.decode()
    assert "8 months" in whole_day, "which binds the requests after it"
    later = client.get(f"/help/rules/?on={day + timedelta(days=2)}&q=DID-1").content.decode()
    assert "9 months" in later and "See today" in later and 'name="on"' in later
    for nonsense in ("2026-02-30", "0001-01-01", "0001-01-01T00:00:00Z", "2026-02-28T24:61:00Z", "x"):
        assert client.get("/help/rules/", {"on": nonsense}).status_code == 200
    assert "See today" not in client.get("/help/rules/", {"on": then.isoformat()}).content.decode()


@pytest.mark.parametrize("page", ["/help/minimum-term-of-numbers/", "/help/rules/?q=DID-1"])
def test_figures_link_administrators_to_policy_values(client, cast, page):
    for user, leads in ((cast.admin, True), (cast.agent, False), (cast.nora, False)):
        client.force_login(user)
        assert ("/admin/policies/policyvalue/did.minimum_term_months/" in client.get(page).content.decode()) is leads


def test_partners_can_read_and_rate_articles(client, cast):
    client.force_login(cast.nora)
    page = client.get("/help/minimum-term-of-numbers/").content.decode()
    assert "and the CLASSOUND FLAT that comes with it" in page and "6 months" in page and "/portal/requests/new/did_cancel/" in page
    paid = client.get("/help/paid-services/").content.decode()
    assert len(re.findall(r"<li>\s*Moving", paid)) == 3 and "50.00" in paid
    for _again in range(2):
        client.post("/help/minimum-term-of-numbers/feedback/", {"outcome": "helped"})
    assert client.post("/help/minimum-term-of-numbers/feedback/", {"outcome": "x"}).status_code == 404
    assert ArticleFeedback.objects.get().count == 2
    client.force_login(cast.agent)
    assert "helped 2" in client.get("/help/").content.decode()
    assert client.get("/help/no-such-article/").status_code == 404
    asked = client.get("/help/", {"q": "please tell me where my invoices are"}).context["topics"]
    assert asked[0]["articles"][0]["slug"] == "invoices-and-credit-notes"


def test_form_offers_articles_and_refusal_links_to_one(client, cast):
    client.force_login(cast.nora)
    form = client.get("/portal/requests/new/did_cancel/").content.decode()
    assert "Before you ask" in form and "How to cancel a number" in form
    refused = client.post("/portal/requests/new/did_cancel/check/", {"dids": cast.young.number}).content.decode()
    assert f"/help/{article_of_rule('DID-1').slug}/" in refused


def test_rulebook_shows_partners_their_rules_and_announced_values(client, cast):
    set_policy("did.minimum_term_months", "8 months", "2099-03-01", cast.admin)
    client.force_login(cast.nora)
    page = client.get("/help/rules/").content.decode()
    assert 'id="DID-1"' in page and "8 months" in page and 'id="SLA-1"' not in page
    assert [topic for topic, _rules in client.get("/help/rules/?q=HW-1").context["topics"]] == ["HWaaS and hardware"]
    assert 'id="HW-1"' not in client.get("/help/rules/?q=porting").content.decode()
    client.force_login(cast.agent)
    assert 'id="SLA-1"' in client.get("/help/rules/").content.decode()
