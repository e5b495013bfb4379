"""Comparing and matching WMS versions. Pure."""


def version_key(text):
    """Return a WMS version as a comparable tuple: 5.03.20210623.1 is (5, 3, 20210623, 1)."""
    return tuple(int(part) for part in text.split(".") if part.isascii() and part.isdigit())


def matches(version, pattern):
    """Return whether a version matches a policy pattern: the version itself, a prefix with a star (3.88*, 5.*), or * for any."""
    return version.startswith(pattern[:-1]) if pattern.endswith("*") else version == pattern
