"""What happens at the door, in the log: who came in or was kept out, from where (OWASP ASVS 5, 16.3.1). Nothing that was typed is in it."""

import logging

from allauth.account.adapter import get_adapter
from allauth.account.signals import login_code_rejected
from allauth.mfa.signals import authentication_failed
from django.dispatch import receiver

from partners.users import User

log = logging.getLogger("careline.door")


def tell(what, request, user=None):
    """One line: `what` happened to the user, by its number, or to somebody whom nobody knows."""
    log.info("%s: %s, from %s", what, f"user {user.pk}" if user else "nobody known", get_adapter().get_client_ip(request))


def tell_of_address(what, request, address):
    """The same, of whoever has the address that was typed. It is looked up either way, so that the time of an answer tells nothing."""
    tell(what, request, User.objects.filter(email=address.strip().lower()).only("pk").first())


@receiver(login_code_rejected)
def wrong_code(sender, request, user, **_more):
    """A mailed code that was not the newest one."""
    tell("wrong code", request, user)


@receiver(authentication_failed)
def wrong_code_of_the_app(sender, request, user, **_more):
    """A code of an authenticator app, or one to recover it, that does not fit."""
    tell("wrong code of the app", request, user)
