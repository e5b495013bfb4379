"""The same POST sent twice happens once: the first answer is kept under its Idempotency-Key and given again."""

import hashlib
import re

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException

from partners.api import TokenAuthentication
from tickets.models import IdempotencyRecord
from web.problems import response

KEY = re.compile(r"[\x20-\x7e]{1,200}")
PATIENCE = "10s"  # how long a call waits for its twin that is still under way
KEPT_HEADERS = ("Location",)


class IdempotencyMiddleware:
    """For POSTs of the API with an Idempotency-Key, by a user's key.

    The call, whatever it changes, and its kept answer are one transaction, so that none is ever there without the others.
    Kept are answers that would be the same again: done (2xx) and denied by the policies (422). Others leave no trace.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        key = request.headers.get("Idempotency-Key")
        if key is None or request.method != "POST" or not request.path.startswith("/api/"):
            return self.get_response(request)
        if not KEY.fullmatch(key):
            return response(400, _("An Idempotency-Key has 1 to 200 printable ASCII characters."), kind="invalid")
        user = caller(request)
        if user is None:
            return self.get_response(request)
        try:
            digest = digest_of(request)
        except RequestDataTooBig:
            return response(413, _("The body is too large."))
        return self.once(request, user, key, digest)

    def once(self, request, user, key, digest):
        """The first answer of this key, or the answer of the call, kept with what the call changed."""
        with transaction.atomic():
            if not wait_for_twin(user, key):
                transaction.set_rollback(True)
                return response(409, _("The first call with this Idempotency-Key is still under way."), kind="in-progress")
            if record := IdempotencyRecord.objects.filter(user=user, key=key).first():
                return again(record, digest)
            answer = self.get_response(request)
            if answer.streaming or not (200 <= answer.status_code < 300 or answer.status_code == 422):
                transaction.set_rollback(True)
                return answer
            IdempotencyRecord.objects.create(
                user=user,
                key=key,
                body_digest=digest,
                status=answer.status_code,
                response=kept(answer),
                created_at=timezone.now(),
            )
            return answer


def caller(request):
    """The user of the call's token or session, or None; the view then says what is wrong with it."""
    try:
        found = TokenAuthentication().authenticate(request)
    except APIException:
        return None
    if found:
        return found[0]
    return request.user if request.user.is_authenticated else None


def wait_for_twin(user, key):
    """Hold the key until the transaction ends; False when another call has held it for too long."""
    name = int.from_bytes(hashlib.sha256(f"{user.pk}:{key}".encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [name])
                cursor.execute("SET LOCAL lock_timeout = DEFAULT")
        except OperationalError:
            return False
    return True


def digest_of(request):
    """SHA-256 of what is asked: address and body; of a body with files its parts, because their boundary is different each time."""
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
    """The answer as it is kept: its very text, and the headers that say something about it."""
    headers = {name: answer[name] for name in ("Content-Type", *KEPT_HEADERS) if name in answer}
    return {"text": answer.content.decode(), "headers": headers}


def again(record, digest):
    """The first answer once more, or 409 for another call with the same key."""
    if record.body_digest != digest:
        detail = _("This Idempotency-Key was used for another call. Use a new key for a new call.")
        return response(409, detail, kind="key-used")
    answer = HttpResponse(record.response["text"], status=record.status, headers=record.response["headers"])
    answer["Idempotency-Replayed"] = "true"
    return answer
