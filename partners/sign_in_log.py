"""Log of authentication events: who signed in or was refused, and from where (OWASP ASVS 5, 16.3.1). It contains no user input."""

import logging

from allauth.account.adapter import get_adapter
from allauth.account.signals import login_code_rejected
from allauth.mfa.signals import authentication_failed
from django.dispatch import receiver

from partners.users import User

log = logging.getLogger("careline.sign_in")


def log_event(what, request, user=None):
    """Log in one line `what` happened to a user, identified by its id, or to someone unknown."""
    log.info("%s: %s, from %s", what, f"user {user.pk}" if user else "nobody known", get_adapter().get_client_ip(request))


def log_event_for_address(what, request, address):
    """Log the same for the user with this address. It is always looked up, so that response times reveal nothing about accounts."""
    log_event(what, request, User.objects.filter(email=address.strip().lower()).only("pk").first())


@receiver(login_code_rejected)
def wrong_code(sender, request, user, **_more):
    """Log an e-mailed code that was not the latest one."""
    log_event("wrong code", request, user)


@receiver(authentication_failed)
def wrong_code_of_the_app(sender, request, user, **_more):
    """Log a wrong code from an authenticator app, or a wrong recovery code."""
    log_event("wrong code of the app", request, user)
