"""How much is tried: everything in CI (CI=true), a fair share of it every day, so that the everyday suite stays under two minutes."""

import os

THOROUGH = os.environ.get("CI") == "true"


def share(items, of=3):
    """All of the items in CI, else one in `of`, always the same ones."""
    items = tuple(items)
    return items if THOROUGH else items[::of]


def tries(many):
    """How many examples Hypothesis makes up: all of them in CI, a third of them every day."""
    return many if THOROUGH else many // 3
