"""Small by budget: anything over it is split by noun."""

import ast
import re

from tests.house.files import nodes, python_files, text, tracked

FILE, FUNCTION, TYPE = 300, 40, 120


def test_files_fit_on_a_few_screens():
    long = {path: lines for path in python_files() if (lines := text(path).count("\n")) > FILE}
    assert not long, f"more than {FILE} lines: split them by noun"


def test_each_ticket_type_fits_in_one_small_file():
    rooms = [path for path in python_files() if path.startswith("tickets/types/")]
    assert len(rooms) > 4
    long = {path: lines for path in rooms if (lines := text(path).count("\n")) > TYPE}
    assert not long, f"more than {TYPE} lines: move rules to <app>/rules.py, steps to tickets/steps/, changes to <app>/services.py"


def test_functions_fit_on_a_screen():
    long = {
        f"{path}:{node.lineno} {node.name}": lines
        for path in python_files()
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (lines := node.end_lineno - node.lineno + 1) > FUNCTION
    }
    assert not long, f"more than {FUNCTION} lines: split them"


def test_templates_styles_and_scripts_stay_small():
    long = {path: lines for path in tracked("*.html", "*.css", "*.js") if (lines := text(path).count("\n")) > FILE}
    assert not long, f"more than {FILE} lines: split them by noun"


def test_no_module_has_a_vague_name():
    vague = re.compile(r"(^|/)(utils?|common|helpers?|misc|managers?|handlers?|stuff)(\.py|/)")
    assert [path for path in tracked() if vague.search(path)] == []


def test_no_class_has_a_vague_suffix():
    vague = re.compile(r"(Manager|Helper|Handler|Util|Utils|Processor)$")
    named = [
        f"{path}: {node.name}"
        for path in python_files()
        for node in nodes(path)
        # Django's own name for the class that creates users by address.
        if isinstance(node, ast.ClassDef) and vague.search(node.name) and node.name != "UserManager"
    ]
    assert named == []
