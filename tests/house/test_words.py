"""The written word: nothing left over in the files, and every public object has a docstring."""

import ast
import re
from functools import cache

import pytest

from tests.house.files import nodes, product_files, python_files, text, tracked, tree

# Split, so that this file passes as well.
LEFT_OVER = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b(?!\w)")
MACHINE = re.compile(r"(?<![\w.{}])/(ho" r"me|Us" r"ers|ro" r"ot|wo" r"rk|mnt|opt)/[\w.-]+")
INDEX = re.compile(
    r"https?://[^\s\"'<>)]*(py" r"pi\.org/simple|/sim" r"ple/|py" r"pi\.python\.org|files\.pythonhosted)|--(extra-)?index" r"-url"
)
# Names of ranges end in one, two or three X.
RANGE_NAMES = re.compile(r"\bX" r"XX \(|'X" r"XX'|\bor X" r"XX\b")
# Classes whose body says it all: what a list shows, what a form asks, what a program reads.
DECLARATIVE = (
    "Admin",
    "Form",
    "Filters",
    "FilterSet",
    "Serializer",
    "Json",
    "Row",
    "Body",
    "Command",
    "Column",
    "QuerySet",
    "Type",
    "TestCase",
    "Transfer",
)


def readable():
    return [path for path in tracked() if not path.endswith((".png", ".ico", ".woff2", ".ttf", ".pdf", "requirements.txt"))]


@cache
def meant(path):
    """Return the text without the names of ranges, which look like something left over."""
    return RANGE_NAMES.sub("", text(path))


@pytest.mark.parametrize("what", [LEFT_OVER, MACHINE, INDEX], ids=["left over", "machine paths", "package indexes"])
def test_files_contain_no_leftovers(what):
    found = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path in readable()
        if what.search(meant(path))
        for number, line in enumerate(meant(path).splitlines(), 1)
        if what.search(line)
    ]
    assert not found, "\n".join(found)


def test_every_module_has_a_docstring():
    silent = [path for path in python_files() if text(path).strip() and not ast.get_docstring(tree(path))]
    assert not silent, "\n".join(silent)


def test_every_public_function_and_class_has_a_docstring():
    """A type of request is described by its module; purely declarative classes by their declarations."""
    silent = [
        f"{path}:{node.lineno} {node.name}"
        for path in product_files()
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and not (isinstance(node, ast.ClassDef) and _declares(node))
    ]
    assert not silent, "\n".join(silent)


def _declares(node):
    bases = [base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in node.bases]
    return any(name.endswith(DECLARATIVE) for name in (node.name, *bases))


def test_no_print_or_breakpoint_is_left():
    left = [
        f"{path}:{node.lineno}"
        for path in product_files()
        if not path.startswith(("config/commands", "config/embedded"))
        for node in nodes(path)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("print", "breakpoint")
    ]
    assert left == []


def eager(node, names):
    """Yield the lines outside functions, which run on import, that call one of these."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.Call) and getattr(child.func, "id", "") in names:
            yield child.lineno
        yield from eager(child, names)


def test_module_level_texts_are_translated_lazily():
    now, found = {"gettext", "ngettext", "pgettext", "npgettext"}, []
    for path in product_files():
        imported = [node for node in nodes(path) if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"]
        names = {alias.asname or alias.name for node in imported for alias in node.names if alias.name in now}
        found += [f"{path}:{line}" for line in eager(tree(path), names)] if names else []
    assert found == []
