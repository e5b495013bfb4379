"""What an error says, in one line of a log or a terminal."""


def in_a_line(error):
    """The error's words with its line breaks as spaces: libpq and mail servers say things in several lines."""
    return " ".join(str(error).split())
