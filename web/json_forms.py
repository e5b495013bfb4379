"""Django forms for API bodies: JSON is bound to the same form as the page uses, and the form is described as JSON Schema."""

import math
import re

from django import forms
from django.core import validators
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from web.number_fields import UNREADABLE, is_plain
from web.problems import Invalid

_NAMED = 20  # unknown fields listed in one response
NO_CHOICE = gettext_lazy("Not a valid choice. Valid choices: %(names)s.")


def bound(form_class, body, **options):
    """Return the valid form of a JSON body (an object). Raise Invalid with {field: [messages]} for anything unusable.

    `options` are passed to the form; the option `files` has uploaded files.
    """
    if not isinstance(body, dict):
        raise Invalid(detail=_("The body must be a JSON object."))
    files, fields = options.get("files") or {}, form_class.base_fields
    errors = unknown(body, fields.keys() - files.keys()) | unknown(files, fields)
    data, unreadable = given(form_class, body)
    errors |= unreadable
    form = form_class(data, **options)
    if not form.is_valid() or errors:
        raise Invalid(Invalid.from_form(form).members.get("errors", {}) | errors)
    return form


def given(form_class, body):
    """Return (form data from a JSON object, by field; {field: [message]} for JSON of the wrong type)."""
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
    """Return {name: [message]} for the unknown names in a body, as ASCII, since a name can contain anything."""
    strange = [name for name in body if name not in known][:_NAMED]
    return {name[:60].encode("ascii", "backslashreplace").decode(): [_("Unknown field.")] for name in strange}


def is_list(field):
    """Return whether a form field takes several values."""
    return getattr(field, "many", False) or isinstance(field, forms.MultipleChoiceField)


def _value(field, value):
    """Return the form data for a JSON value. Raise ValueError with a message for JSON of the wrong type."""
    if value is None:
        if getattr(field, "nullable", False):
            return ""
        raise ValueError(_("Omit the field instead of sending null."))
    if isinstance(field, forms.BooleanField):
        return _truth(value)
    if row_form := getattr(field, "row_form", None):
        return _rows(row_form, value)
    if is_list(field):
        if not isinstance(value, list) or any(map(_is_no_text, value)):
            raise ValueError(_("Send a list of texts."))
        return [_chosen(field, _text(item)) for item in value]
    return _number(value) if isinstance(field, forms.IntegerField) else _chosen(field, _text(value))


def _rows(row_form, value):
    """Return the form data for a list of objects with the fields of `row_form`. Raise ValueError for the first unusable one."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise ValueError(_("Send a list of objects."))
    rows = []
    for row in value:
        if strange := unknown(row, row_form.base_fields):
            raise ValueError(_("Rows have no field %(name)s.") % {"name": next(iter(strange))})
        data, errors = given(row_form, row)
        if errors:
            raise ValueError(" ".join(f"{name}: {reasons[0]}" for name, reasons in errors.items()))
        rows.append(data)
    return rows


def _chosen(field, text):
    """Return the text if the field has it among its choices. Otherwise list them all in the error: programs see no list to choose from."""
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


def _is_no_text(value):
    return isinstance(value, bool | list | dict) or value is None


def _text(value):
    if _is_no_text(value):
        raise ValueError(_("Send text."))
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(_("This number cannot be read."))
    text = str(value)
    # NUL and unpaired surrogates are not characters that a database can store.
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError(_("The text contains invalid characters."))
    return text


def _number(value):
    """Return a number, or the text of one in digits 0 to 9 with a decimal point and nothing around it."""
    text = _text(value)
    if isinstance(value, str) and value and not is_plain(value):
        raise ValueError(UNREADABLE)
    return text


def schema_of(form_class):
    """Return the form as JSON Schema (2020-12): an object with properties and required fields."""
    properties = {name: _schema(field) for name, field in form_class.base_fields.items()}
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    # Fields that accept null are always required: null is not a way to omit them.
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
    if isinstance(field, forms.DecimalField):  # a subclass of IntegerField in Django
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
    """Return the validator's pattern in the syntax of ECMA 262, or None if that cannot express it.

    Python's \\W knows the letters of all scripts; as ECMA 262 it would refuse a Chinese name.
    """
    pattern = validator.regex.pattern
    if validator.inverse_match:  # matches if none of these characters occur
        return f"^[^{pattern[1:]}*$" if re.fullmatch(r"\[[^\]]+\]", pattern) else None
    return None if "\\W" in pattern else pattern


def _choices(field):
    values = [str(value) for value, _label in getattr(field, "choices", ()) if value != "" or not field.required]
    return {"type": "string"} | ({"enum": values} if values else {})
