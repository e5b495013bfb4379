"""Resellers, end users and other partners of a case."""

from partners.models import EndUser, Reseller
from tests.cases.facts.base import a_partner

READ = {
    "end_user": lambda asked, case, partner, pbx: EndUser(code="E1", name="Bakery", partner=partner, email=asked or ""),
    "reseller": lambda asked, case, partner, pbx: Reseller(code="R1", name="Kiel IT", partner=partner, email=asked or ""),
    "new_partner": lambda asked, case, partner, pbx: partner if asked == "same" else a_partner(**asked),
}
