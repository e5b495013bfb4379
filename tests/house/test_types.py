"""Every type of request is complete."""

import ast
import re

import pytest
from django import forms

from policies.catalog import POLICIES
from policies.rulebook import RULES
from tests.house.files import ROOT, nodes, product_files, text, tracked, tree
from tickets.base import TicketForm, TicketType
from tickets.fields import PartnerField
from tickets.models import Event
from tickets.types import TYPES

TOPICS = {"CLASSOUND", "HWaaS", "PBX/Licences", "Company", "Billing", "Orders", "any"}
# Fields whose label says enough need no help text; surprising ones do.
OBVIOUS = (forms.ChoiceField, forms.BooleanField, forms.DateField, PartnerField)
every_type = pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES)


@every_type
def test_type_has_title_description_and_topic(kind):
    assert re.fullmatch(r"[a-z][a-z_]{2,39}", kind.code)
    for name, least in (("title", 5), ("description", 30), ("expected", 10), ("action", 4)):
        said = str(getattr(kind, name))
        assert len(said) >= least and said == said.strip() and said[0].isupper(), (name, said)
    assert kind.topic in TOPICS, f"{kind.topic} is none of {sorted(TOPICS)}"
    assert f'id="{kind.icon}"' in text("static/img/icons.svg"), f"no icon is called {kind.icon}"


@every_type
def test_rules_and_fees_of_a_type_exist(kind):
    assert kind.rules and "GEN-1" in kind.rules
    assert [rule for rule in kind.rules if rule not in RULES] == [], "policies/rulebook/ has no such rules"
    assert [fee for fee in kind.fees if fee not in POLICIES] == [], "policies/catalog/ has no such values"
    assert bool(kind.fees) <= ("GEN-3" in kind.rules), "a type with fees names GEN-3 in its rules"


@every_type
def test_rules_cited_in_code_are_declared(kind):
    room = f"tickets/types/{kind.code}.py"
    cited = set(re.findall(r'"((?:GEN|DID|HW|ORD|ORG|COM|LIC|XB|BIL)-\d+)"', text(room)))
    missing = (cited | {POLICIES[fee].rule for fee in kind.fees}) - set(kind.rules)
    assert missing == set(), "name these in its rules"


@every_type
def test_type_has_its_module_and_cases(kind):
    room, cases = f"tickets/types/{kind.code}.py", f"tests/cases/{kind.code}.yaml"
    assert room in tracked("tickets/types/*.py"), f"{room} is not there, or not tracked yet: git add"
    assert (ROOT / cases).is_file(), f"{cases} is missing"
    assert "FAQ" in tree(room).body[0].value.value, "its first line names the question of the FAQ"


@every_type
def test_form_fields_have_labels_and_limits(kind):
    assert issubclass(kind.form, TicketForm)
    for name, field in kind.form.base_fields.items():
        assert str(field.label or "").strip(), f"{name} has no label"
        assert str(field.label)[0].isupper(), f"{name}: {field.label}"
        if isinstance(field, forms.CharField) and not isinstance(field, OBVIOUS):
            assert field.max_length, f"{name} is endless"
        reason = "asks the database where forms are only described, and its answer is no JSON; a text, checked in clean_…, does"
        assert not isinstance(field, forms.ModelChoiceField), f"{name} {reason}"
        assert not isinstance(field.widget, forms.Textarea) or hasattr(field, "has_language"), f"{name} is no ProseField and no NamesField"
    for name, field in kind.form(partner=None).fields.items():
        assert not isinstance(field.widget, forms.Textarea) or "maxlength" not in field.widget.attrs, f"{name} cuts off what is pasted"


@every_type
def test_type_has_milestones(kind):
    kinds = set(Event.Kind.values)
    assert len(kind.milestones) >= 2 and kind.milestones[0].kind == "submitted"
    one_by_one = type(kind).steps is not TicketType.steps
    if one_by_one and type(kind).track is TicketType.track:
        assert kind.milestones is not TicketType.milestones, "it would be told as done before its steps: name their stations in milestones"
    for station in kind.milestones:
        assert str(station.title) and station.kind in kinds


def calls(*names):
    """Yield (place, call) of every call of one of these functions, in types and their steps."""
    for path in product_files():
        for node in nodes(path) if path.startswith("tickets/") else ():
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names:
                yield f"{path}:{node.lineno}", node


def test_moment_of_every_fee_occurs():
    texts = {arg.value for _place, call in calls("done", "waits") for arg in call.args[1:] if isinstance(arg, ast.Constant)}
    told = [(place, by.value) for place, call in calls("fee") for by in call.keywords if by.arg == "moment"]
    fees = [(place, value.value) for place, value in told if isinstance(value, ast.Constant)]
    assert fees
    never = [(place, moment) for place, moment in fees if moment not in texts | {"executed"}]
    assert never == [], "no done(…) or waits(…) names this moment: the fee would never be posted"


def test_fee_per_item_is_stated_as_such():
    counted = {place.partition(":")[0] for place, call in calls("fee") for by in call.keywords if by.arg == "count"}
    silent = [code for code, kind in TYPES.items() if f"tickets/types/{code}.py" in counted and not kind.price_note]
    assert silent == [], "before anything is chosen the form tells the fee of one: say in price_note that it is for each"


def test_list_of_types_is_complete():
    rooms = {path.rpartition("/")[2].removesuffix(".py") for path in tracked("tickets/types/*.py")} - {"__init__"}
    assert rooms ^ set(TYPES) == set(), "files of tickets/types without an entry in TYPES, or entries whose file is not tracked (git add)"
