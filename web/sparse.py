"""Rows for templates that name more than most rows have."""


class Sparse(dict):
    """A dict that is empty at every name it lacks, however far a template asks on: `sent.reject.text.errors`.

    A name that is missing in a plain dict costs a template as much as fifteen that are there.
    """

    def __missing__(self, _name):
        return NOTHING

    def __str__(self):
        return super().__str__() if self else ""


NOTHING = Sparse()
