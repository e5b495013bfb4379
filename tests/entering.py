"""Signing a test's client in: one session is made, where Django's client makes an empty one first, reads it back and throws it away."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest


def enter(client, user, backend=None):
    """In place of Client._login, with the same end: the user's session is in the database, its key in the client's cookie."""
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(cookie and cookie.value)
    login(request, user, backend)
    request.session.save()
    client._set_login_cookies(request)
