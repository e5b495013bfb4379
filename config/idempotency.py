"""Idempotency: a POST sent twice is processed once; the first response is stored under its Idempotency-Key and repeated."""

import hashlib
import re

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException

from engine.outages import is_busy
from engine.prepared_inserts import PreparedInsert
from partners.api import TokenAuthentication
from tickets.models import IdempotencyRecord
from web.problems import response

KEY = re.compile(r"[\x20-\x7e]{1,200}")
PATIENCE = "10s"  # how long a call waits for an identical one in progress
KEPT_HEADERS = ("Location",)

_begin = PreparedInsert(IdempotencyRecord, once=True)


class IdempotencyMiddleware:
    """Handles POSTs of the API with an Idempotency-Key; keys are per user.

    The call's changes and its stored response are one transaction, so that neither exists without the other. Stored are responses
    that would be the same again: success (2xx) and denied by the policies (422). Others leave no trace.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        key = request.headers.get("Idempotency-Key")
        if key is None or request.method != "POST" or not request.path.startswith("/api/"):
            return self.get_response(request)
        if not KEY.fullmatch(key):
            return response(400, _("An Idempotency-Key must have 1 to 200 printable ASCII characters."), kind="invalid")
        user = caller(request)
        if user is None:
            return self.get_response(request)
        try:
            digest = digest_of(request)
        except RequestDataTooBig:
            return response(413, _("The body is too large."))
        return self.once(request, user, key, digest)

    def once(self, request, user, key, digest):
        """Return the first response for this key, or the response of this call, stored together with its changes."""
        with transaction.atomic():
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
                    record = begun(user, key, digest)
                    cursor.execute("SET LOCAL lock_timeout = DEFAULT")
            except OperationalError as error:
                if not is_busy(error):
                    raise
                transaction.set_rollback(True)
                return response(409, _("The first call with this Idempotency-Key is still in progress."), kind="in-progress")
            if record.status:
                return replay(record, digest)
            answer = self.get_response(request)
            if answer.streaming or not (200 <= answer.status_code < 300 or answer.status_code == 422):
                transaction.set_rollback(True)
                return answer
            record.ends(answer.status_code, kept(answer))
            return answer


def caller(request):
    """Return the user of the call's token or session, or None; the view then reports the problem."""
    try:
        found = TokenAuthentication().authenticate(request)
    except APIException:
        return None
    if found:
        return found[0]
    return request.user if request.user.is_authenticated else None


def begun(user, key, digest):
    """Create the record for this key, waiting for any concurrent call with it. An existing record has its `status`."""
    record = _begin(IdempotencyRecord(user=user, key=key, body_digest=digest, created_at=timezone.now()))
    return record if record.pk else IdempotencyRecord.objects.get(user=user, key=key)


def digest_of(request):
    """Return the SHA-256 of address and body; for uploads, of the parts, since their boundary differs each time."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type != "multipart/form-data":
        digest.update(request.body)
        return digest.hexdigest()
    for name, values in sorted(request.POST.lists()):
        digest.update(repr((name, values)).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(repr((name, file.name, file.size)).encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()


def kept(answer):
    """Return the stored form of a response: its text, and the headers that matter."""
    headers = {name: answer[name] for name in ("Content-Type", *KEPT_HEADERS) if name in answer}
    return {"text": answer.content.decode(), "headers": headers}


def replay(record, digest):
    """Return the first response again, or 409 for a different call with the same key."""
    if record.body_digest != digest:
        detail = _("This Idempotency-Key was used for a different call. Use a new key for each call.")
        return response(409, detail, kind="key-used")
    answer = HttpResponse(record.response["text"], status=record.status, headers=record.response["headers"])
    answer["Idempotency-Replayed"] = "true"
    return answer
