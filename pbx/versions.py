"""WMS versions as texts that can be compared and matched. Pure."""


def ordered(text):
    """A WMS version to compare: 5.03.20210623.1 is (5, 3, 20210623, 1)."""
    return tuple(int(part) for part in text.split(".") if part.isascii() and part.isdigit())


def fits(version, pattern):
    """Whether a version is meant by a pattern of the policies: itself, its beginning and a star (3.88*, 5.*), or * for any."""
    return version.startswith(pattern[:-1]) if pattern.endswith("*") else version == pattern
