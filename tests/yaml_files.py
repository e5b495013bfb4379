"""Cases and texts stored as YAML."""

import yaml

# libyaml if PyYAML was built with it: the same rows in a fifth of the time, which every worker spends before its first test.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path):
    """Return the contents of a file."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 - both are safe
