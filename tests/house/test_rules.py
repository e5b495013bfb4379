"""Every rule of the rulebook is proved: by cases in which it is silent, speaks and is on its boundary, or where it is at home."""

import re

from knowledge.articles import articles
from policies.rulebook import RULES
from tests.cases.test_cases import FILES, speaks_of
from tests.house.files import ROOT, product_files, text

# Rules that are not judged on requests: why, and the tests that name them.
ELSEWHERE = {
    "BIL-4": ("a figure by version and year", "tests/cases/policies/lifetime_support_by_year.yaml"),
    "BIL-7": ("computed from monthly results", "tests/billing/test_bonus.py"),
    "BIL-8": ("said on the account and on invoices", "tests/billing/test_payment.py"),
    "BIL-9": ("pages and downloads", "tests/billing/test_documents.py"),
    "COM-6": ("a renewal by the clock", "tests/pbx/test_renewal.py"),
    "DID-7": ("expected times, shown", "tests/classound/test_lead_times.py"),
    "DID-11": ("a count on the page of a PBX", "tests/classound/test_counts.py"),
    "DID-12": ("a count on the page of a PBX", "tests/classound/test_counts.py"),
    "HW-6": ("derived in the import, set in the admin site", "tests/hwaas/test_billing.py"),
    "HW-7": ("shown with the devices", "tests/hwaas/test_billing.py"),
    "GEN-6": ("asked once a request is solved", "tests/tickets/test_satisfaction.py"),
    "LIC-6": ("a finding on the page of a PBX, and in the admin site", "tests/pbx/test_network_rules.py"),
    "LIC-9": ("a report", "tests/pbx/test_reports.py"),
    "LIC-10": ("a finding on the page of a PBX", "tests/pbx/test_network_rules.py"),
    "ORG-2": ("signing in", "tests/access/test_sign_in.py"),
    "ORG-3": ("pages of a company", "tests/company/test_rules.py"),
    "SLA-1": ("support hours, reckoned with", "tests/sla/test_business_time.py"),
    **{f"SLA-{n}": ("clocks of tickets", "tests/sla/test_clocks.py") for n in range(2, 7)},
    "SLA-7": ("notices at the desk", "tests/sla/test_sweeps.py"),
    "SLA-8": ("closed by the worker", "tests/sla/test_sweeps.py"),
}
# Rules that say what there is not, or what to do: nothing to compute, an article tells it.
TOLD = {"GEN-5", "DID-15", "DID-18", "HW-5", "LIC-1"}


def proofs(code):
    """What the case files prove of a rule, over all types of request."""
    about = [(file, case) for file in FILES.values() for case in file["cases"] if code in case["about"]]
    spoken = {speaks_of(code, file, case, day) for file, case in about for day in case["days"]}
    boundary = any(case.get("boundary") or len({tuple(sorted(said)) for said in case["days"].values()}) > 1 for _file, case in about)
    speaks, silent = {"speaks"} if True in spoken else set(), {"silent"} if False in spoken else set()
    return speaks | silent | ({"boundary"} if boundary else set())


def test_every_rule_is_proved():
    missing = {code: sorted({"speaks", "silent", "boundary"} - proofs(code)) for code in RULES}
    listed = set(ELSEWHERE) | TOLD
    assert {code: what for code, what in missing.items() if what and code not in listed} == {}
    assert [code for code in sorted(listed) if not missing[code]] == [], "they have their cases by now: take them off the lists"
    assert len(listed) == len(ELSEWHERE) + len(TOLD), "a rule is on one list"


def test_what_is_proved_elsewhere_is_named_there():
    named = {code: (ROOT / path).is_file() and re.search(rf"\b{code}\b", text(path)) for code, (_why, path) in ELSEWHERE.items()}
    assert [code for code, found in named.items() if not found] == []


def test_what_is_only_told_has_its_article():
    told = {code for article in articles().values() for code in article.rules}
    assert TOLD - told == set()


def test_what_is_only_told_is_judged_nowhere():
    """A finding about such a rule means that there is something to compute, and its cases with it."""
    finding = re.compile(r'Finding\(\s*"([A-Z]+-[0-9]+)"')
    found = {code for path in product_files() for code in finding.findall(text(path))}
    assert found & TOLD == set()
