"""Django forms as the API's bodies: JSON binds the same form as the page, and the form describes itself as JSON Schema."""

import math
import re

from django import forms
from django.core import validators
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from web.number_fields import UNREADABLE, is_plain
from web.problems import Invalid

_NAMED = 20  # unknown fields named in one answer
NO_CHOICE = gettext_lazy("There is no such choice. There are: %(names)s.")


def bound(form_class, body, **options):
    """The valid form of a JSON body (an object). Raises Invalid with {field: [messages]} for whatever cannot be used.

    `options` go to the form. Files come as the option `files`.
    """
    if not isinstance(body, dict):
        raise Invalid(detail=_("The body has to be a JSON object."))
    files, fields = options.get("files") or {}, form_class.base_fields
    errors = unknown(body, fields.keys() - files.keys()) | unknown(files, fields)
    data, unreadable = given(form_class, body)
    errors |= unreadable
    form = form_class(data, **options)
    if not form.is_valid() or errors:
        raise Invalid(Invalid.from_form(form).members.get("errors", {}) | errors)
    return form


def given(form_class, body):
    """(what a form of this class reads of a JSON object, by field; {field: [message]} for JSON of the wrong kind)."""
    data, errors = {}, {}
    for name, field in form_class.base_fields.items():
        if name not in body:
            continue
        try:
            data[name] = _value(field, body[name])
        except ValueError as error:
            errors[name] = [str(error)]
    return data, errors


def unknown(body, known):
    """{name: [message]} for the names of a body that are not known; as ASCII, because a name can hold anything."""
    strange = [name for name in body if name not in known][:_NAMED]
    return {name[:60].encode("ascii", "backslashreplace").decode(): [_("There is no such field.")] for name in strange}


def is_list(field):
    """Whether a form field takes several values."""
    return getattr(field, "many", False) or isinstance(field, forms.MultipleChoiceField)


def _value(field, value):
    """What the form field reads. Raises ValueError with a sentence for JSON of the wrong kind."""
    if value is None:
        if getattr(field, "nullable", False):
            return ""
        raise ValueError(_("Leave the field out instead of sending null."))
    if isinstance(field, forms.BooleanField):
        return _truth(value)
    if row_form := getattr(field, "row_form", None):
        return _rows(row_form, value)
    if is_list(field):
        if not isinstance(value, list):
            raise ValueError(_("Send a list."))
        return [_chosen(field, _text(item)) for item in value]
    return _number(value) if isinstance(field, forms.IntegerField) else _chosen(field, _text(value))


def _rows(row_form, value):
    """A list of objects, each in the fields of the row's form. Raises ValueError for the first that cannot be used."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise ValueError(_("Send a list of objects."))
    rows = []
    for row in value:
        if strange := unknown(row, row_form.base_fields):
            raise ValueError(_("There is no field %(name)s in a row.") % {"name": next(iter(strange))})
        data, errors = given(row_form, row)
        if errors:
            raise ValueError(" ".join(f"{name}: {reasons[0]}" for name, reasons in errors.items()))
        rows.append(data)
    return rows


def _chosen(field, text):
    """The text, if the field has it among its choices: a program has no list to choose from, so a wrong one is answered with them all."""
    choices = () if hasattr(field, "json_schema") else _choices(field).get("enum", ())
    if text and choices and text not in choices:
        raise ValueError(NO_CHOICE % {"names": ", ".join(filter(None, choices))})
    return text


def _truth(value):
    truths = {"true": True, "on": True, "false": False}
    if isinstance(value, str) and value in truths:
        return truths[value]
    if not isinstance(value, bool):
        raise ValueError(_("Send true or false."))
    return value


def _text(value):
    if isinstance(value, bool | list | dict) or value is None:
        raise ValueError(_("Send text."))
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(_("This is not a number we can read."))
    text = str(value)
    # NUL and halves of surrogate pairs are no characters that a database can keep.
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError(_("The text has characters that are none."))
    return text


def _number(value):
    """A number, or the text of one in the digits 0 to 9 with a point for the decimals, without anything around it."""
    text = _text(value)
    if isinstance(value, str) and value and not is_plain(value):
        raise ValueError(UNREADABLE)
    return text


def schema_of(form_class):
    """The form as JSON Schema (2020-12): an object with its properties and which of them are required."""
    properties = {name: _schema(field) for name, field in form_class.base_fields.items()}
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    # What takes null is said in any case: null is no way of leaving it out.
    required = [name for name, field in form_class.base_fields.items() if field.required or getattr(field, "nullable", False)]
    return schema | ({"required": required} if required else {})


def _schema(field):
    schema = _shape(field) | {"title": str(field.label or "")}
    return schema | ({"description": str(field.help_text)} if field.help_text else {})


def _shape(field):
    if hasattr(field, "json_schema"):
        shape = dict(field.json_schema)
        return {"minLength": 1} | shape if field.required and shape["type"] == "string" else shape
    if isinstance(field, forms.BooleanField):
        return {"type": "boolean"} | ({"const": True} if field.required else {})
    if is_list(field):
        return {"type": "array", "items": _choices(field), "minItems": 1 if field.required else 0}
    if isinstance(field, forms.FileField):
        return {"type": "string", "format": "binary"}
    if isinstance(field, forms.DateField):
        return {"type": "string", "format": "date"}
    if isinstance(field, forms.DecimalField):  # for Django a kind of whole number
        return _bounds(field, {"type": ["string", "number"], "pattern": rf"^[0-9]+(\.[0-9]{{1,{field.decimal_places}}})?$"})
    if isinstance(field, forms.IntegerField):
        return _bounds(field, {"type": "integer"})
    return _text_shape(field)


def _bounds(field, schema):
    limits = {"minimum": field.min_value, "maximum": field.max_value}
    return schema | {name: limit for name, limit in limits.items() if limit is not None}


def _text_shape(field):
    schema = _choices(field)
    if isinstance(field, forms.EmailField):
        schema["format"] = "email"
    if getattr(field, "max_length", None):
        schema["maxLength"] = field.max_length
    least = getattr(field, "min_length", None) or (1 if field.required and "enum" not in schema else None)
    if least:
        schema["minLength"] = least
    patterns = [pattern for v in field.validators if type(v) is validators.RegexValidator and (pattern := _pattern_of(v))]
    return schema | ({"pattern": patterns[0] if field.required else f"^$|{patterns[0]}"} if patterns else {})


def _pattern_of(validator):
    """What a text has to match, as ECMA 262 reads patterns, or None where that cannot say it.

    Python's \\W knows the letters of all scripts; read as ECMA 262 it would refuse a name in Chinese.
    """
    pattern = validator.regex.pattern
    if validator.inverse_match:  # none of these characters
        return f"^[^{pattern[1:]}*$" if re.fullmatch(r"\[[^\]]+\]", pattern) else None
    return None if "\\W" in pattern else pattern


def _choices(field):
    values = [str(value) for value, _label in getattr(field, "choices", ()) if value != "" or not field.required]
    return {"type": "string"} | ({"enum": values} if values else {})
