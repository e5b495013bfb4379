"""The compose file passes on what the README promises, and no image contains secrets or backups."""

import re
from importlib import metadata

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from config.commands import ROOT


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_setting_in_the_readme_reaches_the_containers():
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', text("config/settings.py")))
    promised = read & set(re.findall(r"`([A-Z_]+)(?:=[^`]*)?`", text("README.md")))
    handed_on = yaml.safe_load(text("docker-compose.yml"))["x-careline"]["environment"]
    assert len(promised) > 10 and promised - {"DATA_DIR", "PORT"} <= set(handed_on)


def test_secrets_and_backups_stay_out_of_images_and_git():
    assert {".env", "backup", "csv"} <= set(text(".dockerignore").split())
    assert {"/.env", "/backup/", "/csv/"} <= set(text(".gitignore").split())


def test_runtime_does_not_depend_on_packages_left_out_of_the_image():
    runs, left_out = (
        set(re.findall(r"^[A-Za-z][\w-]*", part, re.MULTILINE)) for part in text("requirements.in").split("# Embedded services")
    )
    needed, todo = set(), {canonicalize_name(name) for name in runs}
    while todo:
        needed.add(name := todo.pop())
        asked = (Requirement(line) for line in metadata.requires(name) or [])
        todo |= {canonicalize_name(one.name) for one in asked if one.marker is None or one.marker.evaluate({"extra": ""})} - needed
    assert len(needed) > len(runs) > 20 and not needed & {canonicalize_name(name) for name in left_out}
    assert "# Embedded services" in text("Dockerfile")
