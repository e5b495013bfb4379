"""Settings of the sign-in that staff tune as policy values: allauth asks here for every one of its settings.

This module is read while apps are still loading, so it may not import models before it is called.
"""

from django.conf import settings
from django.utils import timezone

LIFETIME = "sign_in.code_lifetime_minutes"
TRIES = "sign_in.code_tries"


def setting(name, default):
    """The value of the allauth setting `name` (ALLAUTH_SETTING_GETTER); the code's lifetime in seconds and its tries as of today."""
    if name in ("ACCOUNT_LOGIN_BY_CODE_TIMEOUT", "ACCOUNT_LOGIN_TIMEOUT"):
        return minutes() * 60
    if name == "ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS":
        return _today(TRIES)
    return getattr(settings, name, default)


def minutes():
    """For how long a mailed code is good, as of today."""
    return _today(LIFETIME)


def _today(code):
    from policies.models import PolicyValue

    book = PolicyValue.objects.book(on=timezone.localdate(), code=code)
    # Nothing below 1 would let anybody in again, not even the one who has to correct the value.
    return max(1, int(book.value(code)))
