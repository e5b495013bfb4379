"""Strict parsing of JSON bodies (RFC 8259): anything that two programs could read differently is refused."""

import json

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

DIGITS = 30  # longer whole numbers have no meaning here, and are slow to parse


class StrictJSONParser(BaseParser):
    """UTF-8 JSON within the memory limit, with unique names; NaN and infinity are left for the fields to refuse."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        # The request's own body respects the memory limit (DATA_UPLOAD_MAX_MEMORY_SIZE); the stream does not.
        raw = parser_context["request"]._request.body
        try:
            return json.loads(raw.decode("utf-8"), parse_int=_whole, object_pairs_hook=_once)
        except UnicodeDecodeError:
            raise ParseError(_("The body is not UTF-8.")) from None
        except RecursionError:
            raise ParseError(_("The body is nested too deeply.")) from None
        except ValueError as error:
            raise ParseError(_("The body is not valid JSON: %(error)s") % {"error": error}) from None


def _whole(digits):
    return int(digits) if len(digits) <= DIGITS else float("inf")


def _once(pairs):
    names = dict(pairs)
    if len(names) < len(pairs):
        raise ValueError("duplicate name in an object")
    return names
