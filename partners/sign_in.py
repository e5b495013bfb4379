"""Authentication of people: address and password, then a code by e-mail or from their authenticator app. Rules: ORG-2."""

import base64
import hashlib

import qrcode
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.signals import password_changed, password_reset
from allauth.account.utils import user_pk_to_url_str
from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import user_logged_in
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from engine.prepared_queries import Parameter, PreparedQuery
from partners import account_emails, sessions, sign_in_log, user_agents
from partners.email_parts import account_email, build_email
from partners.users import User


class ActivePeople(AuthenticationBackend):
    """Authenticate active users only. The right password for a closed account gets the same answer as a wrong one."""

    def authenticate(self, request, **credentials):
        user = super().authenticate(request, **credentials)
        # allauth remembers inactive users to redirect them to a separate page, which would confirm the password.
        self.unstash_authenticated_user()
        return user

    def get_user(self, user_id):
        """Return the user with the partner, which nearly every page reads; None if inactive or deleted."""
        return _active.first(pk=user_id)


_active = PreparedQuery(lambda: User.objects.select_related("partner").filter(pk=Parameter("pk"), is_active=True), by_key=True)


class SignIn(DefaultAccountAdapter):
    """allauth's hooks: no sign-up, rate-limited codes, and no e-mailed code for users with an authenticator app."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The e-mail address or password is incorrect."),
        "too_many_login_attempts": _("Too many failed attempts. Wait a few minutes and try again."),
        "incorrect_code": _("This code is incorrect. Enter the latest one, or request a new one."),
    }

    def pre_authenticate(self, request, **credentials):
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            sign_in_log.log_event_for_address("too many attempts", request, credentials.get("email", ""))
            raise

    def authentication_failed(self, request, **credentials):
        sign_in_log.log_event_for_address("wrong password", request, credentials.get("email", ""))

    def post_login(self, request, user, **how):
        sign_in_log.log_event("signed in", request, user)
        return super().post_login(request, user, **how)

    def is_open_for_signup(self, request):
        return False

    def pre_login(self, request, user, **kwargs):
        if not ratelimit.consume(request, action="send_code", key=f"code:{user.pk}"):
            raise ImmediateHttpResponse(ratelimit.respond_429(request))
        return super().pre_login(request, user, **kwargs)

    def _get_login_attempts_cache_key(self, request, **credentials):
        # allauth's key contains the Host header, whose port an attacker can choose freely to get a separate count for each.
        return credentials.get("email", "").lower()

    def respond_user_inactive(self, request, user):
        # Only reached by someone deactivated during sign-in, or while setting a password.
        return redirect("account_login")

    def set_password(self, user, password):
        """Save the password only (allauth saves the whole user as it was read), and only while the user has access (decision 0419)."""
        user.set_password(password)
        if not User.objects.filter(pk=user.pk, is_active=True).update(password=user.password):
            raise ImmediateHttpResponse(self.respond_user_inactive(self.request, user))

    def is_login_by_code_required(self, login):
        return not is_mfa_enabled(login.user, [Authenticator.Type.TOTP]) and super().is_login_by_code_required(login)

    def get_password_change_redirect_url(self, request):
        return reverse("home")

    def render_mail(self, template_prefix, email, context, headers=None):
        plain = super().render_mail(template_prefix, email, context, headers)
        return build_email(plain.subject, plain.body, email, headers=plain.extra_headers)

    def send_mail(self, template_prefix, email, context):
        about = {"request": self.request, "email": email, "new_password": settings.SITE_URL + reverse("account_reset_password")}
        context = about | context
        try:
            has_left = account_emails.send(self.render_mail(template_prefix, email, context), what=template_prefix)
        except OSError as error:
            account_emails.not_sent(template_prefix, error)
            raise ImmediateHttpResponse(render(self.request, "account/email_unavailable.html", status=503))
        if not has_left:
            messages.warning(self.request, _("Our e-mail server is slow at the moment. Your e-mail will arrive with a delay."))

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        sign_in_log.log_event(
            template_prefix.rpartition("/")[2].replace("_", " "), self.request, user
        )  # "password changed", "totp activated"
        context = (context or {}) | {"person": user, "browser": user_agents.in_words(self.request.META.get("HTTP_USER_AGENT", ""))}
        if template_prefix == "account/email/password_reset":
            kept = tokens_kept(user, now=timezone.now())
            self.request.session["tokens_kept"] = kept  # for the next page, where nobody is signed in
            context |= kept
        # The event has already happened; the page must not fail because the mail server does.
        try:
            super().send_notification_mail(template_prefix, user, context, email)
        except ImmediateHttpResponse:
            return


class AuthenticatorApp(DefaultMFAAdapter):
    """Encrypt authenticator seeds and recovery codes with the secret key, so that a stolen database dump is not enough."""

    def build_totp_svg(self, url):
        # White background in dark mode too: cameras read dark on light.
        return qrcode.make(url, image_factory=SvgPathFillImage).to_string().decode()

    def encrypt(self, text):
        return _vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        try:
            return _vault().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # The secret key was changed without adding the old one to SECRET_KEY_FALLBACKS: no code is valid any longer.
            return base64.b32encode(hashlib.sha256(encrypted_text.encode()).digest()).decode()


@receiver(user_logged_in)
def remember_where(sender, request, **_more):
    """Store in the session the details shown in the user's list of sessions."""
    request.session["since"] = timezone.now().isoformat()
    request.session["browser"] = user_agents.in_words(request.META.get("HTTP_USER_AGENT", ""))


@receiver([password_changed, password_reset, authenticator_added, authenticator_removed])
def end_other_sessions(sender, request, user, **_more):
    """End all other sessions when credentials change: the reason may be that someone else had access."""
    sessions.end(user, but=request.session.session_key)


def password_link(user):
    """Return the single-use URL where this user can set a password within PASSWORD_RESET_TIMEOUT."""
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    return settings.SITE_URL + path.replace("UID-KEY", f"{user_pk_to_url_str(user)}-{token}")


def tokens_kept(user, *, now):
    """Return the API tokens that survive a password reset, for the page and the e-mail about it: their names and the page to revoke them.

    Programs keep working, as with other services: a user who forgot a password has not lost the tokens (docs/decisions/0194).
    """
    names = [token.name or f"{token.created_at:%Y-%m-%d}" for token in user.api_tokens.valid(at=now)]
    return {"tokens": names, "tokens_url": settings.SITE_URL + reverse(f"{user.area}:tokens")}


def password_mail(user, kind):
    """Return the e-mail with a link to set a password. `kind`: "invitation" for new staff, "password_reset_key" on request."""
    days = settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)
    return account_email(kind, user.email, {"user": user, "link": password_link(user), "days": days}, button=_("Choose a password"))


def _vault():
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"authenticator:" + key.encode()).digest())) for key in keys])
