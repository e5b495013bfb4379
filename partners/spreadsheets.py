"""Lists as CSV files: streamed row by row, and without a formula for whatever program opens them."""

import csv
import re

from django.http import StreamingHttpResponse

# A plus is how a phone number begins, and with digits alone behind it calculates nothing.
PHONE_NUMBER = re.compile(r"\+[0-9][0-9 ]*[Xx]{0,3}", re.ASCII)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


class _Line:
    """A file that hands back what is written to it."""

    def write(self, text):
        return text


def streamed(name, header, rows):
    """The rows (iterables of cells, maybe a generator) under their header as a file to download."""
    writer = csv.writer(_Line())

    def lines():
        yield "\ufeff" + writer.writerow(header)
        for row in rows:
            yield writer.writerow([cell(value) for value in row])

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def cell(value):
    """A value as a cell: a text that begins like a formula is quoted, phone numbers and figures stay as they are."""
    if value is None:
        return ""
    if not isinstance(value, str) or not value.lstrip(" ").startswith(FORMULA) or PHONE_NUMBER.fullmatch(value):
        return value
    return f"'{value}"
