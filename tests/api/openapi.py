"""Check that an API response matches the OpenAPI description; done for every response that the tests get."""

import json
import re
from functools import cache

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from jsonschema import Draft202012Validator

PROBLEM = "application/problem+json"


@cache
def description():
    """Return the OpenAPI description, as programs read it."""
    return json.loads(OpenApiJsonRenderer().render(SchemaGenerator().get_schema(request=None, public=True), renderer_context={}))


@cache
def operations_of(path):
    """Return the description of a URL, by method; estate keys may contain a slash, numbers and codes do not."""
    paths = description()["paths"].items()
    for variable in ("[^/]+", ".+"):
        for described, operations in paths:
            if re.fullmatch(re.sub(r"{\w+}", variable, described), path):
                return operations
    return {}


@cache
def schema_of(method, path, status, media_type):
    """Return the JSON Schema of a response with the components it refers to. Raises KeyError if it is not described."""
    operations = operations_of(path)
    if method in operations:
        answers = operations[method]["responses"]
        content = (answers.get(str(status)) or answers["default" if status >= 400 else str(status)])["content"]
        schema = content[media_type].get("schema", {})
    else:
        assert status in (404, 405), f"{method} {path} is not described"
        schema = {"$ref": "#/components/schemas/Problem"}
    return schema | {"components": description()["components"]}


@cache
def validator_of(*answer):
    return Draft202012Validator(schema_of(*answer), format_checker=Draft202012Validator.FORMAT_CHECKER)


def as_described(answer):
    """Return the response, if its status, media type and JSON are as described."""
    request = answer.wsgi_request
    media_type = answer["Content-Type"].partition(";")[0]
    if "json" in media_type and request.method in ("GET", "POST"):
        assert answer.status_code < 400 or media_type == PROBLEM
        wrong = list(validator_of(request.method.lower(), request.path, answer.status_code, media_type).iter_errors(answer.json()))
        assert not wrong, f"{request.method} {request.path} {answer.status_code}: {wrong[0].json_path} {wrong[0].message}"
    return answer
