"""A form that is sent twice – two clicks, a lost answer, the way back – is done once: the second time leads where the first one led."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseRedirect, UnreadablePostError
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from config.idempotency import begun, digest_of


class SentOnceMiddleware:
    """For the forms of people who are signed in. The name of a form is what it sends: the token of its page, which is drawn anew for each
    page (Django masks it), with the address and all that was filled in.

    What the form does and where it leads are one transaction. A twin that comes meanwhile waits for it at the row's unique key. Kept is
    an answer that leads on and tells no error; whatever else is answered may be tried again with the same form.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not _is_form(request):
            return self.get_response(request)
        name = digest_of(request)
        with transaction.atomic():
            record = begun(request.user, name, name)
            if record.status:
                messages.info(request, _("You have sent this already: it was done once, not again."))
                return HttpResponseRedirect(record.response["location"])
            answer = self.get_response(request)
            if answer.status_code >= 500:
                transaction.set_rollback(True)
            elif isinstance(answer, HttpResponseRedirect) and not _tells_an_error(request):
                record.ends(answer.status_code, {"location": answer.url})
            else:
                record.delete()
            return answer


def _is_form(request):
    """Whether this is a page's form. A part of a page that asks by htmx changes nothing that must not be changed twice."""
    if request.method != "POST" or request.path.startswith("/api/") or "HX-Request" in request.headers:
        return False
    try:
        request.resolver_match = resolve(request.path_info)  # which files are received asks for whom (config/uploads.py)
        return "csrfmiddlewaretoken" in request.POST and request.user.is_authenticated
    except (Resolver404, UnreadablePostError):  # there is nothing at this address, or whoever sent it has gone
        return False


def _tells_an_error(request):
    """Whether the page that the answer leads to will say that something went wrong."""
    return any(message.level >= messages.ERROR for message in request._messages._queued_messages)
