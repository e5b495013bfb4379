"""Resellers, end users and other partners of a case."""

import datetime

from partners.models import EndUser, Reseller
from tests.cases.facts.base import a_partner


def a_company(model, asked, **values):
    """Return the object that is moved: its address, or {email, since, joined, at_partner} where its age and its owner matter."""
    facts = asked if isinstance(asked, dict) else {"email": asked}
    company = model(email=facts["email"] or "", email_since=late(facts.get("since")), **values)
    company.signs_in_for = values["partner"].pk if facts.get("at_partner") else None
    if facts.get("joined"):
        company.joined_at = late(facts["joined"])
    return company


def late(day):
    return day and datetime.datetime.combine(day, datetime.time(23, 59), datetime.UTC)


READ = {
    "end_user": lambda asked, case, partner, pbx: a_company(EndUser, asked, code="E1", name="Bakery", partner=partner),
    "reseller": lambda asked, case, partner, pbx: a_company(Reseller, asked, code="R1", name="Kiel IT", partner=partner),
    "new_partner": lambda asked, case, partner, pbx: partner if asked == "same" else a_partner(**asked),
}
