"""How much is tested: everything in CI (CI=true), a fixed share of it every day, to keep the everyday suite under two minutes."""

import os

THOROUGH = os.environ.get("CI") == "true"


def share(items, of=3):
    """Return all items in CI, otherwise one in `of`, always the same ones."""
    items = tuple(items)
    return items if THOROUGH else items[::of]


def tries(many):
    """Return the number of examples that Hypothesis generates: all in CI, a third otherwise."""
    return many if THOROUGH else many // 3
