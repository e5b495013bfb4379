"""One-line error messages for logs and terminals."""


def single_line(error):
    """Return the error's message with line breaks replaced by spaces: libpq and mail servers use several lines."""
    return " ".join(str(error).split())
