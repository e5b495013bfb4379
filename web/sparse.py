"""Dicts for templates that look up more names than most rows have."""


class Sparse(dict):
    """A dict that yields an empty value for any missing name, however deep a template looks: `sent.reject.text.errors`.

    In a plain dict, a template's lookup of a missing name costs as much as fifteen successful ones.
    """

    def __missing__(self, _name):
        return NOTHING

    def __str__(self):
        return super().__str__() if self else ""


NOTHING = Sparse()
