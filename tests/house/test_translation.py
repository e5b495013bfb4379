"""Translators get every text: makemessages knows the functions by name, and nothing is translated before its reader is known."""

import ast
from functools import cache

from tests.house.files import nodes, product_files, tree

AT_ONCE = {"gettext", "ngettext", "pgettext", "npgettext"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@cache
def imported(path):
    """Return {the name by which a module calls a function of Django's translation: that function's own}."""
    lines = (node for node in nodes(path) if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation")
    return {alias.asname or alias.name: alias.name for line in lines for alias in line.names}


def import_time_calls(node):
    """Yield the calls below a node that run when its module is imported, or its class or function is defined."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, FUNCTIONS):
            given = [*child.args.defaults, *filter(None, child.args.kw_defaults), *getattr(child, "decorator_list", ())]
            yield from import_time_calls(ast.List(elts=given))
        else:
            if isinstance(child, ast.Call) and isinstance(child.func, ast.Name):
                yield child
            yield from import_time_calls(child)


def test_translation_functions_are_known_to_makemessages():
    assert [f"{path}: {name}" for path in product_files() for name, own in imported(path).items() if name not in ("_", own)] == []


def test_no_text_is_translated_at_import_time():
    found = [
        f"{path}:{call.lineno}"
        for path in product_files()
        for call in import_time_calls(tree(path))
        if imported(path).get(call.func.id) in AT_ONCE
    ]
    assert found == []
