"""Sign-in settings that staff maintain as policy values. allauth reads all its settings through this module.

This module is imported while apps are still loading, so models may only be imported inside its functions.
"""

from django.conf import settings
from django.utils import timezone

LIFETIME = "sign_in.code_lifetime_minutes"
TRIES = "sign_in.code_tries"


def setting(name, default):
    """Return the allauth setting `name` (ALLAUTH_SETTING_GETTER). The code's lifetime (in seconds) and allowed attempts are today's."""
    if name in ("ACCOUNT_LOGIN_BY_CODE_TIMEOUT", "ACCOUNT_LOGIN_TIMEOUT"):
        return minutes() * 60
    if name == "ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS":
        return _today(TRIES)
    return getattr(settings, name, default)


def minutes():
    """Return the lifetime of an e-mailed code in minutes, as of today."""
    return _today(LIFETIME)


def _today(code):
    from policies.models import PolicyValue

    book = PolicyValue.objects.book(on=timezone.localdate(), code=code)
    # A value below 1 would lock everyone out, including the administrator who has to correct it.
    return max(1, int(book.value(code)))
