"""CSV files for partners: no spreadsheet calculates anything that somebody has written into a cell."""

import csv
import re

# A phone number or a range begins with a plus, like a formula, but there is nothing in it to calculate.
NUMBER = re.compile(r"\+[0-9]{3,15}X{0,3}", re.ASCII)


def safe(text):
    """The text for a cell: what begins like a formula is quoted; phone numbers stay readable."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not NUMBER.fullmatch(text) else text


class _Line:
    """Where the csv module writes to: it gives back what it was given."""

    def write(self, text):
        return text


def csv_lines(header, rows):
    """The lines of a CSV file, one by one, for an answer that is streamed."""
    writer = csv.writer(_Line())
    yield writer.writerow(header)
    for row in rows:
        yield writer.writerow(row)


def as_download(answer, name):
    """Name the file of an answer (an HttpResponse) that is downloaded, kept by nobody on the way."""
    answer["Content-Disposition"] = f'attachment; filename="{re.sub(r"[^A-Za-z0-9._-]+", "-", name)}"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
