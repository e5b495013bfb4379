"""Error responses of the API: `application/problem+json` (RFC 9457)."""

from http import HTTPStatus

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as FormError
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.response import Response

from engine.outages import is_overtaken

MEDIA_TYPE = "application/problem+json"
PLAIN = "about:blank"
# Replacements for messages of the framework.
WHAT_TO_DO = {
    exceptions.NotAuthenticated: gettext_lazy("Authenticate with a token in the header “Authorization: Token …”."),
    exceptions.NotAcceptable: gettext_lazy("Responses are application/json. Accept that type, or omit the Accept header."),
    exceptions.Throttled: gettext_lazy("Too many calls. Wait for the number of seconds in Retry-After."),
}


class Problem(exceptions.APIException):
    """An error response: its status, detail and kind, and additional members.

    `kind` is for programs ("denied") and becomes the type urn:careline:denied; without one the status is sufficient.
    """

    def __init__(self, status, detail, *, kind="", **members):
        super().__init__(detail)
        self.status_code, self.kind, self.members = status, kind, members


class Invalid(Problem):
    """An unusable body or query: {field: [messages]}; errors that concern no single field are under ""."""

    def __init__(self, errors=None, detail=""):
        members = {"errors": errors} if errors else {}
        super().__init__(400, detail or _("Some fields are invalid."), kind="invalid", **members)

    @classmethod
    def from_form(cls, form):
        """Return the errors of an invalid form."""
        return cls({"" if name == "__all__" else name: list(errors) for name, errors in form.errors.items()})

    @classmethod
    def from_error(cls, error, field=""):
        """Return a ValidationError of a form or service; it concerns `field` unless it names its own."""
        return cls(error.message_dict if hasattr(error, "error_dict") else {field: error.messages})


def body(status, detail, *, kind="", **members):
    """Return a problem as JSON: type, title, status, detail and further members."""
    name = f"urn:careline:{kind}" if kind else PLAIN
    return {"type": name, "title": HTTPStatus(status).phrase, "status": status, "detail": str(detail), **members}


def response(status, detail, *, kind="", **members):
    """Return a problem as Django's own response, for use before any API view is called."""
    return JsonResponse(body(status, detail, kind=kind, **members), status=status, content_type=MEDIA_TYPE)


def answer(exception, context):
    """Return the Response for an exception of an API view, or None for an internal error, which becomes a 500 with a reference."""
    error = _known(exception, context)
    if error is None:
        return None
    if isinstance(error, Problem):
        data = body(error.status_code, error.detail, kind=error.kind, **error.members)
    elif isinstance(error, exceptions.ValidationError):
        data = body(400, _("Some fields are invalid."), kind="invalid", errors=_by_field(error.detail))
    else:
        data = body(error.status_code, error.detail, kind="invalid" if error.status_code == 400 else "")
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait) + 1)
    return Response(data, status=error.status_code, headers=headers, content_type=MEDIA_TYPE)


def _known(exception, context):
    if isinstance(exception, Http404):
        return exceptions.NotFound(_("Not found."))
    if isinstance(exception, exceptions.UnsupportedMediaType):
        takes = context["view"].get_parsers()[0].media_type
        exception.detail = _("Send the body as %(type)s, with a matching Content-Type.") % {"type": takes}
    if type(exception) in WHAT_TO_DO:
        exception.detail = WHAT_TO_DO[type(exception)]
    if isinstance(exception, PermissionDenied | PermissionError):
        return exceptions.PermissionDenied(str(exception) or None)
    if isinstance(exception, FormError):
        return Invalid.from_error(exception)
    if isinstance(exception, RequestDataTooBig):
        return Problem(413, _("The body is too large."))
    if is_overtaken(exception):
        return Problem(409, _("Somebody else has just changed what this call relies on. Nothing was done. Send it again."), kind="not-now")
    return exception if isinstance(exception, exceptions.APIException) else None


def _by_field(detail):
    """Return DRF's error detail, {field: [messages]}, as texts."""
    return {_written(name): [_written(message) for message in messages] for name, messages in detail.items()}


def _written(text):
    """Return the text as valid UTF-8: error messages may quote input that has unpaired surrogates."""
    return str(text).encode("utf-8", "backslashreplace").decode()
