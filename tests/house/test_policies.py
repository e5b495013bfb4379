"""Every value that code reads is declared, and every declared one is read."""

import ast
import re

from policies.catalog import POLICIES
from policies.rulebook import RULES
from tests.house.files import nodes, product_files, text

READERS = {"value", "cite", "dated", "fee"}
DECLARING = ("policies/catalog/", "policies/rulebook/")


def strings():
    """Yield every string in the product's code, outside the modules that declare values."""
    for path in product_files():
        if not path.startswith(DECLARING):
            yield from (node.value for node in nodes(path) if isinstance(node, ast.Constant) and isinstance(node.value, str))


def read_directly():
    """Yield (place, code) of every string that is passed to a reader of the policy book."""
    for path in product_files():
        for node in nodes(path):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in READERS:
                for argument in node.args:
                    if (
                        isinstance(argument, ast.Constant)
                        and isinstance(argument.value, str)
                        and re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", argument.value)
                    ):
                        yield f"{path}:{node.lineno}", argument.value


def test_policy_values_read_by_code_are_declared():
    found = dict(read_directly())
    assert len(found) > 10
    assert {place: code for place, code in found.items() if code not in POLICIES} == {}, "policies/catalog/ declares no such values"


def test_declared_policy_values_are_read():
    assert set(POLICIES) - set(strings()) == set(), "no tracked file reads these (git add, if one does)"


def test_rule_sentences_name_exactly_their_policy_values():
    unnamed = [(entry.rule, entry.code) for entry in POLICIES.values() if entry.code not in RULES[entry.rule].policies]
    assert unnamed == [], "the sentence of the rule says the value, by its code in braces"
    assert {(rule.code, code) for rule in RULES.values() for code in rule.policies if code not in POLICIES} == set(), "no such values"


def test_findings_cite_existing_rules():
    cited = {
        (path, node.args[0].value)
        for path in product_files()
        for node in nodes(path)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding" and node.args and isinstance(node.args[0], ast.Constant)
    }
    assert len(cited) > 5
    assert {(path, rule) for path, rule in cited if rule not in RULES} == set(), "policies/rulebook/ has no such rules"


def test_installation_specific_values_are_declared_as_assumed():
    told = re.findall(r"`((?:issuer|sign_in|rma)\.[a-z_]+)`", text("docs/operating.md"))
    issuer = {code for code in POLICIES if code.startswith("issuer.")}
    assert issuer <= set(told), "else invoices name nobody who exists"
    assert [code for code in told if not POLICIES[code].assumed] == []


def test_rules_read_no_clock():
    """Time is an argument: only edges (views, tasks, commands) read the clock."""
    pure = [path for path in product_files() if path.endswith("rules.py") or path.startswith(("tickets/types/", "policies/book"))]
    assert len(pure) > 4
    clock = re.compile(r"timezone\.now|date\.today|datetime\.now|utcnow|time\.time\(|localdate")
    assert [path for path in pure if clock.search(text(path))] == []


def test_services_read_no_clock():
    services = [
        path
        for path in product_files()
        if "/services" in path and path.startswith(("tickets/", "billing/", "pbx/", "hwaas/", "classound/"))
    ]
    clock = re.compile(r"timezone\.now|date\.today|datetime\.now|utcnow|localdate")
    assert [path for path in services if clock.search(text(path))] == []
