"""The decisions: each is listed once in their index by theme, and every cited number exists."""

import re

from tests.house.files import text, tracked

FOLDER = "docs/decisions/"
LINE = re.compile(r"^- \[(.+)\]\((.+)\)$", re.MULTILINE)
NAMED = re.compile(r"\bdecisions?[ /](\d{4})\b")


def titles():
    """Return {file: its title, with its number}."""
    return {path.removeprefix(FOLDER): text(path).partition("\n")[0] for path in tracked(f"{FOLDER}*.md") if "README" not in path}


def test_index_lists_each_decision_once():
    found = [(file, f"# {title}") for title, file in LINE.findall(text(f"{FOLDER}README.md"))]
    assert sorted(found) == sorted(titles().items())
    assert all(title.startswith(f"# {file[:4]} ") for file, title in titles().items())


def test_cited_decisions_exist():
    numbers = {file[:4] for file in titles()}
    named = {(path, number) for path in tracked("*.py", "*.md", "*.yml", "*.html", "*.js", "*.css") for number in NAMED.findall(text(path))}
    assert len(named) > 10
    assert not [(path, number) for path, number in named if number not in numbers]
