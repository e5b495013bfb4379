"""The compose file hands on what the README promises, and no image takes secrets or backups along."""

import re

import yaml

from config.commands import ROOT


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_setting_of_the_readme_reaches_the_containers():
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', text("config/settings.py")))
    promised = read & set(re.findall(r"`([A-Z_]+)(?:=[^`]*)?`", text("README.md")))
    handed_on = yaml.safe_load(text("docker-compose.yml"))["x-careline"]["environment"]
    assert len(promised) > 10 and promised - {"DATA_DIR", "PORT"} <= set(handed_on)


def test_what_operators_write_beside_the_code_stays_out_of_images_and_history():
    assert {".env", "backup"} <= set(text(".dockerignore").split())
    assert {"/.env", "/backup/"} <= set(text(".gitignore").split())
