"""The files of the repository, as the house tests read them."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    "config",
    "estate",
    "desk",
    "inbound",
    "webhooks",
    "tickets",
    "classound",
    "hwaas",
    "pbx",
    "billing",
    "knowledge",
    "partners",
    "web",
    "engine",
    "policies",
)


@cache
def tracked(*patterns):
    """Return the paths of the existing tracked files (relative to the root); without git, of all files outside hidden folders and var/."""
    try:
        found = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split(
            "\0"
        )
    except (OSError, subprocess.CalledProcessError):
        every = (str(path.relative_to(ROOT)) for pattern in patterns or ("*",) for path in ROOT.rglob(pattern))
        found = [path for path in every if not path.startswith((".", "var/"))]
    return [path for path in found if path and (ROOT / path).is_file()]


def python_files():
    """Return all handwritten Python files; migrations are written by Django."""
    return [path for path in tracked("*.py") if "/migrations/" not in path]


def product_files():
    """Return the Python files of the product itself."""
    return [path for path in python_files() if path.startswith(APPS)]


@cache
def text(path):
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tree(path):
    return ast.parse(text(path))


@cache
def nodes(path):
    """Return all nodes in the tree of a file, walked once for all callers."""
    return tuple(ast.walk(tree(path)))
