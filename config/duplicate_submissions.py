"""Double submits: a form sent twice – by two clicks, after a lost response, or via Back – is processed once, with the same redirect."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.messages.storage import default_storage
from django.db import DatabaseError, transaction
from django.http import HttpResponse, HttpResponseRedirect, UnreadablePostError
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from config.idempotency import begun, digest_of
from engine.outages import is_overtaken


class DuplicateSubmissionMiddleware:
    """Handles the forms of signed-in people. A form is identified by its address, all of its input, and the CSRF token of its page, which
    differs for every rendering of a page (Django masks it).

    The form's changes and its stored redirect are one transaction. A concurrent duplicate waits for it on the row's unique key. Only
    redirects without an error message are stored; after any other response the same form can be sent again.

    A form that is overtaken, as when somebody takes the same name after it was checked, is rolled back and processed again: its checks
    then find what was done, and its page shows it as it would have a moment later (docs/decisions/0409).
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not _is_form(request):
            return self.get_response(request)
        request.may_be_overtaken = not request.FILES  # storing a file may have moved it away
        try:
            return self.once(request)
        except DatabaseError as error:
            if not (request.may_be_overtaken and is_overtaken(error)):
                raise
        request.may_be_overtaken = False
        request._messages = default_storage(request)  # without the messages that did not come true
        return self.once(request)

    def once(self, request):
        """Return the response to this form, stored together with its changes, or the stored redirect of its first submission."""
        name = digest_of(request)
        with transaction.atomic():
            record = begun(request.user, name, name)
            if record.status:
                messages.info(request, _("You had already sent this form. It was processed only once."))
                return HttpResponseRedirect(record.response["location"])
            answer = self.get_response(request)
            if isinstance(answer, _Overtaken):
                raise answer.error
            if answer.status_code >= 500:
                transaction.set_rollback(True)
            elif isinstance(answer, HttpResponseRedirect) and not _shows_an_error(request):
                record.ends(answer.status_code, {"location": answer.url})
            else:
                record.delete()
            return answer

    def process_exception(self, request, error):
        """Take the errors of overtaken forms; all others become error pages."""
        return _Overtaken(error) if getattr(request, "may_be_overtaken", False) and is_overtaken(error) else None


class _Overtaken(HttpResponse):
    """Stands for the response of a form that is to be processed again."""

    def __init__(self, error):
        super().__init__(status=HTTPStatus.CONFLICT)
        self.error = error


def _is_form(request):
    """Return whether this is a page's form. Partial requests by htmx make no changes that must not happen twice."""
    if request.method != "POST" or request.path.startswith("/api/") or "HX-Request" in request.headers:
        return False
    try:
        request.resolver_match = resolve(request.path_info)  # upload handling depends on the view (config/uploads.py)
        return "csrfmiddlewaretoken" in request.POST and request.user.is_authenticated
    except (Resolver404, UnreadablePostError):  # no such page, or the client has gone
        return False


def _shows_an_error(request):
    """Return whether the page after the redirect will show an error message."""
    return any(message.level >= messages.ERROR for message in request._messages._queued_messages)
