"""The facts of a case as unsaved model objects: what the fields would have fetched, built from plain words.

Each module has READ: how an answer in a case file becomes the value its form field would have cleaned it to.
"""

from decimal import Decimal
from types import SimpleNamespace

from policies.book import PolicyBook
from policies.catalog import POLICIES
from tests.cases.facts import billing, classound, company, hwaas, licences
from tests.cases.facts.base import a_commitment, a_partner, a_pbx, fetched
from tests.cases.facts.classound import a_did
from tests.cases.facts.hwaas import a_device
from tickets.answers import Answers

__all__ = ["FACTS", "a_book", "a_commitment", "a_device", "a_did", "a_partner", "a_pbx", "fetched", "the_answers"]
READ = billing.READ | classound.READ | hwaas.READ | licences.READ | company.READ

# The facts that a case file can give, besides its answers.
PEOPLE, ESTATE = ["partner", "users", "consents"], ["pbx", "commitments", "licences", "dids", "device", "devices", "order", "invoice"]
FACTS = {*PEOPLE, *ESTATE, "monthly_price", "elsewhere", "ended_elsewhere", "attachments", "quoted", "agreed"}


def a_book(on, policies=()):
    """Return the policy book of a day with values added by staff: {code, from, value, [basis]}."""
    rows = [
        SimpleNamespace(code=p["code"], valid_from=p["from"], value=POLICIES[p["code"]].unit.clean(p["value"]), basis=p.get("basis", ""))
        for p in policies
    ]
    return PolicyBook(on, rows)


def the_answers(case, *, at=None):
    """Return the answers of a case as the form would have cleaned them; those that no module reads are taken unchanged."""
    partner = a_partner(**case.get("partner", {}))
    pbx = a_pbx(case.get("commitments", ()), **case.get("pbx", {}))
    given = {name: value for name, value in case["answers"].items() if value is not None}
    answers = {name: READ[name](value, case, partner, pbx) if name in READ else value for name, value in given.items()}
    quoted = {fee: Decimal(amount) for fee, amount in case["quoted"].items()} if "quoted" in case else None
    agreed = SimpleNamespace(**case["agreed"] | {"amount": Decimal(case["agreed"]["amount"])}) if "agreed" in case else None
    known = {"consents": case.get("consents"), "attachments": case.get("attachments"), "quoted": quoted, "agreed": agreed}
    return Answers(answers, partner=partner, **known, at=at)
